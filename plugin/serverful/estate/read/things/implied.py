"""What AWS makes together with a VPC, and no block needs to declare: its main route table and its default security group.

`aws_vpc.main.default_security_group_id` leads to the `aws_default_security_group` that adopts it, else to a thing of just that address.
Source: Amazon VPC User Guide, "Default security groups for your VPCs" and "Subnet route tables".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from serverful.estate.read.block import Block
from serverful.estate.read.term import Ref, references

VPCS = ("aws_vpc", "aws_default_vpc")
TABLE = "default_route_table_id"
GROUP = "default_security_group_id"
_ATTRIBUTES = {"main_route_table_id": TABLE, "default_route_table_id": TABLE, "default_security_group_id": GROUP}
_ADOPTERS = {TABLE: ("aws_default_route_table", "default_route_table_id"), GROUP: ("aws_default_security_group", "vpc_id")}


class Implied:
    """Answers where references to a VPC's own table and group lead to.

    `groups` are the default security groups that are referred to and that no block of this root adopts, by the address they get here.
    """

    def __init__(self, of_type: Callable[..., Iterator[Block]]) -> None:
        self._of_type = of_type
        self._adopted: dict[tuple[str, str], str] | None = None
        self.groups: dict[str, Block] = {}

    def owner(self, ref: Ref) -> str | None:
        """The address under which what belongs to a VPC's own table or group is gathered; None where the reference means neither."""
        if ref.block.type not in VPCS or ref.block.mode != "managed" or len(ref.path) != 1:
            return None
        what = _ATTRIBUTES.get(str(ref.path[0]))
        if what is None:
            return None
        if self._adopted is None:
            self._adopted = dict(self._adoptions())
        return self._adopted.get((ref.block.address, what)) or f"{ref.block.address}.{what}"

    def target(self, ref: Ref) -> str | None:
        """The address of the thing that a reference to a VPC's own table or group leads to.

        None for a table that nobody adopts: it stays with its VPC, which holds the routes added to it.
        """
        owner = self.owner(ref)
        if owner is None or owner == f"{ref.block.address}.{TABLE}":
            return None
        if owner == f"{ref.block.address}.{GROUP}":
            self.groups[owner] = ref.block
        return owner

    def _adoptions(self) -> Iterator[tuple[tuple[str, str], str]]:
        for what, (adopter, argument) in _ADOPTERS.items():
            for block in self._of_type(adopter):
                for ref in references(block.term(argument)):
                    if ref.block.type in VPCS:
                        yield (ref.block.address, what), block.address
