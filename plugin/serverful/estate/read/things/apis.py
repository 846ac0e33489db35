"""APIs of API Gateway: whether they are private, and whom their resource policy lets in.

Sources: Terraform AWS provider 6.55 documentation, `aws_api_gateway_rest_api` (`endpoint_configuration.types` is `EDGE` unless told),
`aws_api_gateway_rest_api_policy`; API Gateway developer guide, "x-amazon-apigateway-policy object" (2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.model import WEBSOCKET, Api, Document, Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Encoded, Entries
from serverful.estate.read.things.callers.documents import document_of, entries_of
from serverful.estate.read.things.endpoints import service
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Listing, Value

REST_API, HTTP_API = "aws_api_gateway_rest_api", "aws_apigatewayv2_api"
APIS = (REST_API, HTTP_API)
_POLICY = "aws_api_gateway_rest_api_policy"
_IN_BODY = "x-amazon-apigateway-policy"
_CONFIGURATION, _ENDPOINT = "endpoint_configuration", "aws_vpc_endpoint"


def rest(block: Block, index: Index) -> Api:
    """`aws_api_gateway_rest_api`, with the policy that stands in it, beside it or in its OpenAPI body."""
    policies = [index.documents.of(block, "policy")] if convert.settled(block.term("policy")) != NULL else []
    children = index.children(block.address, (REST_API,), _POLICY, "rest_api_id")
    policies += [index.documents.of(child, "policy") for child in children.sure]
    policies += _in_body(block, index)
    endpoints = _endpoints(block, index)
    return Api(
        **heading(block),
        kind="REST API",
        is_private=privacy(block),
        policies=tuple(policies),
        policy_at=children.sure[0].at("policy") if children.sure else block.at("policy"),
        unknown=tuple(why for _, why in children.possible),
        endpoints=endpoints,
        endpoint_policies=tuple(_endpoint_policies(endpoints, index)),
        leads_elsewhere=tuple(_elsewhere(block, index)),
    )


def _endpoints(block: Block, index: Index) -> Listing[Link]:
    """The interface endpoints that an API names; where it names none, those of this root for APIs."""
    for nested in block.blocks(_CONFIGURATION).blocks:
        named = index.links(nested, "vpc_endpoint_ids", _ENDPOINT)
        if not named.is_empty:
            return named
    return index.remembered("apis: interface endpoints", lambda: _of_this_root(index))


def _of_this_root(index: Index) -> Listing[Link]:
    found = [one for one in index.of_type(_ENDPOINT) if isinstance(of := service(one), Known) and of.value == "execute-api"]
    return Listing(tuple(Link(one.address, one.address, one.place) for one in found))


def _endpoint_policies(endpoints: Listing[Link], index: Index) -> Iterator[Document]:
    for endpoint in filter(None, map(index.block_of, endpoints)):
        if endpoint.mode != "managed":  # found by a data source: its policy stands elsewhere
            continue
        beside = index.children(endpoint.address, (_ENDPOINT,), "aws_vpc_endpoint_policy", "vpc_endpoint_id").sure
        yield index.documents.of(beside[0] if beside else endpoint, "policy")


def _elsewhere(block: Block, index: Index) -> Iterator[Place]:
    """The integrations of a REST API with HTTP endpoints and VPC links."""
    for integration in index.children(block.address, (REST_API,), "aws_api_gateway_integration", "rest_api_id").sure:
        if _is_http(convert.optional_text(integration, "type")):
            yield integration.place
    document = document_of(block.term("body"))
    for _, path in entries_of(dict(entries_of(document)[0]).get("paths", NULL))[0] if document is not None else ():
        for _, operation in entries_of(path)[0]:
            integration_of = dict(entries_of(dict(entries_of(operation)[0]).get("x-amazon-apigateway-integration", NULL))[0])
            if _is_http(convert.text_of(integration_of.get("type", NULL), block.at("body"))):
                yield block.at("body")


def _is_http(kind: Value[str | None]) -> bool:
    return isinstance(kind, Known) and (kind.value or "").lower() in ("http", "http_proxy")


def http(block: Block, index: Index) -> Api:  # noqa: ARG001
    """`aws_apigatewayv2_api`. It is never private, and has no resource policy."""
    protocol = convert.text(block, "protocol_type")
    is_messages = isinstance(protocol, Known) and protocol.value.upper() == "WEBSOCKET"
    never: Known[bool] = Known(False, block.place, Basis.DERIVED)
    return Api(**heading(block), kind=WEBSOCKET if is_messages else "HTTP API", is_private=never, policies=(), policy_at=block.place)


def privacy(api: Block) -> Value[bool]:
    """Whether a REST API can be reached through interface endpoints only."""
    nested = api.blocks(_CONFIGURATION)
    if nested.undecided:
        return convert.unknown(nested.undecided[0], api.at(_CONFIGURATION))
    if not nested.blocks:
        return Known(False, api.place, Basis.DEFAULTED)
    types = convert.strings(nested.blocks[0], "types")
    if types.unknown:
        return types.unknown[0]
    return Known("PRIVATE" in types.items, nested.blocks[0].at("types"))


def _in_body(block: Block, index: Index) -> list[Document]:
    document = document_of(block.term("body"))
    written = dict(entries_of(document)[0]).get(_IN_BODY, NULL) if document is not None else NULL
    held = Encoded(written) if isinstance(convert.settled(written), Entries) else written
    return [index.documents.read(held, block.at("body"))] if held != NULL else []
