"""What is worth knowing about the plans of a run: what is not in them, and what would be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from serverful.estate.model import Function
from serverful.finding import Finding, Note
from serverful.verdict import Outcome
from serverful.wording import counted

if TYPE_CHECKING:
    from serverful.estate.read.reader import Reading


def notes_of_plans(plans: Reading, findings: Sequence[Finding], *, has_source: bool) -> Iterator[Note]:
    """Plan by plan: that it has no function, that it leaves something out, and how many answers its source would decide or explain."""
    for root in plans.roots:
        if root.estate is None:
            continue
        if not root.estate.all(Function):
            # It was named by somebody who expects functions in it.
            yield Note("plans no Lambda function, so no function was asked about.", root.root)
        if set(root.estate.unreadable) - set(root.estate.unheard):
            yield Note(
                "leaves out a part of what is configured (complete: false), as -target makes it; where that part may hold the reason, the "
                "answer is undecided. Plan without -target to judge all of it.",
                root.root,
            )
        outcomes = [finding.verdict.outcome for finding in findings if finding.place.root == root.root]
        is_open, failed = outcomes.count(Outcome.UNDECIDED), outcomes.count(Outcome.FAILED)
        if not has_source and is_open + failed:
            parts = [f"{counted(is_open, 'answer is', 'answers are')} undecided"] if is_open else []
            parts += [f"{counted(failed, 'has', 'have')} failed"] if failed else []
            yield Note(
                f"was judged alone: {' and '.join(parts)}. A plan holds neither locals nor `dynamic` and `lifecycle` blocks, nor comments "
                "with reasons; --source DIR reads them from the folder that it was made from.",
                root.root,
            )
