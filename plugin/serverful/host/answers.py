"""Our verdicts, ready to be asked for by root and address. Knows nothing of Checkov."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.finding import Finding, Trouble
from serverful.host.graph import Node, bare, may_be_same
from serverful.policy import Severity
from serverful.record.made import finding_of, page_of
from serverful.report.details import details, justification
from serverful.report.text import harmless
from serverful.verdict import Outcome

if TYPE_CHECKING:
    from serverful.estate.read.reader import Reading

# From worst to best. Undecided stands above justified and passed: of a block that is judged in three roots, "passed" is not true when
# one of them could not be decided.
_WORST_FIRST = (Outcome.FAILED, Outcome.UNDECIDED, Outcome.JUSTIFIED, Outcome.PASSED, Outcome.NOT_OURS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check answers for one block. `comment` goes with *justified* and with what a `checkov:skip` comment skips."""

    outcome: Outcome
    details: tuple[str, ...] = ()
    comment: str = ""
    severity: Severity | None = None
    is_skipped: bool = False


NOTHING = Answer(Outcome.NOT_OURS)


@dataclass
class Answers:
    """The findings of one scan, found again by root and address; and the troubles by root."""

    base: Path
    roots: set[str]
    files: set[str]
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    general: list[Trouble] = field(default_factory=list)
    _exact: dict[tuple[str, str, str], list[Finding]] = field(default_factory=dict)  # several on a `module` block: two addresses it makes
    _bare: dict[tuple[str, str, str], list[Finding]] = field(default_factory=dict)
    _local: dict[tuple[str, str, str], list[Finding]] = field(default_factory=dict)
    _relative: dict[Path, str] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        policy, place, address = finding.policy.id, finding.place, block_of(finding)
        self._exact.setdefault((policy, place.root, address), []).append(finding)
        self._bare.setdefault((policy, place.root, bare(address)), []).append(finding)
        self._local.setdefault((policy, place.file, local(address)), []).append(finding)

    def root_of(self, node: Node) -> str:
        """The node's root as findings name it: relative to the base."""
        return self.relative(node.root)

    def relative(self, path: Path) -> str:
        """A real path relative to the base, with forward slashes."""
        if path not in self._relative:
            self._relative[path] = os.path.relpath(path, self.base).replace(os.sep, "/")
        return self._relative[path]

    def of(self, policy_id: str, node: Node) -> list[Finding]:
        """Our findings behind one node.

        By root and address; where Checkov or we could not tell the instances, by the address without the indexes that are missing; where
        Checkov takes for a root what we know to be called (by a .tf.json or .tofu file, which Checkov does not read), by file.
        """
        root = self.root_of(node)
        if root in self.roots:
            exact = self._exact.get((policy_id, root, node.address))
            if exact is not None:
                return list(exact)
            return [f for f in self._bare.get((policy_id, root, bare(node.address)), []) if may_be_same(block_of(f), node.address)]
        return list(self._local.get((policy_id, self.relative(node.file), local(node.address)), []))

    def knows(self, node: Node) -> bool:
        """True when we read the root, or at least the file, that Checkov asks about."""
        return self.root_of(node) in self.roots or self.relative(node.file) in self.files


def answers(reading: Reading, findings: Iterable[Finding], troubles: Sequence[Trouble] = ()) -> Answers:
    """A reading and what the judge said of it, in; something to ask, out."""
    made = Answers(
        base=reading.base.resolve(),
        roots={root.root for root in reading.roots},
        files={thing.place.file for root in reading.roots if root.estate is not None for thing in root.estate},
        general=list(reading.troubles),
    )
    for trouble in (*(trouble for root in reading.roots for trouble in root.troubles), *troubles):
        if trouble.root in made.roots:
            made.troubles.setdefault(trouble.root, []).append(trouble)
        else:
            made.general.append(trouble)
    for finding in findings:
        made.add(finding)
    return made


def worst(findings: Sequence[Finding], pages_url: str | None = None) -> Answer:
    """One answer for all our findings behind one record of Checkov, which may come from many roots or instances.

    Every root is named. In full stands the worst finding; of the others, what they say otherwise.
    """
    if not findings:
        return NOTHING
    ranked = sorted(findings, key=lambda finding: (_rank(finding), -finding.severity, finding.place.root, finding.address))
    first, outcome = ranked[0], ranked[0].verdict.outcome
    shown = finding_of(first)
    lines = details(shown, page_of(first.policy, pages_url) if pages_url else None)
    if len(ranked) > 1:
        others = [f for f in ranked[1:] if (f.verdict.outcome, f.verdict.says) != (outcome, first.verdict.says)]
        names = {id(finding): harmless(name) for finding, name in zip(ranked, _names(ranked), strict=True)}
        said = [f"  {names[id(f)]} {f.verdict.outcome.value}: {harmless(f.verdict.says)}" for f in others]
        lines = [_where(ranked), *said, f"What follows is true of {names[id(first)]}:", *lines]
    if first.skipped is not None:
        return Answer(first.verdict.outcome, tuple(lines), harmless(first.skipped) or "no reason given", is_skipped=True)
    comment = justification(shown) if outcome is Outcome.JUSTIFIED else ""
    return Answer(outcome, tuple(lines), comment, first.severity if outcome is Outcome.FAILED else None)


def local(address: str) -> str:
    """`module.fn[0].aws_lambda_function.this[1]` -> `aws_lambda_function.this`: what stands in the file."""
    return ".".join(bare(address).split(".")[-2:])


def block_of(finding: Finding) -> str:
    """The address of the block that shows a finding: of what a module that is not loaded makes, the `module` block it is made by."""
    call = finding.place.address
    is_made = bare(call).split(".")[-2:-1] == ["module"]
    return call if is_made and finding.address.startswith(f"{call}.") else finding.address


def _rank(finding: Finding) -> int:
    # What a comment skips is shown as skipped, like a justification, wherever nothing worse is behind the same record.
    outcome = Outcome.JUSTIFIED if finding.skipped is not None else finding.verdict.outcome
    return _WORST_FIRST.index(outcome)


def _where(findings: Sequence[Finding]) -> str:
    roots = [harmless(root) for root in dict.fromkeys(finding.place.root for finding in findings)]
    named = f"{len(roots)} roots: {', '.join(roots)}" if len(roots) > 1 else f"the root {roots[0]}"
    return f"This record stands for {len(findings)} verdicts, in {named}."


def _names(findings: Sequence[Finding]) -> list[str]:
    """By address; with the root where there are several."""
    if len({finding.place.root for finding in findings}) == 1:
        return [finding.address for finding in findings]
    return [f"{finding.address} in {finding.place.root}" for finding in findings]
