"""REST APIs: methods and their integrations, and OpenAPI documents.

Sources: Terraform AWS provider 6.55 documentation, `aws_api_gateway_integration` (`timeout_milliseconds` is 29000 unless told, up to
300000, and 900000 where answers are streamed), `aws_api_gateway_method` (`authorization`; an API key is none).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from serverful.estate.model import Entry, Guard
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal
from serverful.estate.read.things.apis import REST_API, privacy
from serverful.estate.read.things.callers.openapi import operations
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.entries.guards import api_guards, of_argument
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

if TYPE_CHECKING:
    from serverful.estate.read.things.entries import Reader

KIND = "REST API"
_RESOURCE, _METHOD = "aws_api_gateway_resource", "aws_api_gateway_method"
_WAITS = 29000
_DEEPEST = 30  # parts of a path; cycles are not valid Terraform, but must not hang us


def integration(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_api_gateway_integration`: there is one for each method of each resource."""
    for call in calls.of(block.address):
        method, api = method_of(convert.text(block, "http_method")), index.block_of(call.source)
        asked, asked_at = _asked(block, method, index)
        yield Entry(
            by=block.address,
            place=block.place,
            kind=KIND,
            method=method,
            path=_path(block, index),
            is_public=_is_public(api, block),
            waits_ms=convert.number(block, "timeout_milliseconds", _WAITS),
            call=call,
            guards=api_guards(asked, api, index),
            asked_at=asked_at,
            api=api.address if api is not None else "",
        )


def _asked(integration: Block, method: Value[str], index: Index) -> tuple[Listing[Guard], Place]:
    """What the method of an integration asks: by reference, or as the one of its API, resource and name."""
    owner = index.block_of(index.link(integration, "http_method", _METHOD))
    if owner is None or owner.type != _METHOD:
        same = _methods(index).get(_key(integration, method, index), ())
        owner = same[0] if len(same) == 1 else None
    if owner is None:
        return Listing((), (Unknown(f"the authorization of the method of {integration.address}", integration.place),)), integration.place
    return of_argument(owner, "authorization"), owner.at("authorization")


_Key = tuple[str | None, str | None, str]


def _key(block: Block, method: Value[str], index: Index) -> _Key:
    links = (index.link(block, "rest_api_id", REST_API), index.link(block, "resource_id", _RESOURCE, REST_API))
    api, resource = (link.target or link.expression if link is not None else None for link in links)
    return api, resource, method.value if isinstance(method, Known) else method.expression


def _methods(index: Index) -> dict[_Key, list[Block]]:
    def answer() -> dict[_Key, list[Block]]:
        found: dict[_Key, list[Block]] = {}
        for block in index.of_type(_METHOD):
            found.setdefault(_key(block, method_of(convert.text(block, "http_method")), index), []).append(block)
        return found

    return index.remembered("entries: methods of REST APIs", answer)


def method_of(written: Value[str]) -> Value[str]:
    """In capitals."""
    return Known(written.value.upper(), written.place, written.basis) if isinstance(written, Known) else written


def _path(block: Block, index: Index) -> str:
    """The whole path where all its parts are known, else "" or the end of it behind an ellipsis."""
    parts: list[str] = []
    link = index.link(block, "resource_id", _RESOURCE)
    for _ in range(_DEEPEST):
        owner = index.block_of(link)
        if owner is None or owner.type != _RESOURCE:
            break
        part = convert.text(owner, "path_part")
        parts.insert(0, part.value if isinstance(part, Known) else "…")
        link = index.link(owner, "parent_id", _RESOURCE)
    is_whole = link is not None and link.attribute == "root_resource_id"
    return f"{'' if is_whole else '…'}/{'/'.join(parts)}" if is_whole or parts else ""


def _is_public(api: Block | None, block: Block) -> Value[bool]:
    if api is None or api.type != REST_API:
        return Unknown(f"whether the API of {block.address} is private", block.place)
    private = privacy(api)
    return Known(not private.value, private.place, private.basis) if isinstance(private, Known) else private


def document(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:  # noqa: ARG001
    """`aws_api_gateway_rest_api` with an OpenAPI `body`."""
    if convert.settled(block.term("body")) not in (NULL, Literal("")):
        for operation in operations(block, index):
            waits = operation.timeout if operation.timeout is not None else Known(_WAITS, block.at("body"), Basis.DEFAULTED)
            method, guards = Known(operation.method, block.at("body")), api_guards(operation.guards, block, index)
            yield Entry(
                block.address,
                block.at("body"),
                KIND,
                method,
                operation.path,
                _is_public(block, block),
                waits,
                operation.call,
                guards,
                block.at("body"),
                block.address,
            )


READERS: dict[str, Reader] = {"aws_api_gateway_integration": integration, REST_API: document}
