"""A Run as JSON, version 1: a public format with shapes of its own, so that changing `Finding` does not change it.

What may change within version 1: keys may be added. What may not: a key's name, its meaning, or the order of lists.
Texts are given as they were read and escaped to ASCII, so that a terminal shows no control character; a reader that shows them
elsewhere escapes them for that place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from serverful.collecting import seldom_collecting
from serverful.estate.place import Place
from serverful.estate.value import Unknown
from serverful.evidence.costs.cost import Cost
from serverful.evidence.costs.prices import price_list
from serverful.evidence.evidence import Evidence
from serverful.evidence.reasons import RecordedReason
from serverful.finding import Finding, Run, Trouble
from serverful.gate import Decision
from serverful.policy import Severity
from serverful.report.counts import count

VERSION = 1

_ENCODER = json.JSONEncoder()
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PlaceV1:
    """`line` and `end_line` are 0 where it was read in a plan: there the address leads to it."""

    root: str
    address: str
    file: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class PolicyV1:
    id: str
    slug: str
    title: str
    principle: str


@dataclass(frozen=True, slots=True)
class EvidenceV1:
    """`grade` is E1 to E6 or null, `as_of` the date of reference data or null."""

    says: str
    place: PlaceV1
    basis: str
    grade: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class UnknownV1:
    """What would decide: an expression that leads out of the root."""

    expression: str
    place: PlaceV1


@dataclass(frozen=True, slots=True)
class ReasonV1:
    """A person's recorded reason. `source` is "tag", "comment" or "settings"; the address of a place in the settings is `reasons[0]`."""

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
    """What the subject costs at list price. Money is text, since it is decimal. `as_of` is the date of the oldest price.

    `sharing` functions and capacity providers pay it together: it must not be added up over their findings.
    """

    usd_a_month_at_least: str
    region: str
    as_of: str
    sharing: int
    charges: list[ChargeV1]
    by_use: list[ByUseV1]


@dataclass(frozen=True, slots=True)
class FindingV1:
    """`outcome` is "failed", "justified", "undecided" or "passed"; `kind` "unexplained", "contradicted" or null.

    `skipped` is the text of a `checkov:skip` comment (maybe empty), or null when there is none. `calls` are the module blocks that the
    subject is made through, innermost first. `cost` is null where money is no argument, or no price is known.
    `in_baseline` says that a failed one is known since the baseline, so that it does not close the gate.
    """

    fingerprint: str
    policy: PolicyV1
    outcome: str
    severity: str
    kind: str | None
    address: str
    place: PlaceV1
    argument: str
    says: str
    path: list[EvidenceV1]
    missed: list[str]
    unknown: list[UnknownV1]
    recommendation: str
    reason: ReasonV1 | None
    skipped: str | None
    calls: list[PlaceV1]
    cost: CostV1 | None
    in_baseline: bool


@dataclass(frozen=True, slots=True)
class TroubleV1:
    """`file` is null and `line` 0 when the trouble is not at one file or line.

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


@dataclass(frozen=True, slots=True)
class NoteV1:
    """Worth knowing, and neither finding nor trouble. `line` is 0 when it is about the whole file."""

    file: str
    line: int
    says: str


@dataclass(frozen=True, slots=True)
class CountsV1:
    """A finding that is skipped, or in the baseline, counts as that and as nothing else."""

    policies: int
    functions: int
    roots: int
    failed: int
    failed_by_severity: dict[str, int]
    justified: int
    undecided: int
    passed: int
    skipped: int
    troubles: int
    in_baseline: int


@dataclass(frozen=True, slots=True)
class DecisionV1:
    """`fail_on` is a severity or "never"."""

    exit_code: int
    because: str
    fail_on: str


@dataclass(frozen=True, slots=True)
class RunV1:
    """`today` is the day that the end dates of reasons were compared with, `settings` the settings file that counted, or null."""

    version: int
    serverful: str
    today: str
    decision: DecisionV1
    counts: CountsV1
    roots: list[str]
    findings: Iterator[FindingV1]  # made one by one: there may be tens of thousands
    troubles: list[TroubleV1]
    unread: list[str]
    notes: list[NoteV1]
    settings: str | None


def to_json(run: Run, decision: Decision, *, fail_on: Severity | None, today: date, tool_version: str) -> str:
    """The Run as indented JSON, without a line break at the end. Same Run in, same text out."""
    return "".join(to_json_pieces(run, decision, fail_on=fail_on, today=today, tool_version=tool_version))


def to_json_pieces(run: Run, decision: Decision, *, fail_on: Severity | None, today: date, tool_version: str) -> Iterator[str]:
    """The same text in pieces to be written one after another. Of a large root it is 130 MB, which nobody needs at once."""
    counts = count(run)
    numbers = {name: value for name, value in asdict(counts).items() if name != "by_severity"}
    shape = RunV1(
        version=VERSION,
        serverful=tool_version,
        today=today.isoformat(),
        decision=DecisionV1(decision.exit_code, decision.because, fail_on.name if fail_on else "never"),
        counts=CountsV1(**numbers, failed_by_severity={severity.name: number for severity, number in counts.by_severity}),
        roots=list(run.roots),
        findings=(_finding(finding) for finding in run.findings),
        troubles=[_trouble(trouble) for trouble in run.troubles],
        unread=list(run.unread),
        notes=[NoteV1(note.file, note.line, note.says) for note in run.notes],
        settings=run.settings.file or None,
    )
    with seldom_collecting():
        yield from _text(shape)


def _finding(finding: Finding) -> FindingV1:
    policy, verdict, reason = finding.policy, finding.verdict, finding.verdict.reason
    return FindingV1(
        fingerprint=finding.fingerprint,
        policy=PolicyV1(policy.id, policy.slug, policy.title, policy.principle.value),
        outcome=verdict.outcome.value,
        severity=finding.severity.name,
        kind=verdict.kind.value if verdict.kind else None,
        address=finding.address,
        place=_place(finding.place),
        argument=verdict.argument,
        says=verdict.says,
        path=[_evidence(evidence) for evidence in verdict.path],
        missed=list(verdict.missed),
        unknown=[_unknown(unknown) for unknown in verdict.unknown],
        recommendation=verdict.instead or policy.recommendation,
        reason=_reason(reason) if reason else None,
        skipped=finding.skipped,
        calls=[_place(place) for place in finding.calls],
        cost=_cost(finding.cost) if finding.cost else None,
        in_baseline=finding.in_baseline,
    )


def _cost(cost: Cost) -> CostV1:
    return CostV1(
        usd_a_month_at_least=str(cost.usd_a_month),
        region=price_list().region,
        as_of=cost.as_of.isoformat(),
        sharing=cost.sharing,
        charges=[
            ChargeV1(c.address, c.item, c.arithmetic, str(c.usd), c.price.as_of.isoformat(), c.price.source.strip()) for c in cost.charges
        ],
        by_use=[ByUseV1(u.address, u.unit, str(u.price.usd), u.price.as_of.isoformat(), u.price.source.strip()) for u in cost.by_use],
    )


def _reason(reason: RecordedReason) -> ReasonV1:
    return ReasonV1(
        key=reason.key,
        category=reason.category,
        until=reason.until.isoformat(),
        owner=reason.owner,
        text=reason.text,
        source=reason.source,
        place=_place(reason.place),
    )


def _evidence(evidence: Evidence) -> EvidenceV1:
    return EvidenceV1(
        says=evidence.says,
        place=_place(evidence.place),
        basis=evidence.basis.value,
        grade=evidence.grade.name if evidence.grade else None,
        as_of=evidence.as_of.isoformat() if evidence.as_of else None,
    )


def _unknown(unknown: Unknown) -> UnknownV1:
    return UnknownV1(unknown.expression, _place(unknown.place))


def _trouble(trouble: Trouble) -> TroubleV1:
    return TroubleV1(
        root=trouble.root,
        file=trouble.file or None,
        line=trouble.line,
        what=trouble.what,
        means=trouble.means,
        mend=trouble.mend,
        policy=trouble.policy or None,
        address=trouble.address or None,
    )


def _place(place: Place) -> PlaceV1:
    return PlaceV1(place.root, place.address, place.file, place.line, place.end_line)


# --- the text -------------------------------------------------------------------------------------------------------------------------


def _text(shape: RunV1) -> Iterator[str]:
    """What `json.dumps(asdict(shape), indent=2)` gives, in pieces: of a root with thousands of findings that would be a long wait and,
    with its copies of everything, the most memory of the whole run.
    """
    yield "{"
    for number, name in enumerate(_names(RunV1)):
        value = getattr(shape, name)
        yield f'{"," if number else ""}\n  "{name}": '
        if not isinstance(value, list | Iterator):
            yield _written(value, "  ")
            continue
        opening = "["
        for item in value:
            yield f"{opening}\n    {_written(item, '    ')}"
            opening = ","
        yield "[]" if opening == "[" else "\n  ]"
    yield "\n}"


def _written(value: object, pad: str) -> str:
    """A value that begins behind `pad`, two blanks more for each level in it."""
    inner = pad + "  "
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        opens, closes, rows = "[", "]", [_written(item, inner) for item in value]
    elif isinstance(value, dict):
        opens, closes, rows = "{", "}", [f"{_quoted(key)}: {_written(item, inner)}" for key, item in value.items()]
    elif is_dataclass(value) and not isinstance(value, type):
        opens, closes, rows = "{", "}", [f'"{name}": {_written(getattr(value, name), inner)}' for name in _names(type(value))]
    else:
        return _ENCODER.encode(value)  # a number, true, false or null
    return f"{opens}\n{inner}" + f",\n{inner}".join(rows) + f"\n{pad}{closes}" if rows else opens + closes


@cache
def _names(shape: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))


def _quoted(text: str) -> str:
    r"""The text as JSON; a byte of a file name that is no UTF-8, which Python holds as a lone surrogate, is written out: `\\udcff`.

    Strict readers refuse a lone surrogate (RFC 8259, section 8.2).
    """
    return _ENCODER.encode(text if text.isascii() else _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
