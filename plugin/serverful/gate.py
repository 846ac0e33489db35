"""The gate: decides, and only decides. A Run and a level go in, an exit code and its reason come out; nothing is printed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serverful.finding import Run
from serverful.policy import Severity
from serverful.wording import counted

CLEAN, FINDINGS, TROUBLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Decision:
    """`exit_code` is 0 (open), 1 (findings at or above the level) or 2 (we could not do our work); `because` says why, for people."""

    exit_code: int
    because: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What the gate looks at. `failed` are the severities of what is for somebody to answer: not skipped, not in the baseline."""

    roots: int
    policies: int
    troubles: int
    failed: Sequence[Severity]
    in_baseline: int = 0


def decide(run: Run, fail_on: Severity | None) -> Decision:
    """What is decided about a Run; see `decide_on`."""
    failed = [finding.severity for finding in run.findings if finding.is_failed]
    known = sum(finding.in_baseline for finding in run.findings)
    return decide_on(Tally(len(run.roots), run.policies, len(run.troubles), failed, known), fail_on)


def decide_on(tally: Tally, fail_on: Severity | None) -> Decision:
    """Trouble beats findings, for a judgement of half the estate is not a judgement of it. `fail_on` None lets every finding pass.

    A run that looked at no root or asked no policy is trouble as well: nothing judged is not green. What the baseline knows closes nothing.
    """
    if tally.troubles:
        return Decision(TROUBLE, f"{counted(tally.troubles, 'trouble')}: not everything could be judged")
    if not tally.roots:
        return Decision(TROUBLE, "no Terraform was read, so nothing was judged")
    if not tally.policies:
        return Decision(TROUBLE, "no policy was asked, so nothing was judged")
    besides = f", besides {tally.in_baseline} in the baseline" if tally.in_baseline else ""
    if fail_on is None:
        return Decision(CLEAN, "findings do not close the gate (--fail-on never)" if tally.failed else f"no findings{besides}")
    closing = sum(severity >= fail_on for severity in tally.failed)
    if closing:
        return Decision(FINDINGS, f"{counted(closing, 'finding')} at {fail_on.name} or above{besides}")
    return Decision(CLEAN, f"no findings at {fail_on.name} or above{besides}" if tally.failed else f"no findings{besides}")
