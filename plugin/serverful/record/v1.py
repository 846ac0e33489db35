"""The public record of a run, version 1: what every report is made of, and what the JSON says letter for letter.

It has types of its own, so that changing `Finding` does not change it. pydantic reads them from JSON, checks them and describes them in a
JSON Schema (`record/read.py`). They are plain dataclasses all the same: a large run has half a million of them, and whoever only writes a
report waits for no import of pydantic.

What may change within version 1: keys may be added. What may not: a key's name, its meaning, or the order of lists. Days are ISO 8601
(2026-01-31). Texts are as they were read; who shows them escapes them for that place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

VERSION: Literal[1] = 1

OutcomeV1 = Literal["failed", "justified", "undecided", "passed"]
SeverityV1 = Literal["INFO", "LOW", "MEDIUM", "HIGH"]
KindV1 = Literal["unexplained", "contradicted"]
BasisV1 = Literal["stated", "defaulted", "derived"]
LayerV1 = Literal["networking", "fixed IP", "compute", "execution environment", "runtime", "storage", "identity"]
StandingV1 = Literal["aws", "evidence", "justified", "unexplained", "undecided"]


@dataclass(frozen=True, slots=True)
class PlaceV1:
    """A spot. `line` and `end_line` count from 1, both ends included; they are 0 where it was read in a plan: there the address leads
    to it.

    `file` and `root` are relative to the git top level of what was scanned, outside of git to the scanned path, with forward
    slashes.
    """

    root: str
    address: str
    file: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class PolicyV1:
    """A policy that was asked. `why` is Markdown. `feature` is the key of recorded reasons that may answer it, or null when only its
    id does.

    `severity` is the highest that it gives. `page` is where its page is hosted, or null: then `serverful explain ID` shows it.
    """

    id: str
    slug: str
    title: str
    principle: str
    severity: SeverityV1
    feature: str | None
    recommendation: str
    why: str
    page: str | None


@dataclass(frozen=True, slots=True)
class AskedV1:
    """The policy of a finding, as far as one wants to read it there."""

    id: str
    slug: str
    title: str
    principle: str


@dataclass(frozen=True, slots=True)
class EvidenceV1:
    """One thing that was seen. `grade` is E1 to E6 or null, `as_of` the day of reference data or null."""

    says: str
    place: PlaceV1
    basis: BasisV1
    grade: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class UnknownV1:
    """What would decide: an expression that leads out of the root."""

    expression: str
    place: PlaceV1


@dataclass(frozen=True, slots=True)
class ReasonV1:
    """A person's recorded reason. `source` is "tag", "comment" or "settings"; the address of a place in the settings is
    `reasons[0]`.
    """

    key: str
    category: str
    until: str
    owner: str
    text: str
    source: str
    place: PlaceV1


@dataclass(frozen=True, slots=True)
class ChargeV1:
    """One line of the sum. `price_as_of` and `price_source` date its price."""

    address: str
    item: str
    arithmetic: str
    usd_a_month: str
    price_as_of: str
    price_source: str


@dataclass(frozen=True, slots=True)
class ByUseV1:
    """What is paid besides, by use: so many USD `unit` ("per GB and month")."""

    address: str
    unit: str
    usd: str
    price_as_of: str
    price_source: str


@dataclass(frozen=True, slots=True)
class CostV1:
    """What the subject costs at list price; `says` tells it in a sentence. Money is text, since it is decimal. `as_of` is the oldest
    price's.

    `sharing` functions and capacity providers pay it together: it must not be added up over their findings.
    """

    says: str
    usd_a_month_at_least: str
    region: str
    as_of: str
    sharing: int
    charges: list[ChargeV1]
    by_use: list[ByUseV1]


@dataclass(frozen=True, slots=True)
class FindingV1:
    """One policy's answer about one subject.

    `place` is the subject's block, `telling` the line that tells most: of an argument where the finding stands on one, else the
    block's. `answered_by` is the key of the recorded reason that would answer a failed one: a feature, or the policy's id; null
    where none does. `reason` is the recorded one behind *justified*. `skipped` is the text of a `checkov:skip` comment (maybe
    empty), or null when there is none. `in_baseline` says that it was there when the baseline was written: it is shown, and does
    not close the gate. `calls` are the module blocks that the subject is made through, innermost first. `cost` is null where money
    is no argument, or no price is known. `part` is its index in the record's `parts`. `line_hash` is the hash of the line of
    `telling`, by which GitHub's code scanning knows it again (`primaryLocationLineHash`); null where there is no line, and for what
    passed or is undecided.
    """

    fingerprint: str
    policy: AskedV1
    outcome: OutcomeV1
    severity: SeverityV1
    kind: KindV1 | None
    address: str
    place: PlaceV1
    telling: PlaceV1
    argument: str
    says: str
    path: list[EvidenceV1]
    missed: list[str]
    unknown: list[UnknownV1]
    recommendation: str
    answered_by: str | None
    reason: ReasonV1 | None
    skipped: str | None
    in_baseline: bool
    calls: list[PlaceV1]
    cost: CostV1 | None
    part: int = 0
    line_hash: str | None = None

    @property
    def is_failed(self) -> bool:
        """Whether it is for somebody to answer: failed, and neither skipped nor known since the baseline."""
        return self.outcome == "failed" and self.skipped is None and not self.in_baseline


@dataclass(frozen=True, slots=True)
class CellV1:
    """Who runs one layer of one function, and why.

    `standing` is "aws" (AWS runs it), "evidence" (taken back, and the configuration shows why), "justified" (by recorded reasons;
    `until` is the day on which the first of them ends, `owner` its owner), "unexplained" or "undecided". Identity is never "aws": there
    "evidence" means that the role stands here and nothing is found at it. `says` is one sentence, `policies` are the ids of the findings
    that it rests on, `beside` those of failed ones that do not change the standing: they ask how the layer is run.
    """

    layer: LayerV1
    standing: StandingV1
    says: str
    until: str | None
    owner: str | None
    policies: list[str]
    beside: list[str]


@dataclass(frozen=True, slots=True)
class FunctionV1:
    """One function and its layers, in the order of `LayerV1`. `part` is its index in the record's `parts`."""

    address: str
    place: PlaceV1
    layers: list[CellV1]
    part: int = 0


@dataclass(frozen=True, slots=True)
class TroubleV1:
    """What we could not do. `file` is null and `line` 0 when it is not at one file or line. `part` is its index in the record's
    `parts`.

    `policy` (an id) and `address` are null unless it is one policy's answer about one block that is missing.
    """

    root: str
    file: str | None
    line: int
    what: str
    means: str
    mend: str
    policy: str | None
    address: str | None
    part: int


@dataclass(frozen=True, slots=True)
class NoteV1:
    """Worth knowing, and neither finding nor trouble. `line` is 0 when it is about the whole file. `part` is an index in `parts`."""

    file: str
    line: int
    says: str
    part: int


@dataclass(frozen=True, slots=True)
class UnreadV1:
    """Something that was seen and is not ours to read, or not here: Terragrunt, a module nobody downloaded. `part` is an index in
    `parts`.
    """

    says: str
    part: int


@dataclass(frozen=True, slots=True)
class PartV1:
    """What one reading looked at. Most records have one part; Checkov reads each of its folders and frameworks for itself.

    `door` is "scan" or "checkov", `kind` "source", "plan" or both ("source and plan"). `scanned` are the paths, relative to the
    working directory where they are below it. `today` is the day that the end dates of reasons were compared with, `settings` the
    settings file that counted, or null, `baseline` the file of the baseline that findings were held against, or null. `serverful` is
    the version that judged it, `policies` the ids of those that were asked.

    `base` and `paths` are marks of 16 hex digits, or empty: `base` is equal where the names of roots and files are relative to the same
    folder, `paths` where the same paths were scanned, and the same below them left out.
    """

    door: Literal["scan", "checkov"]
    kind: Literal["source", "plan", "source and plan"]
    scanned: list[str]
    today: str
    settings: str | None
    roots: list[str]
    baseline: str | None = None
    serverful: str = ""
    policies: list[str] = field(default_factory=list)
    base: str = ""
    paths: str = ""


@dataclass(frozen=True, slots=True)
class CountsV1:
    """`failed` and what it is made of leave out what is skipped or in the baseline; each finding is counted once."""

    policies: int
    functions: int
    roots: int
    failed: int
    failed_by_severity: dict[SeverityV1, int]
    justified: int
    undecided: int
    passed: int
    skipped: int
    in_baseline: int
    troubles: int


@dataclass(frozen=True, slots=True)
class DecisionV1:
    """`exit_code` is 0 (open), 1 (findings at or above `fail_on`) or 2 (we could not do our work); `fail_on` is a severity or
    "never".
    """

    exit_code: int
    because: str
    fail_on: SeverityV1 | Literal["never"]


@dataclass(frozen=True, slots=True)
class RunV1:
    """The whole record. `serverful` is the version that wrote it, `today` the day of the newest part. Findings are in order of
    root, address and policy; functions in order of root and address.
    """

    version: Literal[1]
    serverful: str
    today: str
    decision: DecisionV1
    counts: CountsV1
    parts: list[PartV1]
    roots: list[str]
    policies: list[PolicyV1]
    functions: list[FunctionV1]
    findings: list[FindingV1]
    troubles: list[TroubleV1]
    unread: list[UnreadV1]
    notes: list[NoteV1]
