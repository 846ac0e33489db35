"""REST APIs: methods and their integrations, and OpenAPI documents.

Sources: Terraform AWS provider 6.55 documentation, `aws_api_gateway_integration` (`timeout_milliseconds` is 29000 unless told, up to
300000, and 900000 where answers are streamed), `aws_api_gateway_rest_api` (`endpoint_configuration.types` is `EDGE` unless told).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from serverful.estate.model import Entry
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal
from serverful.estate.read.things.callers.openapi import operations
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Unknown, Value

if TYPE_CHECKING:
    from serverful.estate.read.things.entries import Reader

KIND = "REST API"
_API, _RESOURCE = "aws_api_gateway_rest_api", "aws_api_gateway_resource"
_WAITS = 29000
_DEEPEST = 30  # parts of a path; cycles are not valid Terraform, but must not hang us


def integration(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_api_gateway_integration`: there is one for each method of each resource."""
    for call in calls.of(block.address):
        yield Entry(
            by=block.address,
            place=block.place,
            kind=KIND,
            method=method_of(convert.text(block, "http_method")),
            path=_path(block, index),
            is_public=_is_public(index.block_of(call.source), block),
            waits_ms=convert.number(block, "timeout_milliseconds", _WAITS),
            call=call,
        )


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
    if api is None or api.type != _API:
        return Unknown(f"whether the API of {block.address} is private", block.place)
    nested = api.blocks("endpoint_configuration")
    if nested.undecided:
        return convert.unknown(nested.undecided[0], api.at("endpoint_configuration"))
    if not nested.blocks:
        return Known(True, api.place, Basis.DEFAULTED)
    types = convert.strings(nested.blocks[0], "types")
    place = nested.blocks[0].at("types")
    if types.unknown:
        return types.unknown[0]
    return Known("PRIVATE" not in types.items, place)


def document(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:  # noqa: ARG001
    """`aws_api_gateway_rest_api` with an OpenAPI `body`."""
    if convert.settled(block.term("body")) not in (NULL, Literal("")):
        for operation in operations(block, index):
            waits = operation.timeout if operation.timeout is not None else Known(_WAITS, block.at("body"), Basis.DEFAULTED)
            method = Known(operation.method, block.at("body"))
            yield Entry(block.address, block.at("body"), KIND, method, operation.path, _is_public(block, block), waits, operation.call)


READERS: dict[str, Reader] = {"aws_api_gateway_integration": integration, _API: document}
