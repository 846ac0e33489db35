"""Markdown for comments: the verdict first, the worst in full, all else counted, within what a comment holds, whatever the texts are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings

from hostile_texts import HOSTILE, texts, with_text
from rendered_markdown import FOUND_LATER, html, rendered
from runs_by_hand import asks_for_private_things, finding, justified, open_question, recorded, unexplained, well, whole_run
from serverful.finding import Run, Trouble
from serverful.policy import Severity
from serverful.record.v1 import CellV1, FunctionV1, LayerV1, NoteV1, PlaceV1, RunV1, StandingV1, UnreadV1
from serverful.report.markdown import BUDGET, to_markdown
from snapshots import agrees_with_snapshot

LAYERS: tuple[LayerV1, ...] = get_args(LayerV1)
STANDINGS: tuple[StandingV1, ...] = get_args(StandingV1)


def function(name: str, *standings: StandingV1, root: str = "shop") -> FunctionV1:
    """A function whose first layers stand so; all others are AWS's."""
    address = f"aws_lambda_function.{name}"
    cells = [
        CellV1(
            layer,
            standing,
            f"{layer} of {name}",
            "2027-03-31" if standing == "justified" else None,
            "payments" if standing == "justified" else None,
            ["SLS_VPC_1"],
            [],
        )
        for layer, standing in zip(LAYERS, (*standings, *["aws"] * len(LAYERS)), strict=False)
    ]
    return FunctionV1(address, PlaceV1(root, address, f"{root}/main.tf", 3, 12), cells)


def whole() -> RunV1:
    """The whole run, of which each format has a snapshot."""
    return recorded(whole_run())


def said(record: RunV1, budget: int = BUDGET) -> str:
    text = "".join(to_markdown(record, budget))
    assert len(text) <= budget
    rendered(text)  # every tag is closed
    return text


def large(failed: int, quiet: int, functions: int) -> RunV1:
    gravest = replace(asks_for_private_things, severity=Severity.HIGH)
    findings = [finding(f"f{n}", unexplained(Severity(1 + n % 4)), line=n + 1, asked=gravest) for n in range(failed)]
    findings += [finding(f"u{n}", open_question(), line=n + 1) for n in range(quiet)]
    findings += [finding(f"j{n}", justified(), line=n + 1) for n in range(quiet)]
    findings += [finding(f"s{n}", unexplained(), line=n + 1, skipped="for now") for n in range(quiet)]
    findings += [replace(finding(f"k{n}", unexplained(), line=n + 1), in_baseline=True) for n in range(quiet)]
    record = recorded(Run(findings, roots=["shop"], policies=2, functions=functions))
    return replace(
        record,
        functions=[function(f"f{n}", STANDINGS[n % len(STANDINGS)], root=f"shop{n % 7}") for n in range(functions)],
        unread=[UnreadV1(f"module.{n} is not here", 0) for n in range(quiet)],
        notes=[NoteV1(".serverful.yaml", n, "matches nothing", 0) for n in range(quiet)],
    )


def test_the_whole_run() -> None:
    agrees_with_snapshot(said(whole()), "whole_run.markdown.md")


def test_the_order_of_telling() -> None:
    text = rendered(said(whole())).text
    marks = [
        "We could not do all of our work: 1 trouble, named below.",
        "4 (1 HIGH, 2 MEDIUM, 1 LOW)",
        "Trouble: what we could not do",
        "stock/main.tf:7: The file cannot be parsed. Its functions were not judged. Mend line 7.",
        "Who runs which layer",
        "aws_lambda_function.first",
        "Findings, the worst first",
        "HIGH SLS_IP_1 failed",
        "MEDIUM SLS_VPC_1 failed",
        "LOW SLS_VPC_1 failed",
        "Undecided",
        "var.environment (shop/main.tf:21)",
        "Justified by a recorded reason",
        "relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31",
        "Skipped by a comment",
        r"for now\x1b[2J",
        "In the baseline",
        "aws_lambda_function.known",
        "Seen, not read",
        "legacy (terragrunt.hcl): Terragrunt is not read",
        "Notes",
        ".serverful.yaml:7 the reason for `*` matches nothing.",
        "Settings: .serverful.yaml",
        "3 policies looked at 8 functions in 3 roots",
    ]
    position = 0
    for mark in marks:
        found = text.find(mark, position)
        assert found >= 0, f"{mark!r} is missing after {text[:position][-80:]!r} in\n{text}"
        position = found + len(mark)


def test_a_finding_in_full_is_folded_and_tells_all_it_has() -> None:
    text = said(whole())
    block = next(part for part in text.split("<details>\n") if part.startswith("<summary>") and "function.first" in part)
    assert block.partition("</details>")[0].splitlines() == [
        "<summary><b>MEDIUM</b> <code>SLS_VPC_1</code> failed: A function in a VPC reaches something private there · "
        "<code>aws_lambda_function.first</code></summary>",
        "",
        "`aws_lambda_function.first` · `shop/main.tf:3`",
        "",
        "Nothing here says why it is in a VPC.",
        "",
        "What was seen:",
        "",
        "- is attached to a VPC · `aws_lambda_function.a` · `shop/main.tf:3`",
        "",
        "Looked at, and not found:",
        "",
        "- a rule to a database",
        "",
        "**Better:** leave the VPC.",
        "",
        "If there is a reason: record it with an owner and an end date. The lines to paste come from",
        "",
        "```sh",
        "serverful reason aws_lambda_function.first --feature vpc --category … --until … --owner …",
        "```",
        "",
        "Read on: `serverful explain SLS_VPC_1`",
        "",
    ]


def test_the_matrix_shows_who_runs_what_and_folds_what_is_fine() -> None:
    text = said(whole())
    rows = [line for line in text.splitlines() if line.startswith("| `aws_lambda_function.") and line.count("|") == len(LAYERS) + 2]
    assert rows == [
        f"| `aws_lambda_function.well` | evidence |{' AWS |' * 5} evidence |",
        f"| `aws_lambda_function.first` | **unexplained** | undecided |{' AWS |' * 4} evidence |",
        f"| `aws_lambda_function.ledger` | justified until 2027-03-31 |{' AWS |' * 5} evidence |",
        f"| `aws_lambda_function.open` | undecided |{' AWS |' * 5} evidence |",
        f"| `aws_lambda_function.out` | evidence | **unexplained** |{' AWS |' * 4} **unexplained** |",
    ]
    assert "*1 function leaves every layer to AWS*" in text
    assert text.index("Root `calm`") < text.index("Root `shop`")


def test_of_many_roots_the_tables_are_folded_so_that_findings_are_near() -> None:
    record = recorded(Run(roots=[f"r{n}" for n in range(6)], functions=6, policies=1))
    six = replace(record, functions=[function("a", "unexplained", root=f"r{n}") for n in range(6)])
    assert "<details>\n<summary>6 roots</summary>\n\nAWS: AWS runs it." in said(six)
    assert "| AWS |\n\n</details>" in said(six)
    assert "<details>" not in said(replace(six, functions=six.functions[:5]))


def test_without_functions_there_is_no_matrix() -> None:
    assert "Who runs which layer" not in said(replace(recorded(whole_run()), functions=[]))


def test_broken_is_never_clean() -> None:
    for run in (Run(policies=4), Run(roots=["shop"]), Run(troubles=[Trouble(".", "It broke.", "It means.", "Mend it.")], roots=["."])):
        text = said(recorded(run))
        assert text.startswith("### We could not do ")
        assert "#### Trouble: what we could not do\n\n- " in text


def test_a_clean_run_is_short() -> None:
    text = said(recorded(Run([finding("a", well())], roots=["shop"], policies=1, functions=1)))
    assert text.splitlines() == [
        "### Clean: no findings in 1 function.",
        "",
        "| findings | justified | undecided | in the baseline | skipped | passed | troubles |",
        "|---|---|---|---|---|---|---|",
        "| **0** | 0 | 0 | 0 | 0 | 1 | 0 |",
        "",
        "---",
        "",
        "1 policy looked at 1 function in 1 root: no findings, 0 justified, 0 undecided, 0 skipped, 1 passed, 0 troubles.",
    ]


def told_of(text: str) -> dict[str, tuple[int, int]]:
    """By section: how many are shown (in full or as a row), and how many are counted as missing."""
    found = {}
    for section in text.split("\n#### ")[1:]:
        heading, _, body = section.partition("\n")
        in_rows = re.sub(r"(?s)<details>\n<summary><b>.*?</details>", "", body).splitlines()
        shown = body.count("<summary><b>") + sum(bool(re.match(r"- |\| (?!---|policy |function | \|)", line)) for line in in_rows)
        missing = re.search(r"\*and ([\d,]+) more, for which|for ([\d,]+) more there is no room", body)
        found[heading] = (shown, int((missing[1] or missing[2]).replace(",", "")) if missing else 0)
    return found


@pytest.mark.parametrize("budget", [10_000, 30_000, BUDGET])
def test_what_is_left_out_is_counted_in_its_section(budget: int) -> None:
    text = said(large(failed=900, quiet=300, functions=500), budget)
    told = told_of(text)
    totals = {
        "Who runs which layer": 400,  # a fifth of them is fine
        "Findings, the worst first": 900,
        "Undecided": 300,
        "Justified by a recorded reason": 300,
        "Skipped by a comment, without owner or end date": 300,
        "In the baseline": 1,
        "Seen, not read, so not judged": 300,
        "Notes, which change no verdict": 300,
    }
    assert {heading: shown + missing for heading, (shown, missing) in told.items()} == totals
    if budget == BUDGET:
        assert all(shown for shown, _ in told.values())
        assert len(text) > 0.9 * budget  # the room is used


def test_the_worst_are_told_in_full_and_trouble_always() -> None:
    record = large(failed=900, quiet=300, functions=500)
    troubles = [Trouble("shop", f"Broken {n}.", "It means.", "Mend it.", f"shop/{n}.tf", 3) for n in range(4)]
    record = replace(record, troubles=recorded(Run(troubles=troubles)).troubles)
    text = said(record, 20_000)
    assert told_of(text)["Trouble: what we could not do"] == (4, 0)
    summaries = re.findall(r"<summary><b>(\w+)</b>", text)
    assert summaries and set(summaries) == {"HIGH"}


def test_ten_are_told_in_full_and_the_others_in_a_row_each() -> None:
    text = said(large(failed=16, quiet=0, functions=0))
    assert text.count("<details>") == text.count("</details>") == 10
    assert told_of(text)["Findings, the worst first"] == (16, 0)


def structure(record: RunV1) -> list[str]:
    made = rendered(said(record, 1_000_000))  # nothing is left out
    assert not [part for part in made.plain if FOUND_LATER.search(part)], made.plain
    return made.tags


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    # An empty text leaves out what would say it.
    if text.strip():
        assert structure(with_text(whole(), text)) == structure(with_text(whole(), "harmless"))
    else:
        structure(with_text(whole(), text))


@settings(max_examples=30, deadline=None)
@given(texts)
def test_any_text_changes_nothing_but_text(text: str) -> None:
    shown = text if text.strip() else "-"
    assert structure(with_text(whole(), shown)) == structure(with_text(whole(), "harmless"))


@pytest.mark.parametrize("text", ["x" * 3_000, "| " * 2_000, "`" * 3_000, "\x00" * 3_000, "a_b " * 900], ids=range(5))
def test_very_long_text_stays_within_the_budget(text: str) -> None:
    record = with_text(large(failed=60, quiet=40, functions=60), text)
    for budget in (30_000, BUDGET):
        assert "<script" not in html(said(record, budget))


def test_same_record_same_text() -> None:
    assert said(whole()) == said(whole())
