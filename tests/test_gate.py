"""The gate decides by what is there, and is never open over something that was not judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runs_by_hand import finding, justified, open_question, trouble, unexplained, well, whole_run
from serverful.finding import Run
from serverful.gate import decide
from serverful.policy import Severity


def run(*findings: object) -> Run:
    return Run(findings=list(findings), roots=["shop"], policies=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "code"), [(Severity.INFO, 1), (Severity.LOW, 1), (Severity.MEDIUM, 1), (Severity.HIGH, 0), (None, 0)], ids=str
)
def test_a_finding_closes_the_gate_from_its_own_severity_down(level: Severity | None, code: int) -> None:
    assert decide(run(finding("a", unexplained())), level).exit_code == code


def test_a_graded_finding_counts_with_its_grade() -> None:
    low = run(finding("a", unexplained(Severity.LOW)))
    assert decide(low, Severity.MEDIUM).exit_code == 0
    assert decide(low, Severity.LOW).exit_code == 1


def test_what_is_answered_or_open_or_skipped_does_not_close_the_gate() -> None:
    quiet = run(finding("a", justified()), finding("b", open_question()), finding("c", well()), finding("d", unexplained(), skipped="x"))
    assert decide(quiet, Severity.INFO).exit_code == 0


def test_what_the_baseline_knows_closes_no_gate_and_is_counted() -> None:
    known = replace(finding("a", unexplained()), in_baseline=True)
    for level in (Severity.INFO, None):
        decided = decide(run(known), level)
        assert (decided.exit_code, decided.because) == (0, "no findings, besides 1 in the baseline")
    decided = decide(run(known, finding("b", unexplained())), Severity.MEDIUM)
    assert (decided.exit_code, decided.because) == (1, "1 finding at MEDIUM or above, besides 1 in the baseline")
    decided = decide(run(known, finding("b", unexplained(Severity.LOW))), Severity.MEDIUM)
    assert (decided.exit_code, decided.because) == (0, "no findings at MEDIUM or above, besides 1 in the baseline")
    assert decide(replace(run(known), troubles=[trouble()]), None).exit_code == 2


def test_trouble_beats_findings_and_no_level_lets_it_pass() -> None:
    assert decide(whole_run(), Severity.MEDIUM).exit_code == 2
    assert decide(Run(troubles=[trouble()], roots=["shop"], policies=1), None).exit_code == 2


def test_nothing_judged_is_not_green() -> None:
    assert decide(Run(policies=4), Severity.MEDIUM).exit_code == 2
    assert decide(Run(roots=["shop"], policies=0), Severity.MEDIUM).exit_code == 2
    assert decide(Run(roots=["shop"], policies=4), Severity.MEDIUM).exit_code == 0


def test_the_reason_counts() -> None:
    assert decide(run(finding("a", unexplained())), Severity.MEDIUM).because == "1 finding at MEDIUM or above"
    assert decide(run(finding("a", unexplained()), finding("b", unexplained())), Severity.LOW).because == "2 findings at LOW or above"
