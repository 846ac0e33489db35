"""HTTP APIs that reach a balancer inside a VPC through a VPC link, and the functions behind it.

Source: Terraform AWS provider 6.55 documentation, `aws_apigatewayv2_integration` (`connection_type` is `INTERNET` unless told; behind a VPC
link `integration_uri` is the ARN of a listener). Links of REST APIs lead to a network balancer, and are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from serverful.estate.model import Api, Guard, Link, PrivateLink
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things import apis
from serverful.estate.read.things.apis import HTTP_API
from serverful.estate.read.things.callee import callee
from serverful.estate.read.things.callers.apis import LISTENERS, RULES, TARGET_GROUPS, groups_of
from serverful.estate.read.things.entries.guards import of_argument, of_balancer
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Listing, Unknown

_INTEGRATION, _ROUTE = "aws_apigatewayv2_integration", "aws_apigatewayv2_route"
_ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")


def http(block: Block, index: Index) -> Api:
    """`aws_apigatewayv2_api` with its private links."""
    integrations = index.children(block.address, (HTTP_API,), _INTEGRATION, "api_id").sure
    return replace(apis.http(block, index), links=tuple(link for one in integrations for link in _links(one, index)))


def _links(integration: Block, index: Index) -> Iterator[PrivateLink]:
    kind = convert.text(integration, "connection_type", "INTERNET")
    listener = index.block_of(index.link(integration, "integration_uri", *LISTENERS))
    if isinstance(kind, Unknown) or kind.value != "VPC_LINK" or listener is None or listener.type not in LISTENERS:
        return
    ways = [listener, *index.children(listener.address, LISTENERS, RULES[0], "listener_arn").sure]
    groups = dict.fromkeys(group for way in ways for group in groups_of(way, index))
    functions: list[Link] = []
    elsewhere = not groups
    for group in groups:
        owner = index.blocks.get(group)
        target = convert.text(owner, "target_type", "instance") if owner is not None else None
        elsewhere = elsewhere or not (isinstance(target, Known) and target.value == "lambda")
        attached = [one for type_ in _ATTACHMENTS for one in index.children(group, TARGET_GROUPS, type_, "target_group_arn").sure]
        named = [callee(one, "target_id", index) for one in attached]
        elsewhere = elsewhere or any(one is None or one.function is None for one in named)
        functions += [one.function for one in named if one is not None and one.function is not None]
    guards, at = _guards(integration, ways, index)
    yield PrivateLink(integration.address, integration.at("connection_type"), tuple(functions), elsewhere, guards, at)


def _guards(integration: Block, ways: list[Block], index: Index) -> tuple[Listing[Guard], Place]:
    """What the routes to an integration ask, or else the balancer behind it: where one of each asks nobody, nobody is asked."""
    asked = [(of_argument(route, "authorization_type", "NONE"), route.at("authorization_type")) for route in _routes(integration, index)]
    if not asked:
        return Listing((), (Unknown(f"which route leads to {integration.address}", integration.place),)), integration.place
    weakest, at = min(asked, key=lambda one: (len(one[0].items), len(one[0].unknown)))
    if weakest.items:
        return weakest, at
    behind = [of_balancer(way, index) for way in ways]
    if all(guards.items for guards in behind):
        return behind[0], at
    return Listing((), (*weakest.unknown, *(part for guards in behind for part in guards.unknown))), at


def _routes(integration: Block, index: Index) -> list[Block]:
    def answer() -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for route in index.of_type(_ROUTE):
            link = index.link(route, "target", _INTEGRATION)
            if link is not None and link.target is not None:
                found.setdefault(link.target, []).append(route)
        return found

    return index.remembered("entries: routes by integration", answer).get(integration.address, [])
