"""What all formats tell alike of one record: each finding under one heading, each root for itself, the unknown by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from runs_by_hand import finding, recorded, stack, unexplained, whole_run
from serverful.finding import Run
from serverful.record.joined import joined
from serverful.record.v1 import RunV1
from serverful.report.console import to_console
from serverful.report.formats import Look
from serverful.report.junit import to_junit
from serverful.report.markdown import to_markdown
from serverful.report.order import by_root, in_baseline, of_outcome, skipped, titles, worst_first
from serverful.stack.cell import Standing

Say = Callable[[RunV1], str]


def console(record: RunV1) -> str:
    return "".join(to_console(record, Look(verbose=True)))


def markdown(record: RunV1) -> str:
    return "".join(to_markdown(record))


def junit(record: RunV1) -> str:
    return "".join(to_junit(record))


def of_two_folders() -> RunV1:
    """Two folders outside of git, each a root of its own that is called `.`, with a function of one address in both."""

    def one(folder: str, standing: Standing, findings: int) -> RunV1:
        run = Run(
            [finding("cart", unexplained(), root=".", line=number + 1) for number in range(findings)],
            roots=["."],
            functions=1,
            policies=1,
            scanned=[folder],
            base=f"mark of {folder}",
            paths=f"mark of {folder}",
            stacks=(stack("cart", root=".", networking=standing),),
        )
        return recorded(run)

    return joined(one("shop", Standing.UNEXPLAINED, 2), one("stock", Standing.EVIDENCE, 1))


def test_roots_of_one_name_are_told_apart() -> None:
    record = of_two_folders()
    assert list(titles(record).values()) == [". (the top folder) of shop", ". (the top folder) of stock"]
    assert [len(those) for those in by_root(record, record.findings).values()] == [2, 1]


@pytest.mark.parametrize("say", [console, markdown, junit])
def test_roots_of_one_name_are_told_apart_in_every_format(say: Say) -> None:
    text = say(of_two_folders())
    assert "(the top folder) of shop" in text
    assert "(the top folder) of stock" in text


def test_a_function_is_asked_what_it_is_asked_in_its_own_root() -> None:
    rows = [line.split()[-2:] for line in console(of_two_folders()).splitlines() if line.startswith("  cart ")]
    assert rows == [["2", "(MEDIUM)"], ["1", "(MEDIUM)"]]


def test_every_finding_has_one_heading_or_passed() -> None:
    run = whole_run()
    both = replace(finding("both", unexplained(), skipped="for now"), in_baseline=True)
    record = recorded(replace(run, findings=[*run.findings, both]))
    headings = [worst_first(record.findings), skipped(record.findings), in_baseline(record.findings)]
    headings += [of_outcome(record.findings, outcome) for outcome in ("justified", "undecided", "passed")]
    told = [one.address for heading in headings for one in heading]
    assert sorted(told) == sorted(one.address for one in record.findings)
    counts = record.counts
    assert [len(heading) for heading in headings] == [
        counts.failed,
        counts.skipped,
        counts.in_baseline,
        counts.justified,
        counts.undecided,
        counts.passed,
    ]


@pytest.mark.parametrize("say", [console, markdown])
def test_a_layer_that_the_record_does_not_hold_is_not_aws(say: Say) -> None:
    record = recorded(Run(roots=["shop"], functions=1, policies=1, stacks=(stack("cart"),)))
    assert "1 function leaves every layer to AWS" in say(record)
    bare = replace(record, functions=[replace(record.functions[0], layers=[])])
    assert "leaves every layer to AWS" not in say(bare)
    assert "undecided" in say(bare)
