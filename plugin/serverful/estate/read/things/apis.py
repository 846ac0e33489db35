"""APIs of API Gateway: whether they are private, and whom their resource policy lets in.

Sources: Terraform AWS provider 6.55 documentation, `aws_api_gateway_rest_api` (`endpoint_configuration.types` is `EDGE` unless told),
`aws_api_gateway_rest_api_policy`; API Gateway developer guide, "x-amazon-apigateway-policy object" (2026).
"""

from __future__ import annotations

from serverful.estate.model import WEBSOCKET, Api, Document
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Encoded, Entries
from serverful.estate.read.things.callers.documents import document_of, entries_of
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Value

REST_API, HTTP_API = "aws_api_gateway_rest_api", "aws_apigatewayv2_api"
APIS = (REST_API, HTTP_API)
_POLICY = "aws_api_gateway_rest_api_policy"
_IN_BODY = "x-amazon-apigateway-policy"
_CONFIGURATION = "endpoint_configuration"


def rest(block: Block, index: Index) -> Api:
    """`aws_api_gateway_rest_api`, with the policy that stands in it, beside it or in its OpenAPI body."""
    policies = [index.documents.of(block, "policy")] if convert.settled(block.term("policy")) != NULL else []
    children = index.children(block.address, (REST_API,), _POLICY, "rest_api_id")
    policies += [index.documents.of(child, "policy") for child in children.sure]
    policies += _in_body(block, index)
    nested = block.blocks(_CONFIGURATION)
    first = nested.blocks[0] if nested.blocks else None
    return Api(
        **heading(block),
        kind="REST API",
        is_private=privacy(block),
        policies=tuple(policies),
        policy_at=children.sure[0].at("policy") if children.sure else block.at("policy"),
        unknown=tuple(why for _, why in children.possible),
        **({"endpoints": index.links(first, "vpc_endpoint_ids", "aws_vpc_endpoint")} if first is not None else {}),
    )


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


BUILDERS = {REST_API: rest, HTTP_API: http}
