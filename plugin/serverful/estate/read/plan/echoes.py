"""What the provider reads back into a thing although it is written elsewhere: rules of a group, routes of a table, policies of a role.

After an apply, a plan shows the rules of `aws_vpc_security_group_egress_rule` in the group's own `egress` as well, and goes on showing them
while it deletes the rule. "You should not use" both ways for one thing (Terraform AWS provider 6.55 documentation, pages of
`aws_security_group`, `aws_route_table`, `aws_iam_role`), so where rules have resources of their own, those alone count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from serverful.estate.read.plan.document import mapping

# The type that has a resource of its own: the argument that names whose it is, and where the provider reads it back.
_READ_BACK = {
    "aws_vpc_security_group_egress_rule": ("security_group_id", "egress"),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", "ingress"),
    "aws_route": ("route_table_id", "route"),
    "aws_iam_role_policy": ("role", "inline_policy"),
}
_EITHER = "aws_security_group_rule"  # its `type` tells which


def echoes(change: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The identifier of the thing that a change is a part of, and the nested block in which that thing shows it; before and after."""
    kind = change.get("type")
    for state in (mapping(mapping(change.get("change")).get(when)) for when in ("before", "after")):
        owner, nested = ("security_group_id", state.get("type")) if kind == _EITHER else _READ_BACK.get(str(kind), ("", ""))
        whose = state.get(owner)
        if isinstance(whose, str) and isinstance(nested, str):
            yield whose, nested
