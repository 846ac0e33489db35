"""What we tell people: findings, and the run that holds them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from serverful.estate.place import Place
from serverful.estate.settings import Settings
from serverful.evidence.costs.cost import Cost
from serverful.policy import Policy, Severity
from serverful.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from serverful.baseline import Baseline
    from serverful.stack.cell import Stack


def fingerprint_of(policy: str, root: str, address: str, argument: str) -> str:
    """What a finding is known by, from one run to the next and in a baseline: 16 hex digits. `policy` is an id."""
    key = "\0".join((policy, root, address, argument))
    # A name on disk may hold bytes that are no UTF-8, a label in JSON half of a surrogate pair.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Finding:
    """One policy's verdict on one subject. `skipped` holds the comment of a `checkov:skip`, which neither passes nor justifies.

    `calls` are the module blocks that the subject is made through, innermost first: where its owner can change it. `cost` is what the
    subject costs a month, where that is an argument and a price is known. `in_baseline` says of a failed one that it was there when
    somebody wrote the baseline (`baseline.py`): it is shown and counted as that, and as nothing else.
    """

    policy: Policy
    address: str
    place: Place
    verdict: Verdict
    skipped: str | None = None
    calls: tuple[Place, ...] = ()
    cost: Cost | None = None
    in_baseline: bool = False

    @property
    def severity(self) -> Severity:
        """The graded severity, never above the policy's."""
        return min(self.verdict.severity or self.policy.severity, self.policy.severity)

    @property
    def fingerprint(self) -> str:
        """Stable over edits that move lines: policy, root folder, address, argument; 16 hex digits."""
        return fingerprint_of(self.policy.id, self.place.root, self.address, self.verdict.argument)

    @property
    def is_failed(self) -> bool:
        """What may close the gate: nobody has skipped it, and no baseline knows it."""
        return self.skipped is None and not self.in_baseline and self.verdict.outcome is Outcome.FAILED


@dataclass(frozen=True, slots=True)
class Trouble:
    """We could not do our work on something: `what` happened, `means` for the result, `mend` it so. Never green.

    `policy` and `address` name what could not be judged where it is one policy's answer about one block; of what a module makes that is
    not here, the block is the `module` block.
    """

    root: str
    what: str
    means: str
    mend: str
    file: str = ""
    line: int = 0
    policy: str = ""
    address: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else f"{self.root}: "
        return f"{where}{self.what} {self.means} {self.mend}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that is no finding and no trouble: it changes no verdict and no exit code. `line` is 0 for a whole file."""

    says: str
    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.says}" if self.line else f"{self.file} {self.says}"


ReadKind = Literal["source", "plan", "source and plan"]


@dataclass(slots=True)
class Run:
    """Everything one scan found, in deterministic order. `settings` are what it was asked to heed; the defaults where there is no file.

    `asked` are the policies in it, and `policies` their number. `scanned` are the paths that were given, `kind` tells what stood there.
    `stacks` are the rows of the shared responsibility picture, one for each function.
    `base` and `paths` are marks: equal for two runs whose places are relative to the same folder, and for two that were given the same
    paths.
    `baseline` is what is left of the baseline that it was given: less the entries that no finding matches any more.
    `base_folder` is the folder to which the files of its places are relative, where they stand on this machine.
    """

    findings: list[Finding] = field(default_factory=list)  # every outcome but NOT_OURS
    troubles: list[Trouble] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    functions: int = 0
    policies: int = 0
    unread: list[str] = field(default_factory=list)  # "seen, not read": Terragrunt, SAM, CDKTF folders; unknown modules
    notes: list[Note] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    asked: list[Policy] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)
    kind: ReadKind = "source"
    stacks: tuple[Stack, ...] = ()
    base: str = ""
    paths: str = ""
    baseline: Baseline | None = None
    base_folder: Path | None = None

    def of(self, outcome: Outcome) -> list[Finding]:
        """The findings with that outcome, skipped ones left out."""
        return [f for f in self.findings if f.verdict.outcome is outcome and f.skipped is None]
