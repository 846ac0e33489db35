"""HTTP APIs: routes and their integrations, OpenAPI documents, and "quick create". WebSocket APIs have routes of another kind.

Source: Terraform AWS provider 6.55 documentation, `aws_apigatewayv2_route`, `aws_apigatewayv2_integration` (`timeout_milliseconds` of an
HTTP API is 30000 unless told) and `aws_apigatewayv2_api`. There is no private HTTP API (API Gateway developer guide, "Choose between REST
APIs and HTTP APIs").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from serverful.estate.model import ANY, Entry
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal
from serverful.estate.read.things.callers.openapi import operations
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Unknown, Value

if TYPE_CHECKING:
    from serverful.estate.read.things.entries import Reader

KIND = "HTTP API"
_API, _INTEGRATION = "aws_apigatewayv2_api", "aws_apigatewayv2_integration"
_WAITS = 30000
_DEFAULT = "$default"


def route(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_apigatewayv2_route` of an HTTP API: its key is `GET /orders` or `$default`."""
    target = _target(block, index)
    key = convert.text(block, "route_key")
    is_http = _is_http(block, key, index)
    if target is None or target.type != _INTEGRATION or (isinstance(is_http, Known) and not is_http.value):
        return
    method: Value[str]
    if isinstance(key, Unknown):
        method, path = key, ""
    else:
        verb, _, path = key.value.partition(" ")
        method = Known(ANY if verb == _DEFAULT else verb.upper(), key.place)
    for call in calls.of(target.address):
        waits = convert.number(target, "timeout_milliseconds", _WAITS)
        yield Entry(block.address, block.place, KIND, method, path, is_http, waits, call)


def _target(block: Block, index: Index) -> Block | None:
    """The integration by reference, or by the id that AWS has given it (a plan knows it as `integrations/ID`)."""
    link = index.link(block, "target", _INTEGRATION)
    owner = index.block_of(link)
    if owner is None and link is not None and link.origin == "literal":
        same = index.named(_INTEGRATION, link.expression.rpartition("/")[2], "id")
        owner = same[0] if len(same) == 1 else None
    return owner


def _is_http(block: Block, key: Value[str], index: Index) -> Value[bool]:
    """Whether a route is one of an HTTP API, and so can be reached by everybody."""
    if isinstance(key, Known) and "/" in key.value:  # a key of a WebSocket API is a word
        return Known(True, key.place, Basis.DERIVED)
    api = index.block_of(index.link(block, "api_id", _API))
    if api is None or api.type != _API:
        return Unknown(f"whether the API of {block.address} is an HTTP API", block.place)
    protocol = convert.text(api, "protocol_type")
    return Known(protocol.value.upper() == "HTTP", protocol.place) if isinstance(protocol, Known) else protocol


def api(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_apigatewayv2_api` with an OpenAPI `body`, or with a `target`: then all requests go to one function."""
    always: Known[bool] = Known(True, block.place, Basis.DERIVED)
    if convert.settled(block.term("body")) not in (NULL, Literal("")):
        for operation in operations(block, index):
            waits = operation.timeout if operation.timeout is not None else Known(_WAITS, block.at("body"), Basis.DEFAULTED)
            method = Known(operation.method, block.at("body"))
            yield Entry(block.address, block.at("body"), KIND, method, operation.path, always, waits, operation.call)
    elif convert.settled(block.term("target")) != NULL:
        for call in calls.of(block.address):
            every, waits = Known(ANY, block.at("target")), Known(_WAITS, block.at("target"), Basis.DEFAULTED)
            yield Entry(block.address, block.at("target"), KIND, every, "", always, waits, call)


READERS: dict[str, Reader] = {"aws_apigatewayv2_route": route, _API: api}
