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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from typing import Literal

from serverful.gate import Decision, Tally, decide_on
from serverful.natural import natural
from serverful.policy import Severity
from serverful.record import v1
from serverful.record.counted import counts_of

_Level = v1.SeverityV1 | Literal["never"]


def joined(earlier: v1.RunV1, later: v1.RunV1) -> v1.RunV1:
    """What two records say, as one, decided at the stricter of their levels; what the later one judged again counts."""
    again = {_identity(part) for part in later.parts}
    judged = {(part.base, root) for part in later.parts for root in part.roots}
    kept: list[_Piece] = []
    for piece in _pieces(earlier):
        if _identity(piece.part) in again:
            continue
        gone = {root for root in piece.part.roots if (piece.part.base, root) in judged}
        if not gone or gone < set(piece.part.roots):
            kept.append(piece.without(gone) if gone else piece)
    pieces = sorted([*kept, *_pieces(later)], key=lambda piece: _order(piece.part))
    policies = {policy.id: policy for policy in (*earlier.policies, *later.policies)}
    newest = max(pieces, key=lambda piece: piece.part.today, default=None)
    is_later = newest is None or later.today >= newest.part.today
    made = v1.RunV1(
        version=v1.VERSION,
        serverful=later.serverful if is_later else newest.part.serverful,  # type: ignore[union-attr]
        today=max(earlier.today, later.today) if newest is None else newest.part.today,
        decision=later.decision,
        counts=later.counts,
        parts=[piece.part for piece in pieces],
        roots=list(dict.fromkeys(root for piece in pieces for root in piece.part.roots)),
        policies=sorted(policies.values(), key=lambda policy: natural(policy.id)),
        functions=_functions(pieces),
        findings=_findings(pieces),
        troubles=[replace(trouble, part=number) for number, piece in enumerate(pieces) for trouble in piece.troubles],
        unread=[replace(unread, part=number) for number, piece in enumerate(pieces) for unread in piece.unread],
        notes=[replace(note, part=number) for number, piece in enumerate(pieces) for note in piece.notes],
    )
    counted = replace(made, counts=_counts(made))
    return decided(counted, _stricter(earlier.decision.fail_on, later.decision.fail_on))
