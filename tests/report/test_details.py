"""The lines of a finding: what is, what it means, what would be better, how to go on."""

from __future__ import annotations

from dataclasses import replace

from estates_by_hand import place, unknown
from runs_by_hand import (
    asks_for_destinations,
    asks_for_private_things,
    contradicted,
    finding,
    justified,
    open_question,
    told,
    unexplained,
    well,
)
from serverful.evidence.costs.cost import cost, hourly
from serverful.evidence.evidence import Evidence
from serverful.finding import Finding
from serverful.record.made import finding_of, page_of
from serverful.report.details import said_of
from serverful.verdict import failed


def test_an_unexplained_failure_says_all_it_has() -> None:
    assert told(finding("a", unexplained())) == [
        "Nothing here says why it is in a VPC.",
        "What was seen:",
        "  is attached to a VPC · aws_lambda_function.a · shop/main.tf:3",
        "Looked at, and not found:",
        "  a rule to a database",
        "Better: leave the VPC.",
        "If there is a reason: record it with an owner and an end date. The lines to paste come from",
        "  serverful reason aws_lambda_function.a --feature vpc --category … --until … --owner …",
        "Read on: serverful explain SLS_VPC_1",
    ]


def test_what_it_costs_stands_between_what_is_and_what_would_be_better() -> None:
    made = cost([hourly("aws_eip.out", "the public address aws_eip.out", "public_ipv4_hour", (1, "address"))])
    lines = told(replace(finding("a", unexplained()), cost=made))
    at = lines.index(
        "What it costs: at least 3.65 USD a month at list price in us-east-1 (as of 2026-02-01): 3.65 for the public address aws_eip.out."
    )
    assert lines[at + 1] == "Better: leave the VPC."


def test_a_contradiction_is_answered_by_its_own_id_only() -> None:
    lines = told(finding("a", contradicted(), asked=asks_for_destinations))
    assert "If it has to stay: only a reason that names SLS_IP_1 answers this. The lines to paste come from" in lines
    assert "  serverful reason aws_lambda_function.a --feature SLS_IP_1 --category … --until … --owner …" in lines


def test_a_better_recommendation_of_the_case_wins() -> None:
    verdict = replace(unexplained(), instead="Move the one call into a second function.")
    assert "Better: Move the one call into a second function." in told(finding("a", verdict))


def test_an_address_with_quotes_can_be_pasted_into_a_shell() -> None:
    address = 'aws_lambda_function.a["it\'s"]'
    lines = told(Finding(asks_for_private_things, address, place(address), unexplained()))
    assert any("""'aws_lambda_function.a["it'"'"'s"]'""" in line for line in lines)


def test_the_last_line_leads_to_the_page() -> None:
    policy = replace(asks_for_private_things, file="/clone/policies/network/asks_for_private_things.py")
    made = replace(finding("a", unexplained()), policy=policy)
    assert told(made)[-1] == "Read on: serverful explain SLS_VPC_1"
    hosted = "https://example.com/serverful/policies/"
    assert told(made, page_of(policy, hosted))[-1] == "Read on: https://example.com/serverful/policies/network/asks_for_private_things.md"
    assert page_of(policy, hosted.rstrip("/")) == page_of(policy, hosted)


def test_passed_says_why_and_asks_for_nothing() -> None:
    assert told(finding("a", well())) == [
        "It reaches a database.",
        "Because:",
        "  a rule to the database · aws_db_instance.orders · shop/db.tf:2",
    ]


def test_justified_says_whose_reason_until_when_and_where() -> None:
    lines = told(finding("ledger", justified()))
    assert "relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31, tag at shop/main.tf:44)" in lines
    assert not any(line.startswith("Better") for line in lines)


def test_undecided_names_what_is_decided_elsewhere() -> None:
    lines = told(finding("b", open_question()))
    assert lines[lines.index("Decided outside this root:") + 1] == "  var.environment (shop/main.tf:21)"


def test_a_skip_is_shown_as_one() -> None:
    assert "Skipped by a comment, without owner or end date: agreed" in told(finding("a", unexplained(), skipped="agreed"))
    assert "Skipped by a comment, without owner or end date: no reason given" in told(finding("a", unexplained(), skipped=""))


def test_untrusted_text_is_harmless_wherever_it_stands() -> None:
    bad = "\x1b[31m\u202e\n"
    at = place(f"aws_lambda_function.{bad}", f"{bad}.tf")
    verdict = failed(bad, Evidence(bad, at), missed=(bad,), instead=bad)
    lines = told(Finding(asks_for_private_things, at.address, at, replace(verdict, unknown=(unknown(bad, at),)), bad))
    assert len(lines) > 8
    assert all(line.isprintable() for line in lines)


def test_a_name_keeps_its_own_letters() -> None:
    seen = Evidence("x", place("aws_lambda_function.a"))
    assert told(finding("a", failed("aws_lambda_function.a leads nowhere", seen)))[0] == "aws_lambda_function.a leads nowhere."


def test_one_line_names_whom_it_is_about_once() -> None:
    assert said_of(finding_of(finding("a", unexplained()))) == "aws_lambda_function.a: Nothing here says why it is in a VPC."
    verdict = replace(unexplained(), says="aws_lambda_function.a is in a VPC")
    assert said_of(finding_of(finding("a", verdict))) == "aws_lambda_function.a is in a VPC."


def test_one_line_names_the_root_where_the_file_does_not() -> None:
    made = finding("a", unexplained())
    shared = replace(made, place=replace(made.place, file="modules/function/main.tf"))
    assert said_of(finding_of(shared)) == "aws_lambda_function.a of shop: Nothing here says why it is in a VPC."
