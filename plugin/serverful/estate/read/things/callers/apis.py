"""Callers that wait while somebody else waits for them: APIs, load balancers, function URLs, the edge.

Arguments: Terraform AWS provider 6.55 documentation, page of each type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from serverful.estate.model import Invocation, Link, Style
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL
from serverful.estate.read.things.callers.calling import Caller, Shape, calls_at
from serverful.estate.read.things.callers.openapi import NOT_LAMBDA, SERVICE, body_calls, integration_style
from serverful.estate.read.things.index import Index, members
from serverful.estate.value import Known

if TYPE_CHECKING:
    from serverful.estate.read.things.callers import Reader

_EDGE, _APPSYNC, _BALANCER, _LATTICE = "CloudFront", "AppSync", "Application Load Balancer", "VPC Lattice"
_EDGE_FUNCTION = "lambda_function_association.lambda_arn"
_TENANTS_FUNCTION = "lambda_function_association.lambda_function_arn"
_AUTHORIZER = "lambda_authorizer_config.authorizer_uri"
TARGET_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
LISTENERS, RULES = ("aws_lb_listener", "aws_alb_listener"), ("aws_lb_listener_rule", "aws_alb_listener_rule")

SHAPES: dict[str, tuple[Shape, ...]] = {
    "aws_api_gateway_authorizer": (Shape(f"{SERVICE} authorizer", Style.SYNCHRONOUS, ("authorizer_uri",), "rest_api_id"),),
    "aws_apigatewayv2_authorizer": (Shape(f"{SERVICE} authorizer", Style.SYNCHRONOUS, ("authorizer_uri",), "api_id"),),
    "aws_lambda_function_url": (Shape("function URL", Style.SYNCHRONOUS, ("function_name",), qualifier="qualifier"),),
    "aws_cloudfront_distribution": (
        Shape(
            _EDGE,
            Style.SYNCHRONOUS,
            (f"default_cache_behavior.{_EDGE_FUNCTION}", f"ordered_cache_behavior.{_EDGE_FUNCTION}"),
        ),
    ),
    "aws_cloudfront_multitenant_distribution": (
        Shape(_EDGE, Style.SYNCHRONOUS, (f"default_cache_behavior.{_TENANTS_FUNCTION}", f"cache_behavior.{_TENANTS_FUNCTION}")),
    ),
    "aws_appsync_datasource": (Shape(_APPSYNC, Style.SYNCHRONOUS, ("lambda_config.function_arn",), "api_id"),),
    "aws_appsync_graphql_api": (
        Shape(f"{_APPSYNC} authorizer", Style.SYNCHRONOUS, (_AUTHORIZER, f"additional_authentication_provider.{_AUTHORIZER}")),
    ),
    "aws_appsync_api": (Shape(f"{_APPSYNC} authorizer", Style.SYNCHRONOUS, (f"event_config.auth_provider.{_AUTHORIZER}",)),),
    "aws_appsync_resolver": (
        Shape(_APPSYNC, Style.SYNCHRONOUS, ("sync_config.lambda_conflict_handler_config.lambda_conflict_handler_arn",), "api_id"),
    ),
    "aws_appsync_function": (
        Shape(_APPSYNC, Style.SYNCHRONOUS, ("sync_config.lambda_conflict_handler_config.lambda_conflict_handler_arn",), "api_id"),
    ),
}


def rest_integration(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_api_gateway_integration`."""
    yield from _integration(block, "uri", "type", "rest_api_id", index)


def http_integration(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_apigatewayv2_integration`, of an HTTP or a WebSocket API. One with a subtype calls another service than Lambda."""
    if block.term("integration_subtype") == NULL:
        yield from _integration(block, "integration_uri", "integration_type", "api_id", index)


def _integration(block: Block, uri: str, kind: str, api: str, index: Index) -> Iterator[Invocation]:
    type_ = convert.optional_text(block, kind)
    known = (type_.value or "").lower() if isinstance(type_, Known) else ""
    if known in NOT_LAMBDA:
        return
    is_proxy = known == "aws_proxy"
    style = Style.SYNCHRONOUS if is_proxy else integration_style(block.term("request_parameters"))
    yield from calls_at(Caller(block, SERVICE, style, index.link(block, api)), uri, index, is_mixed=not is_proxy)


def rest_api(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_api_gateway_rest_api` with an OpenAPI `body`."""
    yield from body_calls(block, index)


def http_api(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_apigatewayv2_api` with an OpenAPI `body` or a `target` ("quick create": a function's ARN or a URL)."""
    yield from body_calls(block, index)
    yield from calls_at(Caller(block, SERVICE, Style.SYNCHRONOUS, _itself(block)), "target", index, is_mixed=True)


def _itself(block: Block) -> Link:
    return Link(block.address, block.address, block.place)


def balancer_target(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_lb_target_group_attachment` of a group whose targets are functions."""
    group = index.link(block, "target_group_arn", *TARGET_GROUPS)
    owner = index.block_of(group)
    kind = convert.optional_text(owner, "target_type") if owner is not None else None
    is_lambda = isinstance(kind, Known) and kind.value == "lambda"
    if isinstance(kind, Known) and not is_lambda:  # instances, addresses, another balancer
        return
    balancer = _balancers(index).get(group.target or "", group) if group is not None else None
    for call in calls_at(Caller(block, _BALANCER, Style.SYNCHRONOUS, balancer), "target_id", index):
        if is_lambda or call.callee.function is not None:  # else it may as well be an instance
            yield call


def _balancers(index: Index) -> dict[str, Link]:
    """The load balancer in front of each target group, through listeners and their rules."""

    def answer() -> dict[str, Link]:
        found: dict[str, Link] = {}
        for block in index.of_type(*LISTENERS, *RULES):
            balancer = _balancer_of(block, index)
            for group in groups_of(block, index) if balancer is not None else ():
                if balancer is not None:
                    found.setdefault(group, balancer)
        return found

    return index.remembered("callers: load balancers", answer)


def _balancer_of(block: Block, index: Index) -> Link | None:
    if block.type in RULES:
        listener = index.link(block, "listener_arn", *LISTENERS)
        owner = index.block_of(listener)
        return index.link(owner, "load_balancer_arn") if owner is not None and owner.type in LISTENERS else None
    return index.link(block, "load_balancer_arn")


def groups_of(block: Block, index: Index) -> Iterator[str]:
    """The target groups that a listener or rule forwards to."""
    for name in ("action", "default_action"):
        for action in block.blocks(name).blocks:
            terms = [action.term("target_group_arn")]
            for forward in action.blocks("forward").blocks:
                terms += [group.term("arn") for group in forward.blocks("target_group").blocks]
            for member in (part for term in terms for part in members(term)):
                link = index.link_of(member, block.place, *TARGET_GROUPS)
                if isinstance(link, Link) and link.target is not None:
                    yield link.target


def lattice_target(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_vpclattice_target_group_attachment` of a group whose targets are functions."""
    group = index.link(block, "target_group_identifier", "aws_vpclattice_target_group")
    owner = index.block_of(group)
    kind = convert.optional_text(owner, "type") if owner is not None else None
    if isinstance(kind, Known) and kind.value != "LAMBDA":
        return
    for call in calls_at(Caller(block, _LATTICE, Style.SYNCHRONOUS, group), "target.id", index):
        if isinstance(kind, Known) or call.callee.function is not None:
            yield call


READERS: dict[str, Reader] = {
    "aws_api_gateway_integration": rest_integration,
    "aws_apigatewayv2_integration": http_integration,
    "aws_api_gateway_rest_api": rest_api,
    "aws_apigatewayv2_api": http_api,
    "aws_lb_target_group_attachment": balancer_target,
    "aws_alb_target_group_attachment": balancer_target,
    "aws_vpclattice_target_group_attachment": lattice_target,
}
