"""What private thing does an attached function reach? The evidence of all grades, strongest first.

E1 edges between security groups, E2 references, E3 shapes of the network, E4 demands of the organisation; E6 hints apart from them.
A person's recorded reason (E5) is no matter of the estate: `serverful.evidence.reasons` reads it.

Not evidence, whoever asks for it: an event source mapping for MSK, Amazon MQ, DocumentDB or one's own Kafka (the mapping uses the cluster's
network, the function stays outside); a load balancer, VPC Lattice or a private API in *front* of the function; the permission to make
network interfaces; AWS APIs that identity protects, reached through an interface endpoint or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function
from serverful.evidence.edges import edges
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.guardrails import guardrails
from serverful.evidence.hints import hints
from serverful.evidence.looked_at import looked_at
from serverful.evidence.references import references
from serverful.evidence.shapes import shapes


@dataclass(frozen=True, slots=True)
class Reach:
    """`evidence` holds grades E1 to E4, strongest first; `hints` E6; `looked_at` says what was read, a phrase for each part."""

    evidence: tuple[Evidence, ...]
    hints: tuple[Evidence, ...]
    looked_at: tuple[str, ...]


@once_per_subject
def reach(function: Function, estate: Estate) -> Reach:
    """What speaks for a private network of this function, whether or not it is attached to one."""
    found = _each_once([*edges(function, estate), *references(function, estate), *shapes(function, estate), *guardrails(estate)])
    weak = _each_once([*(seen for seen in found if seen.grade is Grade.E6), *hints(function, estate)])
    strong = sorted((seen for seen in found if seen.grade is not Grade.E6), key=lambda seen: seen.grade.name if seen.grade else "")
    return Reach(tuple(strong), weak, looked_at(function, estate))


def _each_once(seen: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple({(one.says, one.place): one for one in reversed(list(seen))}.values())[::-1]
