"""The report reads as a colleague's review does: the verdict, the worst first, then what is answered, then the numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from estates_by_hand import place
from runs_by_hand import TODAY, finding, open_question, unexplained, well, whole_run
from serverful.baseline import Baseline, begun
from serverful.estate.settings import Settings
from serverful.evidence.reasons import RecordedReason
from serverful.finding import Note, Run
from serverful.gate import decide
from serverful.policy import Severity
from serverful.report.console import to_console
from serverful.report.json_v1 import to_json
from serverful.report.page import Page

SGR = re.compile(r"\x1b\[[0-9;]*m")


def said(run: Run, **options: object) -> str:
    return to_console(run, decide(run, Severity.MEDIUM), **options)  # type: ignore[arg-type]


def test_the_order_of_telling() -> None:
    text = said(whole_run())
    marks = [
        "We could not do all of our work: 1 trouble, named below. Of what could be judged: 4 findings (1 HIGH, 2 MEDIUM, 1 LOW). "
        "1 thing below was seen, but not read.",
        "\nshop\n",
        "HIGH  SLS_IP_1 failed: A NAT gateway serves an internet destination",
        "aws_lambda_function.out  shop/main.tf:90",
        "NAT gateway · aws_nat_gateway.out · shop/net.tf:9",
        "MEDIUM  SLS_VPC_1 failed: A function in a VPC reaches something private there",
        "aws_lambda_function.first  shop/main.tf:3",
        "aws_lambda_function.second  shop/main.tf:50",
        "LOW  SLS_VPC_1",
        "Justified by a recorded reason",
        "aws_lambda_function.ledger  shop/main.tf:40",
        "relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31, tag at",
        "shop/main.tf:44)",
        "Undecided",
        "Would decide it: var.environment (shop/main.tf:21)\n",
        "Skipped by a comment, without owner or end date",
        "for now\\x1b[2J",
        "Trouble: what we could not do",
        "stock/main.tf:7",
        "The file cannot be parsed. Its functions were not judged. Mend line 7.",
        "Seen, not read",
        "legacy (terragrunt.hcl): Terragrunt is not read",
        "2 policies looked at 8 functions in 3 roots: 4 findings (1 HIGH, 2 MEDIUM, 1 LOW), "
        "1 justified, 1 undecided, 1 skipped, 1 passed, 1 trouble.",
    ]
    position = 0
    for mark in marks:
        found = text.find(mark, position)
        assert found >= 0, f"{mark!r} is missing after {text[:position][-80:]!r} in\n{text}"
        position = found + len(mark)


def test_a_root_where_everything_passed_is_not_named() -> None:
    assert "\ncalm\n" not in said(whole_run())


def test_the_verdict_line_says_what_the_gate_does() -> None:
    def first(*verdicts: object, **more: object) -> str:
        run = Run([finding(str(n), v) for n, v in enumerate(verdicts)], roots=["shop"], policies=1, **more)  # type: ignore[arg-type]
        return said(run).splitlines()[0]

    assert first(unexplained(), functions=1) == "1 finding (1 MEDIUM). The gate is shut: 1 finding at MEDIUM or above."
    assert first(unexplained(Severity.LOW), functions=1) == "1 finding (1 LOW). The gate is open: no findings at MEDIUM or above."
    assert first(well(), functions=1) == "Clean: no findings in 1 function."
    assert first(well(), open_question(), functions=1) == "Clean: no findings in 1 function; 1 question undecided, named below."
    assert first() == "Clean: no Lambda function in 1 root, so there was nothing to ask."
    assert first(unread=["module.api"]) == (
        "Nothing judged: no Lambda function in 1 root, so there was nothing to ask; what was not read may hold some. "
        "1 thing below was seen, but not read."
    )


def test_nothing_judged_is_said_first() -> None:
    assert said(Run(policies=4)).splitlines()[0] == "We could not do our work: no Terraform was read, so nothing was judged."


def test_no_control_character_reaches_a_terminal() -> None:
    run = whole_run()
    hostile = "evil\x1b]0;title\x07\u202e"
    run.roots[1:1] = [hostile]
    run.findings.append(finding(hostile, unexplained(), root=hostile))
    run.unread.append(hostile)
    plain = said(run)
    assert all(character == "\n" or character.isprintable() for character in plain)
    assert "evil\\x1b]0;title\\x07\\u202e" in plain
    painted = SGR.sub("", said(run, painted=True))
    assert all(character == "\n" or character.isprintable() for character in painted)


def test_paint_changes_no_word() -> None:
    painted = said(whole_run(), painted=True)
    assert painted != said(whole_run())
    assert SGR.sub("", painted) == said(whole_run())


def test_square_brackets_are_no_markup() -> None:
    run = Run([finding('a["[red]x[/red]"]', unexplained())], roots=["shop"], functions=1, policies=1)
    assert 'aws_lambda_function.a["[red]x[/red]"]' in SGR.sub("", said(run, painted=True))


def test_paragraphs_keep_to_the_width_and_commands_stay_whole() -> None:
    lines = said(whole_run(), width=60).splitlines()
    command = [line for line in lines if line.lstrip().startswith("serverful reason ")]
    assert command and all("--owner" in line for line in command)
    prose = [line for line in lines if "nothing here says why" in line or "Looked at" in line]
    assert prose and all(len(line) <= 60 for line in prose)


def test_what_stands_in_backticks_is_not_broken() -> None:
    page = Page(40)
    page.text("Record why. The lines to paste come from `serverful reason a --category b` and nowhere else.")
    assert page.plain().splitlines() == [
        "Record why. The lines to paste come from",
        "`serverful reason a --category b` and",
        "nowhere else.",
    ]


def test_same_run_same_text() -> None:
    assert said(whole_run()) == said(whole_run())
    once, twice = (to_json(whole_run(), decide(whole_run(), None), fail_on=None, today=TODAY, tool_version="1") for _ in range(2))
    assert once == twice


def test_settings_and_what_counts_for_nothing_in_them() -> None:
    settings = Settings(file=".serverful.yaml\x1b[2J", pages_url="https://docs.example.com")
    notes = [Note("the reason for `*\x1b[31m` matches nothing.", ".serverful.yaml", 7), Note("does not count.", "shop/.serverful.yaml")]
    text = said(Run([finding("a", unexplained())], roots=["shop"], functions=1, policies=1, notes=notes, settings=settings))
    assert "  .serverful.yaml:7 the reason for `*\\x1b[31m` matches nothing.\n  shop/.serverful.yaml does not count.\n" in text
    assert "\nSettings: .serverful.yaml\\x1b[2J\n1 policy looked at" in text
    assert "Read on: https://docs.example.com/" in text and "serverful explain" not in text
    assert "Settings:" not in said(whole_run()) and "Notes" not in said(whole_run())


def test_a_reason_of_the_settings_says_where_it_stands() -> None:
    at = place("reasons[0]", ".serverful.yaml", 12)
    reason = RecordedReason("vpc", "cache", date(2027, 3, 31), "shop", "", at, "settings")
    text = said(Run([finding("a", unexplained().justified_by(reason))], roots=["shop"], functions=1, policies=1))
    assert "cache (owner shop, until 2027-03-31, settings at .serverful.yaml:12)" in text


def test_what_passed_is_told_when_asked_for() -> None:
    quiet, told = said(whole_run()), said(whole_run(), verbose=True)
    assert "aws_lambda_function.well" not in quiet and "\ncalm\n" not in quiet
    passed = told[told.index("\ncalm\n") : told.index("\nshop\n")]
    assert [line.strip() for line in passed.strip().splitlines()[2:]] == [
        "Passed",
        "SLS_VPC_1  aws_lambda_function.well  calm/main.tf:1",
        "It reaches a database.",
        "Because:",
        "a rule to the database · aws_db_instance.orders · shop/db.tf:2",
    ]


def test_what_the_baseline_knows_is_folded_into_a_line_for_each_policy() -> None:
    run = replace(begun(replace(whole_run(), troubles=[])), baseline=Baseline((), "old\x1b[2J.json"))
    text = said(run)
    assert text.startswith("Clean: no findings in 8 functions, besides 4 in the baseline; 1 question undecided, named below.")
    assert (
        "\nKnown since the baseline: 4 findings\n"
        "  SLS_IP_1  1 HIGH  A NAT gateway serves an internet destination\n"
        "  SLS_VPC_1  2 MEDIUM, 1 LOW  A function in a VPC reaches something private there\n\n"
    ) in text
    assert "aws_lambda_function.first" not in text
    assert "\nBaseline: old\\x1b[2J.json\n2 policies looked at 8 functions in 3 roots: no findings, 4 in the baseline, 1 justified," in text
    new = replace(run, findings=[*run.findings, finding("new", unexplained())])
    assert said(new).startswith("1 finding (1 MEDIUM). The gate is shut: 1 finding at MEDIUM or above, besides 4 in the baseline.")
    troubled = replace(new, troubles=whole_run().troubles)
    assert "Of what could be judged: 1 finding (1 MEDIUM), besides 4 in the baseline." in said(troubled).splitlines()[0]
    assert "baseline" not in said(whole_run()).lower()


def test_where_each_of_them_stands_is_told_when_asked_for() -> None:
    lines = said(begun(whole_run()), verbose=True).splitlines()
    at = lines.index("  SLS_VPC_1  2 MEDIUM, 1 LOW  A function in a VPC reaches something private there")
    assert lines[at + 1 : at + 3] == ["    aws_lambda_function.first  shop/main.tf:3", "      Nothing here says why it is in a VPC."]
    run = begun(Run([finding("evil\x1b[2J\u202e", unexplained())], roots=["shop"], functions=1, policies=1))
    assert all(character == "\n" or character.isprintable() for character in said(run, verbose=True))
