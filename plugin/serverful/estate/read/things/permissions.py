"""Permissions to call functions and to take layers.

Arguments: Terraform AWS provider 6.55 documentation, `aws_lambda_permission` and `aws_lambda_layer_version_permission`.
"""

from __future__ import annotations

from serverful.estate.identity import covers
from serverful.estate.model import Callee, LayerPermission, Permission
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Encoded, Literal, Ref, Text, shown
from serverful.estate.read.things.callee import callee
from serverful.estate.read.things.callers.permissions import INVOKE, INVOKE_URL
from serverful.estate.read.things.callers.roles import principal
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.identity import ROLES
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.text_parts import HOLE
from serverful.estate.value import Basis, Known, Value


def permission(block: Block, index: Index) -> Permission:
    """`aws_lambda_permission`."""
    action = convert.text(block, "action", INVOKE)
    named = callee(block, "function_name", index, "qualifier")
    via_url = convert.flag(block, "invoked_via_function_url", False)
    is_only_url = isinstance(action, Known) and covers(action.value, INVOKE_URL) and not covers(action.value, INVOKE)
    return Permission(
        **heading(block),
        callee=named or Callee(None, convert.unknown(block.term("function_name"), block.at("function_name")).expression),
        action=action,
        principal=_principal(block, index),
        source_arn=_written(block, "source_arn"),
        source_account=_written(block, "source_account"),
        organization=_written(block, "principal_org_id"),
        token=_written(block, "event_source_token"),
        url_auth=convert.optional_text(block, "function_url_auth_type"),
        is_by_url=is_only_url or (isinstance(via_url, Known) and via_url.value),
    )


def layer_permission(block: Block, index: Index) -> LayerPermission:
    """`aws_lambda_layer_version_permission`."""
    return LayerPermission(**heading(block), principal=_principal(block, index), organization=_written(block, "organization_id"))


def _principal(block: Block, index: Index) -> Value[str]:
    place = block.at("principal")
    role = index.block_of(index.link(block, "principal", *ROLES))
    if role is not None and role.type in ROLES:
        return Known(role.address, place, Basis.DERIVED)
    written = principal(block.term("principal"))
    return convert.unknown(block.term("principal"), place) if HOLE in written or not written else Known(written, place)


def _written(block: Block, name: str) -> Value[str | None]:
    """What an argument says, where it says something: a text with unknown parts and what a resource tells are no null."""
    place, term = block.at(name), convert.settled(block.term(name))
    match term:
        case Literal(None) | Literal(""):
            return Known(None, place)
        case Literal(value):
            return Known(str(value), place)
        case Text() | Encoded() | Ref():
            return Known(" ".join(shown(term).strip('"').split()), place, Basis.DERIVED)
    return convert.unknown(term, place)


BUILDERS = {"aws_lambda_permission": permission, "aws_lambda_layer_version_permission": layer_permission}
