"""Lists of subnets that a registry module puts out, known without being loaded: they are there, and some as long as the list it was given.

terraform-aws-modules/vpc/aws (outputs.tf and main.tf of 5.x and 6.x, read at 6.6.0, 2026-01-08): `private_subnets` is
`aws_subnet.private[*].id`, one for each of `var.private_subnets`; the other tiers alike. Without `create_vpc` all of them are empty.
"""

from __future__ import annotations

from serverful.estate.known_networks import is_always_a_list, is_vpc_module
from serverful.estate.read.term import Items, Literal, Ref

_CHANGE_THE_NUMBER = ("create_vpc", "one_nat_gateway_per_az")


def is_known_list(ref: Ref) -> bool:
    """Whether a reference leads to such a list, or to one of it."""
    return ref.block.mode == "module" and bool(ref.path) and is_always_a_list(_source(ref), str(ref.path[0]))


def known_length(ref: Ref) -> int | None:
    """How many subnets such a list holds; None where that cannot be told."""
    if not is_known_list(ref) or len(ref.path) > 1:
        return None
    if not is_vpc_module(_source(ref)) or any(ref.block.has(name) for name in _CHANGE_THE_NUMBER):
        return None
    given = ref.block.term(str(ref.path[0]))
    return len(given.items) if isinstance(given, Items) and not given.rest else None


def _source(ref: Ref) -> str:
    source = ref.block.term("source")
    return str(source.value) if isinstance(source, Literal) else ""
