"""Records of several readings as one. Pure: two records in, one out.

Checkov reads each of its folders and frameworks for itself, often in processes of their own, and a pipeline may call it several times. What
is read again replaces what was read before:

- The same reading (same door, kind and scanned paths) is replaced wholly: a root that is not there any more goes with it.
- A root that was judged again replaces what was said of the same root, with its troubles. Two roots are the same when they have one name
  relative to one folder (`PartV1.base`): outside of git, `.` of one scanned folder is not `.` of another.
- A part of which no root remains goes, with its troubles, notes and unread. What is in it besides stays as long as it does.

To join is idempotent, and associative as long as readings of the same paths find the same roots. Where they do not, the order in which
they were made counts, so whoever joins many goes from the oldest to the newest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeVar

from serverful.gate import Tally, decide_on
from serverful.natural import natural
from serverful.policy import Severity
from serverful.record import v1
from serverful.record.counted import counts_of
from serverful.record.made import decision_of

_NEVER = "never"


def joined(earlier: v1.RunV1, later: v1.RunV1) -> v1.RunV1:
    """What two records say, as one, decided at the stricter of their levels. What the later one judged again counts."""
    level = _stricter(_level(earlier), _level(later))
    kept = [piece for piece in (_left(piece, later) for piece in _pieces(earlier)) if piece is not None]
    if not kept:
        return decided(later, level)
    pieces = [*kept, *_pieces(later)]
    pieces.sort(key=lambda piece: _order(piece.part))
    for number, piece in enumerate(pieces):
        piece.number(number)
    findings = [finding for piece in pieces for finding in piece.findings]
    functions = [function for piece in pieces for function in piece.functions]
    key = cache(natural)  # few roots, few policies, and every address once for each policy
    findings.sort(key=lambda one: (key(one.place.root), key(one.address), key(one.policy.id)))
    functions.sort(key=lambda one: (key(one.place.root), key(one.address)))
    asked = {policy for piece in pieces for policy in piece.part.policies}
    policies = {policy.id: policy for policy in (*earlier.policies, *later.policies) if policy.id in asked}
    troubles = [trouble for piece in pieces for trouble in piece.troubles]
    roots = [root for piece in pieces for root in piece.part.roots]
    made = v1.RunV1(
        version=v1.VERSION,
        serverful=later.serverful,
        today=max((piece.part.today for piece in pieces), default=max(earlier.today, later.today)),
        decision=later.decision,
        counts=counts_of(findings, policies=len(policies), functions=len(functions), roots=len(roots), troubles=len(troubles)),
        parts=[piece.part for piece in pieces],
        roots=list(dict.fromkeys(roots)),
        policies=sorted(policies.values(), key=lambda policy: key(policy.id)),
        functions=functions,
        findings=findings,
        troubles=troubles,
        unread=[unread for piece in pieces for unread in piece.unread],
        notes=[note for piece in pieces for note in piece.notes],
    )
    return decided(made, level)


def decided(record: v1.RunV1, fail_on: Severity | None) -> v1.RunV1:
    """The record with what the gate decides of it at that level; None lets every finding pass."""
    failed = [Severity[finding.severity] for finding in record.findings if finding.is_failed]
    counts = record.counts
    decision = decide_on(Tally(counts.roots, counts.policies, len(record.troubles), failed, counts.in_baseline), fail_on)
    return replace(record, decision=decision_of(decision, fail_on))


def remarked(record: v1.RunV1, file: str) -> v1.RunV1:
    """The record with notes on what its parts do not have in common: their day, what judged
    them, what was asked, what their names are relative to.

    Nothing of that is wrong, and it may be: yesterday's answers beside today's. `file` is what the notes are about.
    """
    says = list(_remarks(record))
    return replace(record, notes=[*record.notes, *(v1.NoteV1(file, 0, one, 0) for one in says)]) if says else record


def _remarks(record: v1.RunV1) -> Iterable[str]:
    anew = "Remove the file and judge everything again where the older answers should not count."
    days = sorted({part.today for part in record.parts})
    if len(days) > 1:
        older = sorted({path for part in record.parts if part.today != days[-1] for path in part.scanned})
        yield f"holds answers of several days, {days[0]} to {days[-1]}; the older ones are those about {', '.join(older)}. {anew}"
    versions = sorted({part.serverful for part in record.parts}, key=natural)
    if len(versions) > 1:
        yield f"holds answers of several versions of serverful: {', '.join(versions)}. {anew}"
    asked = {policy for part in record.parts for policy in part.policies}
    narrower = sorted({path for part in record.parts if asked - set(part.policies) for path in part.scanned}, key=natural)
    if narrower:
        yield (
            f"holds answers to different questions: not all {len(asked)} policies were asked about {', '.join(narrower)}, so silence about "
            "the others is no answer there. Judge it with the same --check as the rest."
        )
    bases: dict[str, set[str]] = {}
    for base, root in ((part.base, root) for part in record.parts for root in part.roots):
        bases.setdefault(root, set()).add(base)
    several = [root for root, of in bases.items() if len(of) > 1]
    if several:
        yield (
            f"holds several roots of one name ({', '.join(several)}), of folders that were scanned one by one outside of a git repository. "
            "Scan them in one command, or inside of one, and each has a name of its own."
        )


@dataclass
class _Piece:
    """A part with all that belongs to it."""

    part: v1.PartV1
    findings: list[v1.FindingV1] = field(default_factory=list)
    functions: list[v1.FunctionV1] = field(default_factory=list)
    troubles: list[v1.TroubleV1] = field(default_factory=list)
    unread: list[v1.UnreadV1] = field(default_factory=list)
    notes: list[v1.NoteV1] = field(default_factory=list)

    def number(self, number: int) -> None:
        self.findings = _numbered(self.findings, number)
        self.functions = _numbered(self.functions, number)
        self.troubles = _numbered(self.troubles, number)
        self.unread = _numbered(self.unread, number)
        self.notes = _numbered(self.notes, number)

    def without(self, roots: set[str]) -> _Piece:
        return _Piece(
            replace(self.part, roots=[root for root in self.part.roots if root not in roots]),
            [finding for finding in self.findings if finding.place.root not in roots],
            [function for function in self.functions if function.place.root not in roots],
            [trouble for trouble in self.troubles if trouble.root not in roots],
            self.unread,
            self.notes,
        )


_Numbered = TypeVar("_Numbered", v1.FindingV1, v1.FunctionV1, v1.TroubleV1, v1.UnreadV1, v1.NoteV1)


def _numbered(those: list[_Numbered], number: int) -> list[_Numbered]:
    return [one if one.part == number else replace(one, part=number) for one in those]


def _pieces(record: v1.RunV1) -> list[_Piece]:
    pieces = [_Piece(part) for part in record.parts]
    for finding in record.findings:
        pieces[finding.part].findings.append(finding)
    for function in record.functions:
        pieces[function.part].functions.append(function)
    for trouble in record.troubles:
        pieces[trouble.part].troubles.append(trouble)
    for unread in record.unread:
        pieces[unread.part].unread.append(unread)
    for note in record.notes:
        pieces[note.part].notes.append(note)
    return pieces


def _left(piece: _Piece, later: v1.RunV1) -> _Piece | None:
    """What remains of a piece of an earlier record."""
    if any(_identity(part) == _identity(piece.part) for part in later.parts):
        return None
    again = {root for part in later.parts if part.base == piece.part.base for root in part.roots}
    gone = again.intersection(piece.part.roots)
    if not gone:
        return piece
    return piece.without(gone) if gone < set(piece.part.roots) else None


def _identity(part: v1.PartV1) -> tuple[str, ...]:
    return part.door, part.kind, part.base, *([part.paths] if part.paths else part.scanned)


def _order(part: v1.PartV1) -> tuple[object, ...]:
    """The same for the same parts, whoever came first; what people read first is in the order that they expect."""
    scanned, roots = (tuple(natural(path) for path in paths) for paths in (part.scanned, part.roots))
    return scanned, part.kind, part.door, roots, part.base, part.paths


def _level(record: v1.RunV1) -> Severity | None:
    level = record.decision.fail_on
    return None if level == _NEVER else Severity[level]


def _stricter(one: Severity | None, other: Severity | None) -> Severity | None:
    return min((level for level in (one, other) if level is not None), default=None)
