"""HTTP APIs: routes and their integrations, OpenAPI documents, and "quick create"; and the routes of WebSocket APIs.

Sources: Terraform AWS provider 6.55 documentation, `aws_apigatewayv2_route`, `aws_apigatewayv2_integration` (`timeout_milliseconds` of an
HTTP API is 30000 unless told, of a WebSocket API 29000) and `aws_apigatewayv2_api`. API Gateway developer guide, "Choose between REST APIs
and HTTP APIs" (there is no private HTTP API) and "Control and manage access to WebSocket APIs" (who comes in is asked on `$connect` alone).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from serverful.estate.model import ANY, WEBSOCKET, Entry, Guard
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal
from serverful.estate.read.things.apis import HTTP_API
from serverful.estate.read.things.callers.openapi import operations
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.entries.guards import api_guards, of_argument
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

if TYPE_CHECKING:
    from serverful.estate.read.things.entries import Reader

KIND = "HTTP API"
_INTEGRATION, _ROUTE = "aws_apigatewayv2_integration", "aws_apigatewayv2_route"
_WAITS, _WAITS_FOR_MESSAGES = 30000, 29000
_DEFAULT, _CONNECT = "$default", "$connect"
_ASKS = "authorization_type"


def route(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_apigatewayv2_route`: its key is `GET /orders` or `$default`, of a WebSocket API a word."""
    target = _target(block, index)
    if target is None or target.type != _INTEGRATION:
        return
    key = convert.text(block, "route_key")
    is_http = _is_http(block, key, index)
    is_message = isinstance(is_http, Known) and not is_http.value
    api = index.block_of(index.link(block, "api_id", HTTP_API))
    asks = _connect(block, api, index) if is_message else block
    asked = of_argument(asks, _ASKS, "NONE") if isinstance(asks, Block) else asks
    method, path = _words(key, is_message)
    for call in calls.of(target.address):
        yield Entry(
            by=block.address,
            place=block.place,
            kind=WEBSOCKET if is_message else KIND,
            method=method,
            path=path,
            is_public=Known(True, is_http.place, Basis.DERIVED) if isinstance(is_http, Known) else is_http,
            waits_ms=convert.number(target, "timeout_milliseconds", _WAITS_FOR_MESSAGES if is_message else _WAITS),
            call=call,
            guards=api_guards(asked, api, index),
            asked_at=asks.at(_ASKS) if isinstance(asks, Block) else block.place,
            api=api.address if api is not None else "",
        )


def _words(key: Value[str], is_message: bool) -> tuple[Value[str], str]:
    """The method and the path of a route's key."""
    if isinstance(key, Unknown):
        return key, ""
    if is_message:
        return Known("", key.place), key.value
    verb, _, path = key.value.partition(" ")
    return Known(ANY if verb == _DEFAULT else verb.upper(), key.place), path


def _connect(block: Block, api: Block | None, index: Index) -> Block | Listing[Guard]:
    """The route of a WebSocket API on which people connect; where there is none, nobody is asked, as far as can be seen."""
    if api is None:
        return Listing((), (Unknown(f"the {_CONNECT} route of the API of {block.address}", block.place),))
    routes = index.children(api.address, (HTTP_API,), _ROUTE, "api_id")
    keys = [(child, convert.text(child, "route_key")) for child in routes.sure]
    for child, key in keys:
        if isinstance(key, Known) and key.value == _CONNECT:
            return child
    unknown = (*(why for _, why in routes.possible), *(key for _, key in keys if isinstance(key, Unknown)))
    return Listing((), unknown[:1])


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
    api = index.block_of(index.link(block, "api_id", HTTP_API))
    if api is None or api.type != HTTP_API:
        return Unknown(f"whether the API of {block.address} is an HTTP API", block.place)
    protocol = convert.text(api, "protocol_type")
    return Known(protocol.value.upper() == "HTTP", protocol.place) if isinstance(protocol, Known) else protocol


def api(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_apigatewayv2_api` with an OpenAPI `body`, or with a `target`: then all requests go to one function."""
    always: Known[bool] = Known(True, block.place, Basis.DERIVED)
    if convert.settled(block.term("body")) not in (NULL, Literal("")):
        for operation in operations(block, index):
            waits = operation.timeout if operation.timeout is not None else Known(_WAITS, block.at("body"), Basis.DEFAULTED)
            method, at = Known(operation.method, block.at("body")), block.at("body")
            guards = api_guards(operation.guards, block, index)
            yield Entry(block.address, at, KIND, method, operation.path, always, waits, operation.call, guards, at, block.address)
    elif convert.settled(block.term("target")) != NULL:
        for call in calls.of(block.address):
            at, guards = block.at("target"), api_guards(Listing(), block, index)  # quick create makes a route that asks nobody
            every, waits = Known(ANY, at), Known(_WAITS, at, Basis.DEFAULTED)
            yield Entry(block.address, at, KIND, every, "", always, waits, call, guards, at, block.address)


READERS: dict[str, Reader] = {_ROUTE: route, HTTP_API: api}
