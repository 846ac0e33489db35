"""The report reads as a colleague's review does: the verdict, the worst first, then what is answered, then the numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from estates_by_hand import place
from runs_by_hand import (
    as_console,
    as_json,
    asks_for_destinations,
    asks_for_identity,
    asks_for_private_things,
    contradicted,
    finding,
    open_question,
    stack,
    unexplained,
    well,
    whole_run,
)
from serverful.baseline import Baseline, begun
from serverful.estate.settings import Settings
from serverful.evidence.reasons import RecordedReason
from serverful.finding import Note, Run
from serverful.policy import Severity
from serverful.report.page import Page
from serverful.stack.cell import Stack, Standing
from snapshots import agrees_with_snapshot

SGR = re.compile(r"\x1b\[[0-9;]*m")


def said(run: Run, **options: object) -> str:
    return as_console(run, **options)  # type: ignore[arg-type]


def test_the_order_of_telling() -> None:
    text = said(whole_run())
    marks = [
        "We could not do all of our work: 1 trouble, named below. Of what could be judged: 4 findings (1 HIGH, 2 MEDIUM, 1 LOW), "
        "besides 1 in the baseline. 1 thing was seen, but not read.",
        "\nshop  5 functions\n",
        "AWS runs for all of them: compute, execution environment, runtime and storage.",
        "1 function leaves every layer to AWS: plain.",
        "In 1 other root every layer of 1 function has its reason or is AWS's.",
        "Findings, worst first",
        "HIGH  SLS_IP_1 failed: A NAT gateway serves an internet destination",
        "aws_lambda_function.out  shop/main.tf:90",
        "NAT gateway · aws_nat_gateway.out · shop/net.tf:9",
        "MEDIUM  SLS_VPC_1 failed: A function in a VPC reaches something private there",
        "aws_lambda_function.first  shop/main.tf:3",
        "aws_lambda_function.second  shop/main.tf:50",
        "LOW  SLS_VPC_1",
        "Known since the baseline: 1 finding",
        "SLS_VPC_1  1 MEDIUM  A function in a VPC reaches something private there",
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
        "Notes, which change no verdict",
        "3 policies looked at 8 functions in 3 roots: 4 findings (1 HIGH, 2 MEDIUM, 1 LOW), "
        "1 in the baseline, 1 justified, 1 undecided, 1 skipped, 1 passed, 1 trouble.",
        "Undecided because of var.environment (1).",
    ]
    position = 0
    for mark in marks:
        found = text.find(mark, position)
        assert found >= 0, f"{mark!r} is missing after {text[:position][-80:]!r} in\n{text}"
        position = found + len(mark)


def test_a_run_as_it_is_printed() -> None:
    agrees_with_snapshot(said(whole_run()), "whole_run.console.txt")


def test_quietly_a_line_for_each_finding() -> None:
    assert said(whole_run(), quiet=True).splitlines()[1:6] == [
        "HIGH    SLS_IP_1   aws_lambda_function.out  shop/main.tf:90",
        "MEDIUM  SLS_VPC_1  aws_lambda_function.first  shop/main.tf:3",
        "MEDIUM  SLS_VPC_1  aws_lambda_function.second  shop/main.tf:50",
        "LOW     SLS_VPC_1  aws_lambda_function.low  shop/main.tf:70",
        "",
    ]
    assert "Trouble: what we could not do" in said(whole_run(), quiet=True), "trouble is never folded"
    clean = said(Run([finding("a", well())], roots=["shop"], functions=1, policies=1), quiet=True)
    assert len(clean.splitlines()) == 3, "the verdict, a blank, the count"


# --- the picture of who runs what -----------------------------------------------------------------------------------------------


def picture(*stacks: Stack, width: int = 100, **options: object) -> list[str]:
    roots = list(dict.fromkeys(one.root for one in stacks))
    lines = said(
        Run(roots=roots, functions=len(stacks), policies=1, stacks=stacks, asked=[asks_for_identity]), width=width, **options
    ).splitlines()
    return lines[2:-2]


def test_each_cell_says_who_runs_the_layer_and_why() -> None:
    every = stack(
        "cart",
        networking=Standing.EVIDENCE,
        fixed_ip=Standing.JUSTIFIED,
        compute=Standing.UNEXPLAINED,
        runtime=Standing.UNDECIDED,
    )
    assert picture(every) == [
        "shop  1 function",
        "  function  networking  fixed IP          compute      runtime",
        "  cart      evidence    until 2027-03-31  unexplained  undecided",
        "  AWS runs for it: execution environment and storage.",
        "  Undecided, the runtime of cart: says why runtime is undecided",
        "",
        "  evidence: the configuration shows why; a day: a recorded reason holds until that day; unexplained:",
        "  nothing says why; undecided: something elsewhere decides, or nobody asked.",
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 110])
def test_a_picture_is_never_wider_than_the_terminal(width: int) -> None:
    worst = dict.fromkeys(("networking", "fixed_ip", "compute", "environment", "runtime", "storage", "identity"), Standing.JUSTIFIED)
    rows = [stack(f"{'long_' * 20}{n}", **(worst | {"networking": standing})) for n, standing in enumerate(Standing)]
    lines = picture(*rows, width=width)
    assert max(map(len, lines)) <= width, "\n".join(lines)
    assert sum("identity" in line or "27-03-31" in line for line in lines) >= len(rows), "every function has its row"


def test_functions_that_take_nothing_are_counted_and_named_as_far_as_there_is_room() -> None:
    lines = picture(stack("a", networking=Standing.EVIDENCE), *(stack(f"calm_{n}") for n in range(5)))
    assert "  5 functions leave every layer to AWS: calm_0, calm_1, calm_2 and 2 more." in lines
    assert picture(stack("a"), stack("b")) == ["shop  2 functions", "  2 functions leave every layer to AWS: a and b."]


def test_identity_is_a_column_only_where_something_is_to_be_said_of_it() -> None:
    assert "identity" not in "\n".join(picture(stack("a", networking=Standing.EVIDENCE)))
    assert any("identity" in line for line in picture(stack("a", identity=Standing.UNEXPLAINED)))


def test_rows_that_say_the_same_are_shown_thrice_and_counted() -> None:
    rows = [stack(f"a{n}", networking=Standing.UNEXPLAINED) for n in range(12)]
    lines = picture(*rows, stack("b", networking=Standing.EVIDENCE))
    assert [line.split()[0] for line in lines[2:5]] == ["a0", "a1", "a2"]
    assert lines[5] == "  … and 9 more like these: a3, a4, a5 and 6 more"
    assert lines[6].split() == ["b", "evidence"], "worst first"
    everything = picture(*rows, verbose=True)
    assert sum("unexplained" in line for line in everything[2:14]) == 12 and not any("more like" in line for line in everything)


def test_combinations_beyond_what_is_a_picture_are_counted() -> None:
    layers = ("networking", "fixed_ip", "compute", "environment", "runtime")
    rows = [stack(f"a{n}", **{layer: Standing.EVIDENCE for bit, layer in enumerate(layers) if n >> bit & 1}) for n in range(1, 32)]
    lines = picture(*rows)
    assert sum("evidence" in line for line in lines) == 15 + 1, "fifteen rows and the legend"
    assert "  … and 16 functions in 16 other combinations; --verbose shows each." in lines
    assert sum("evidence" in line for line in picture(*rows, verbose=True)) == 31 + 1


def test_of_many_roots_those_in_which_all_is_fine_are_counted() -> None:
    fine = [stack("a", root=f"fine{n}", networking=Standing.EVIDENCE) for n in range(3)]
    lines = picture(*fine, stack("b", root="shop", networking=Standing.UNDECIDED))
    assert [line for line in lines if line.startswith(("fine", "shop"))] == ["shop  1 function"]
    assert "In 3 other roots every layer of 3 functions has its reason or is AWS's." in lines


def test_what_is_undecided_and_asked_by_nobody_is_told_below_the_picture() -> None:
    told = "  Undecided, the runtime of a, b, c and 2 more: says why runtime is undecided"
    asked = [stack(name, networking=Standing.UNDECIDED, runtime=Standing.UNDECIDED) for name in "abcde"]
    assert [line for line in picture(*asked) if line.startswith("  Undecided")] == [told]
    assert "  Undecided, the runtime of a, b, c, d and e: says why runtime is undecided" in picture(*asked, verbose=True)
    assert not [line for line in picture(stack("a", networking=Standing.UNDECIDED)) if "Undecided" in line], "a finding tells it"
    unasked = Run(roots=["shop"], functions=1, policies=1, stacks=(stack("a", identity=Standing.UNDECIDED),), asked=[asks_for_destinations])
    assert "identity" not in said(unasked), "where nobody was asked about identity, that it is undecided tells nothing"


def test_findings_at_what_functions_share_are_named_below_the_picture() -> None:
    shared = [replace(finding(name, unexplained()), address=f"aws_iam_role.{name}") for name in "abcde"]
    worse = replace(finding("c", contradicted(), asked=asks_for_destinations), address="aws_iam_role.c")
    run = Run([*shared, worse, finding("f", unexplained())], roots=["shop"], functions=1, policies=2)
    run.stacks = (stack("f", identity=Standing.UNEXPLAINED),)
    told = (
        "Findings at other things here: aws_iam_role.c (SLS_IP_1 and SLS_VPC_1), aws_iam_role.a (SLS_VPC_1), "
        "aws_iam_role.b (SLS_VPC_1), aws_iam_role.d (SLS_VPC_1) and 1 more."
    )
    assert told in " ".join(said(run).split())
    assert "aws_iam_role.d (SLS_VPC_1) and aws_iam_role.e (SLS_VPC_1)." in " ".join(said(run, verbose=True).split())
    run.findings = [replace(one, in_baseline=True) for one in run.findings]
    assert "other things" not in said(run), "what the baseline knows is told under its own heading"


def test_of_very_many_roots_pictures_of_nothing_are_folded() -> None:
    bare = [f"bare{n}" for n in range(14)]
    run = Run(
        [finding("a", unexplained(), root=root) for root in bare],
        roots=["shop", *bare],
        functions=15,
        policies=1,
        stacks=(stack("b", networking=Standing.UNDECIDED), *(stack("a", root=root) for root in bare)),
    )
    folded = "In 14 other roots 14 functions leave every layer to AWS, with findings all the same: bare0, bare1, bare2 and 11 more."
    assert folded in " ".join(said(run).split())
    assert [line for line in said(run).splitlines() if line.endswith("  1 function")] == ["shop  1 function"]
    assert sum(line.endswith("  1 function") for line in said(run, verbose=True).splitlines()) == 15


def test_a_function_with_findings_says_how_many_and_how_bad() -> None:
    run = Run(
        [finding("a", contradicted(), asked=asks_for_destinations), finding("a", unexplained())], roots=["shop"], functions=1, policies=2
    )
    run.stacks = (stack("a", networking=Standing.UNEXPLAINED),)
    assert "  a         unexplained  2 (HIGH)" in said(run).splitlines()


# --- five hundred functions -----------------------------------------------------------------------------------------------------


def test_five_hundred_functions_can_be_read() -> None:
    names = [f"worker_{n}" for n in range(500)]
    run = Run(
        [finding(name, unexplained()) for name in names] + [finding(name, open_question(), asked=asks_for_destinations) for name in names],
        roots=["shop"],
        functions=500,
        policies=2,
        stacks=tuple(stack(name, networking=Standing.UNEXPLAINED) for name in names),
    )
    lines = said(run, width=80).splitlines()
    assert len(lines) < 100
    assert "  … and 497 more like these: worker_3, worker_4, worker_5 and 494 more" in lines
    assert "  MEDIUM  SLS_VPC_1 failed as well at" in lines
    assert "    and 489 more; --verbose tells each." in lines, "one in full, ten in a line"
    assert "  var.environment  500 questions" in lines
    assert "SLS_IP_1: aws_lambda_function.worker_0, aws_lambda_function.worker_1 and 498 more" in " ".join(" ".join(lines).split())
    everything = said(run, width=80, verbose=True)
    assert all(everything.count(f"aws_lambda_function.{name}  shop/main.tf") >= 2 for name in names), "and nothing is lost"


def test_the_verdict_line_says_what_the_gate_does() -> None:
    def first(*verdicts: object, **more: object) -> str:
        run = Run([finding(str(n), v) for n, v in enumerate(verdicts)], roots=["shop"], policies=1, **more)  # type: ignore[arg-type]
        return said(run).splitlines()[0]

    assert first(unexplained(), functions=1) == "1 finding (1 MEDIUM). The gate is shut: 1 finding at MEDIUM or above."
    assert first(unexplained(Severity.LOW), functions=1) == "1 finding (1 LOW). The gate is open: no findings at MEDIUM or above."
    assert first(well(), functions=1) == "Clean: no findings in 1 function."
    assert first(well(), open_question(), functions=1) == "Clean: no findings in 1 function; 1 question undecided."
    assert first() == "Clean: no Lambda function in 1 root, so there was nothing to ask."
    assert first(unread=["module.api"]) == (
        "Nothing judged: no Lambda function in 1 root, so there was nothing to ask; what was not read may hold some. "
        "1 thing was seen, but not read."
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


@pytest.mark.parametrize("painted", [False, True])
def test_at_a_terminal_no_word_of_ours_is_broken(painted: bool) -> None:
    whole, folded = said(whole_run(), width=60), said(whole_run(), width=60, folds=True, painted=painted)
    lines = SGR.sub("", folded).splitlines()
    assert max(map(len, whole.splitlines()[:1])) > 60, "in a log the verdict is one line, which can be searched for"
    kept = ("serverful reason ", "aws_lambda_function.")  # to paste, or to click
    assert [line for line in lines if len(line) > 60 and not any(word in line for word in kept)] == []
    assert " ".join(SGR.sub("", folded).split()) == " ".join(whole.split()), "and no word is lost"
    assert not painted or folded.startswith("\x1b[1;31mWe could not do")


def test_paragraphs_keep_to_the_width_and_commands_stay_whole() -> None:
    lines = said(whole_run(), width=60).splitlines()
    command = [line for line in lines if line.lstrip().startswith("serverful reason ")]
    assert command and all("--owner" in line for line in command)
    prose = [line for line in lines if "nothing here says why" in line or "Looked at" in line]
    assert prose and all(len(line) <= 60 for line in prose)


def test_what_stands_in_backticks_is_not_broken() -> None:
    page = Page(40)
    page.text("Record why. The lines to paste come from `serverful reason a --category b` and nowhere else.")
    assert str(page).splitlines() == [
        "Record why. The lines to paste come from",
        "`serverful reason a --category b` and",
        "nowhere else.",
    ]


def test_same_run_same_text() -> None:
    assert said(whole_run()) == said(whole_run())
    once, twice = (as_json(whole_run()) for _ in range(2))
    assert once == twice


def test_settings_and_what_counts_for_nothing_in_them() -> None:
    settings = Settings(file=".serverful.yaml\x1b[2J", pages_url="https://docs.example.com")
    notes = [Note("the reason for `*\x1b[31m` matches nothing.", ".serverful.yaml", 7), Note("does not count.", "shop/.serverful.yaml")]
    text = said(
        Run(
            [finding("a", unexplained())],
            roots=["shop"],
            functions=1,
            policies=1,
            notes=notes,
            settings=settings,
            asked=[asks_for_private_things],
        )
    )
    assert "  .serverful.yaml:7 the reason for `*\\x1b[31m` matches nothing.\n  shop/.serverful.yaml does not count.\n" in text
    assert "\nSettings: .serverful.yaml\\x1b[2J\n1 policy looked at" in text
    assert "Read on: https://docs.example.com/" in text and "serverful explain" not in text
    assert "Settings:" not in said(Run()) and "Notes" not in said(Run())


def test_a_reason_of_the_settings_says_where_it_stands() -> None:
    at = place("reasons[0]", ".serverful.yaml", 12)
    reason = RecordedReason("vpc", "cache", date(2027, 3, 31), "shop", "", at, "settings")
    text = said(Run([finding("a", unexplained().justified_by(reason))], roots=["shop"], functions=1, policies=1))
    assert "cache (owner shop, until 2027-03-31, settings at .serverful.yaml:12)" in text


def test_what_passed_is_told_when_asked_for() -> None:
    quiet, told = said(whole_run()), said(whole_run(), verbose=True)
    assert "aws_lambda_function.well" not in quiet
    passed = told[told.index("\nPassed\n") : told.index("\nTrouble")]
    assert [line.strip() for line in passed.strip().splitlines()] == [
        "Passed",
        "SLS_VPC_1  aws_lambda_function.well  calm/main.tf:1",
        "It reaches a database.",
        "Because:",
        "a rule to the database · aws_db_instance.orders · shop/db.tf:2",
    ]


def test_what_the_baseline_knows_is_folded_into_a_line_for_each_policy() -> None:
    run = replace(begun(replace(whole_run(), troubles=[])), baseline=Baseline((), "old\x1b[2J.json"))
    text = said(run)
    assert text.startswith("Clean: no findings in 8 functions, besides 5 in the baseline; 1 question undecided.")
    assert (
        "\nKnown since the baseline: 5 findings\n"
        "  SLS_IP_1  1 HIGH  A NAT gateway serves an internet destination\n"
        "  SLS_VPC_1  3 MEDIUM, 1 LOW  A function in a VPC reaches something private there\n\n"
    ) in text
    assert "aws_lambda_function.first" not in text
    assert "\nBaseline: old\\x1b[2J.json\n3 policies looked at 8 functions in 3 roots: no findings, 5 in the baseline, 1 justified," in text
    new = replace(run, findings=[*run.findings, finding("new", unexplained())])
    assert said(new).startswith("1 finding (1 MEDIUM). The gate is shut: 1 finding at MEDIUM or above, besides 5 in the baseline.")
    troubled = replace(new, troubles=whole_run().troubles)
    assert "Of what could be judged: 1 finding (1 MEDIUM), besides 5 in the baseline." in said(troubled).splitlines()[0]
    assert "baseline" not in said(Run()).lower()


def test_where_each_of_them_stands_is_told_when_asked_for() -> None:
    lines = said(begun(whole_run()), verbose=True).splitlines()
    at = lines.index("  SLS_VPC_1  3 MEDIUM, 1 LOW  A function in a VPC reaches something private there")
    assert lines[at + 1 : at + 3] == ["    aws_lambda_function.first  shop/main.tf:3", "      Nothing here says why it is in a VPC."]
    run = begun(Run([finding("evil\x1b[2J\u202e", unexplained())], roots=["shop"], functions=1, policies=1))
    assert all(character == "\n" or character.isprintable() for character in said(run, verbose=True))
