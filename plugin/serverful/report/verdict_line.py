"""The first line of a report and the last: what came out, and what was looked at. One text for every format that people read.

They hold numbers and our own words only, so nothing in them needs an escaper. That something is named below they say of trouble alone, for
that is in every format; the rest is not where little is shown.
"""

from __future__ import annotations

from serverful.gate import CLEAN
from serverful.record.v1 import CountsV1, RunV1
from serverful.wording import counted


def verdict_line(record: RunV1) -> str:
    """`3 findings (1 HIGH, 2 MEDIUM). The gate is shut: 3 findings at MEDIUM or above.`"""
    unread = record.unread
    more = f" {counted(len(unread), 'thing')} {'was' if len(unread) == 1 else 'were'} seen, but not read." if unread else ""
    return _verdict(record) + more


def _verdict(record: RunV1) -> str:
    counts, decision = record.counts, record.decision
    known = f", besides {counts.in_baseline} in the baseline" if counts.in_baseline else ""
    if counts.troubles:
        could = f" Of what could be judged: {severities(counts)}{known}." if counts.roots else ""
        return f"We could not do all of our work: {counted(counts.troubles, 'trouble')}, named below.{could}"
    if not counts.roots or not counts.policies:
        return f"We could not do our work: {decision.because}."
    if counts.failed:
        return f"{severities(counts)}. The gate is {'open' if decision.exit_code == CLEAN else 'shut'}: {decision.because}."
    answered = counts.passed or counts.justified or counts.undecided or counts.skipped or counts.in_baseline
    if not counts.functions and not answered:
        seen = f"no Lambda function in {counted(counts.roots, 'root')}, so there was nothing to ask"
        # A module that is not here may make one: not to have seen it is not to know that there is none.
        return f"Nothing judged: {seen}; what was not read may hold some." if record.unread else f"Clean: {seen}."
    undecided = f"; {counted(counts.undecided, 'question')} undecided" if counts.undecided else ""
    return f"Clean: no findings in {counted(counts.functions, 'function')}{known}{undecided}."


def count_line(counts: CountsV1) -> str:
    """`2 policies looked at 8 functions in 3 roots: 1 finding (1 HIGH), 1 justified, …`"""
    looked = f"{counted(counts.policies, 'policy', 'policies')} looked at {counted(counts.functions, 'function')}"
    outcomes = [
        severities(counts),
        *([f"{counts.in_baseline} in the baseline"] if counts.in_baseline else []),
        f"{counts.justified} justified",
        f"{counts.undecided} undecided",
        f"{counts.skipped} skipped",
        f"{counts.passed} passed",
        counted(counts.troubles, "trouble"),
    ]
    return f"{looked} in {counted(counts.roots, 'root')}: {', '.join(outcomes)}."


def severities(counts: CountsV1) -> str:
    """`3 findings (1 HIGH, 2 MEDIUM)`."""
    if not counts.failed:
        return "no findings"
    graded = ", ".join(f"{number} {severity}" for severity, number in counts.failed_by_severity.items())
    return f"{counted(counts.failed, 'finding')} ({graded})"
