"""Services whose APIs ask who is calling and answer from anywhere, as typed questions: `reference/identity_services.yaml`.

What is not listed is not known to be one: an action of it is no evidence for leaving a VPC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from serverful.estate.identity import covers
from serverful.evidence import reference


@dataclass(frozen=True, slots=True)
class IdentityServices:
    """`prefixes` are IAM's, `blocks` the beginnings of Terraform types.

    `upkeep_*` is what a function is given so that it can run. `hiding` are actions that IAM checks and that hide what their caller does
    next. `in_passing` holds, by managed policy, the prefixes that it has for a console's sake.
    """

    prefixes: frozenset[str]
    upkeep_services: frozenset[str]
    upkeep_actions: frozenset[str]
    upkeep_policies: frozenset[str]
    hiding: tuple[str, ...]
    in_passing: Mapping[str, frozenset[str]]
    blocks: tuple[str, ...]

    def holds(self, block_type: str) -> bool:
        """Whether a Terraform type (`aws_dynamodb_table`) makes a thing of such a service."""
        return block_type.startswith(self.blocks)

    def is_upkeep(self, action: str) -> bool:
        """Whether an action (`logs:*`, `ec2:CreateNetworkInterface`) lets a function run, and tells nothing of what it does."""
        return action.partition(":")[0].lower() in self.upkeep_services or action.lower() in self.upkeep_actions

    def hides(self, action: str) -> bool:
        """Whether an action, or a pattern of actions, holds one that hides what its caller does next."""
        return any(covers(action, hidden) for hidden in self.hiding)

    def hides_by_prefix(self, prefix: str) -> bool:
        """The same of a managed policy, of which only prefixes are known."""
        return any(action.startswith(f"{prefix}:") for action in self.hiding)


@cache
def identity_services() -> IdentityServices:
    """`reference/identity_services.yaml`, read once per process, when first asked."""
    data = reference.read("identity_services.yaml")
    return IdentityServices(
        prefixes=frozenset(data["services"]),
        upkeep_services=frozenset(data["upkeep_services"]),
        upkeep_actions=frozenset(action.lower() for action in data["upkeep_actions"]),
        upkeep_policies=frozenset(data["upkeep_policies"]),
        hiding=tuple(data["hiding_actions"]),
        in_passing={name: frozenset(prefixes) for name, prefixes in data["in_passing"].items()},
        blocks=tuple(f"aws_{block}" for block in data["blocks"]),
    )
