"""JUnit XML as its readers take it: valid, counted right, each case once, and broken never green."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from hostile_texts import HOSTILE, texts, with_text
from runs_by_hand import finding, recorded, unexplained, well, whole_run
from serverful.finding import Run, Trouble
from serverful.record.v1 import RunV1
from serverful.report.junit import to_junit
from serverful.report.text import harmless
from snapshots import agrees_with_snapshot

SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMA)


def said(record: RunV1) -> str:
    text = "".join(to_junit(record))
    schema().validate(text)
    return text


def cases(record: RunV1) -> dict[str, TestCase]:
    """The cases as a reader of that format finds them, by class and name."""
    found = [case for suite in JUnitXml.fromstring(said(record).encode("utf-8")) for case in suite]
    assert len({(case.classname, case.name) for case in found}) == len(found)
    return {f"{case.classname} {case.name}": case for case in found}


def test_the_whole_run() -> None:
    agrees_with_snapshot(said(recorded(whole_run())), "whole_run.junit.xml")


def test_every_outcome_is_what_readers_call_it() -> None:
    found = cases(recorded(whole_run()))
    outcomes = {name: type(case.result[0]) if case.result else None for name, case in found.items()}
    private = "A function in a VPC reaches something private there"
    assert outcomes == {
        "stock.SLS_RUN_1 stock/main.tf:7: Everything could be read and judged": Error,
        f"calm.SLS_VPC_1 aws_lambda_function.well: {private}": None,
        f"shop.SLS_VPC_1 aws_lambda_function.low: {private}": Failure,
        f"shop.SLS_VPC_1 aws_lambda_function.second: {private}": Failure,
        f"shop.SLS_VPC_1 aws_lambda_function.first: {private}": Failure,
        "shop.SLS_IP_1 aws_lambda_function.out: A NAT gateway serves an internet destination": Failure,
        f"shop.SLS_VPC_1 aws_lambda_function.ledger: {private}": Skipped,
        f"shop.SLS_VPC_1 aws_lambda_function.open: {private}": Skipped,
        f"shop.SLS_VPC_1 aws_lambda_function.known: {private}": Skipped,
        f"shop.SLS_VPC_1 aws_lambda_function.skipped: {private}": Skipped,
    }


def test_a_failure_carries_its_evidence_and_its_severity() -> None:
    first = next(case for name, case in cases(recorded(whole_run())).items() if "function.first" in name)
    (failure,) = first.result
    assert (failure.type, failure.message) == ("MEDIUM", "MEDIUM: Nothing here says why it is in a VPC.")
    assert failure.text.splitlines() == [
        "MEDIUM SLS_VPC_1 failed: A function in a VPC reaches something private there",
        "aws_lambda_function.first · shop/main.tf:3",
        "Nothing here says why it is in a VPC.",
        "What was seen:",
        "  is attached to a VPC · aws_lambda_function.a · shop/main.tf:3",
        "Looked at, and not found:",
        "  a rule to a database",
        "Better: leave the VPC.",
        "If there is a reason: record it with an owner and an end date. The lines to paste come from",
        "  serverful reason aws_lambda_function.first --feature vpc --category … --until … --owner …",
        "Read on: serverful explain SLS_VPC_1",
    ]


def test_what_is_skipped_says_why_in_both_places_that_readers_show() -> None:
    skipped = {
        case.name.partition(":")[0].rpartition(".")[2]: case.result[0] for case in cases(recorded(whole_run())).values() if case.is_skipped
    }
    assert {name: (result.type, result.message) for name, result in skipped.items()} == {
        "ledger": (
            "justified",
            "Justified: relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31, tag at shop/main.tf:44)",
        ),
        "open": ("undecided", "Undecided: Its environment comes from outside. Would decide it: var.environment (shop/main.tf:21)"),
        "known": ("baseline", "In the baseline: Nothing here says why it is in a VPC."),
        "skipped": ("skipped", r"Skipped by a comment, without owner or end date: for now\x1b[2J"),
    }
    assert all(result.text == result.message for result in skipped.values())


def test_counts_are_those_of_the_cases() -> None:
    root = ElementTree.fromstring(said(recorded(whole_run())))
    of_all: Counter[str] = Counter()
    for suite in root:
        found = Counter("tests" if part is None else part.tag for case in suite.iter("testcase") for part in (None, *case))
        for attribute, tag in (("tests", "tests"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == found[tag], suite.attrib
            of_all[attribute] += found[tag]
    assert {name: int(root.attrib[name]) for name in ("tests", "failures", "errors")} == {
        name: of_all[name] for name in ("tests", "failures", "errors")
    }
    assert of_all == {"tests": 10, "failures": 4, "errors": 1, "skipped": 4}


@pytest.mark.parametrize(
    "run",
    [
        whole_run(),
        Run(policies=4),
        Run(roots=["shop"]),
        Run(
            [finding("a", well())],
            roots=["shop"],
            policies=1,
            troubles=[Trouble(".", "It broke.", "It means.", "Mend it.", policy="SLS_IP_1")],
        ),
    ],
)
def test_broken_is_never_green(run: Run) -> None:
    record = recorded(run)
    assert record.decision.exit_code == 2
    found = cases(record)
    assert any(isinstance(result, Error) for case in found.values() for result in case.result)
    assert not any(name.startswith("serverful.SLS_RUN_1") and not case.result for name, case in found.items())


def test_a_clean_run_has_a_case_that_passed() -> None:
    """Jenkins takes a report without any case for a broken one."""
    for run in (Run([finding("a", well())], roots=["shop"], policies=1, functions=1), Run(roots=["shop"], policies=1)):
        found = cases(recorded(run))
        assert found["serverful.SLS_RUN_1 Everything could be read and judged"].result == []
        assert all(case.result == [] for case in found.values())


def test_a_case_that_is_there_twice_has_two_names() -> None:
    found = cases(recorded(Run([finding("a", unexplained()), finding("a", well())], roots=["shop"], policies=1)))
    assert [name.rpartition(" ")[2] for name in found if "function.a" in name] == ["there", "(2)"]


def test_trouble_with_one_policy_names_it() -> None:
    trouble = Trouble("shop", "It raised.", "It means.", "Mend it.", "shop/main.tf", 3, "SLS_IP_1", "aws_lambda_function.a")
    (case,) = cases(recorded(Run(troubles=[trouble], roots=["shop"], policies=1))).values()
    assert case.result[0].text.splitlines() == [
        "shop/main.tf:3: SLS_IP_1 of aws_lambda_function.a: It raised.",
        "What it means: It means.",
        "How to mend it: Mend it.",
        "Read on: serverful explain SLS_RUN_1",
    ]


def shape(text: str) -> list[str]:
    return [element.tag for element in ElementTree.fromstring(text.encode("utf-8")).iter()]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    record = recorded(whole_run())
    assert shape(said(with_text(record, text))) == shape(said(with_text(record, "harmless")))


@given(texts)
def test_any_text_can_be_read_again(text: str) -> None:
    record = with_text(replace(recorded(whole_run()), findings=recorded(whole_run()).findings[:1]), text)
    written = "".join(to_junit(record))
    (failure,) = ElementTree.fromstring(written.encode("utf-8")).iter("failure")
    shown = harmless(text).replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")
    assert failure.text is not None and failure.text.splitlines()[0] == f"LOW {shown} failed: {shown}"
    assert all(character == "\n" or character.isprintable() or not character.isascii() for character in written)
