"""Which actions a policy can hold to one resource: `reference/scoping.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.identity import Allowed, covers
from serverful.evidence import reference
from serverful.evidence.leftovers import is_for_interfaces

_METADATA = ("list", "describe")


@dataclass(frozen=True, slots=True)
class Scoping:
    """`unscoped` are, by IAM prefix, the actions that know no resource; `upkeep` and `let_in` are prefixes that are never too much."""

    as_of: date
    source: str
    upkeep: frozenset[str]
    let_in: frozenset[str]
    lists: frozenset[str]
    unscoped: Mapping[str, tuple[str, ...]]

    def is_upkeep(self, item: Allowed) -> bool:
        """Whether it lets a function write its logs, be traced, or make its network interfaces, which nobody holds against it."""
        return item.service in self.upkeep or (item.service == "ec2" and is_for_interfaces(item))

    def is_every_action(self, item: Allowed) -> bool:
        """Whether it is all that a service can do (`dynamodb:*`), or all that any can (`*`, `*:Get*`)."""
        if any(sign in item.service for sign in "*?") or ":" not in item.action:
            return True
        return item.action.partition(":")[2].strip("*") == "" and item.service not in self.let_in

    def knows_resources(self, item: Allowed) -> bool:
        """Whether it is known that the action can be held to a resource, which is worth it: it does more than list or describe things."""
        patterns = self.unscoped.get(item.service)
        if patterns is None:
            return False
        name = item.action.partition(":")[2]
        if name.lower().startswith(_METADATA) and item.service not in self.lists:
            return False
        # A pattern of actions is one of these when a wider one is: `Get*` covers `GetMetric*`.
        return not any(covers(pattern, name) for pattern in patterns)


@cache
def scoping() -> Scoping:
    """`reference/scoping.yaml`, read once per process, when first asked."""
    data = reference.read("scoping.yaml")
    return Scoping(
        as_of=data["as_of"],
        source=data["source"],
        upkeep=frozenset(data["upkeep"]),
        let_in=frozenset(data["let_in"]),
        lists=frozenset(data["lists"]),
        unscoped={prefix: tuple(actions) for prefix, actions in data["services"].items()},
    )
