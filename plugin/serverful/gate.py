"""The gate: decides, and only decides. A Run and a level go in, an exit code and its reason come out; nothing is printed here."""

from __future__ import annotations

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


def decide(run: Run, fail_on: Severity | None) -> Decision:
    """Trouble beats findings, for a judgement of half the estate is not a judgement of it. `fail_on` None lets every finding pass.

    A run that looked at no root or asked no policy is trouble as well: nothing judged is not green. What the baseline knows closes nothing.
    """
    if run.troubles:
        return Decision(TROUBLE, f"{counted(len(run.troubles), 'trouble')}: not everything could be judged")
    if not run.roots:
        return Decision(TROUBLE, "no Terraform was read, so nothing was judged")
    if not run.policies:
        return Decision(TROUBLE, "no policy was asked, so nothing was judged")
    failed = [finding for finding in run.findings if finding.is_failed]
    known = sum(finding.in_baseline for finding in run.findings)
    besides = f", besides {known} in the baseline" if known else ""
    if fail_on is None:
        return Decision(CLEAN, "findings do not close the gate (--fail-on never)" if failed else f"no findings{besides}")
    closing = sum(finding.severity >= fail_on for finding in failed)
    if closing:
        return Decision(FINDINGS, f"{counted(closing, 'finding')} at {fail_on.name} or above{besides}")
    return Decision(CLEAN, f"no findings at {fail_on.name} or above{besides}" if failed else f"no findings{besides}")
