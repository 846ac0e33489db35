"""AppSync: resolvers of queries and mutations, direct or in a pipeline.

Sources: Terraform AWS provider 6.55 documentation, `aws_appsync_resolver`, `aws_appsync_function`, `aws_appsync_datasource` and
`aws_appsync_graphql_api` (`visibility` is `GLOBAL` unless told); AWS AppSync developer guide, "Resolver mapping template reference for
Lambda" (`invocationType` may be `Event`), and its quotas: a request is executed for 30 seconds at most; "Configuring authorization and
authentication to secure your GraphQL APIs": an API key is for what everybody may do, and a field asks as the API does unless the schema has
a directive that opens it to another of the API's ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from serverful.estate.model import Entry, Guard, Invocation, Style
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Literal, Term, Text, shown
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.entries.guards import of_argument
from serverful.estate.read.things.index import Index, members
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

if TYPE_CHECKING:
    from serverful.estate.read.things.entries import Reader

KIND = "AppSync"
_API, _SOURCE, _FUNCTION = "aws_appsync_graphql_api", "aws_appsync_datasource", "aws_appsync_function"
_WAITS = 30000
_ASKS, _KEY = "authentication_type", "API_KEY"
_TEMPLATES = ("code", "request_template", "request_mapping_template")


def resolver(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_appsync_resolver`. A field of another type than Query, Mutation and Subscription has no method."""
    written, field = convert.text(block, "type"), convert.text(block, "field")
    method: Value[str] = written
    if isinstance(written, Known):
        kind = written.value.upper()
        method = Known(kind if kind in ("QUERY", "MUTATION", "SUBSCRIPTION") else "", written.place)
    for call in _calls(block, calls, index):
        yield Entry(
            by=block.address,
            place=block.place,
            kind=KIND,
            method=method,
            path=field.value if isinstance(field, Known) else "",
            is_public=_is_public(block, index),
            waits_ms=Known(_WAITS, block.place, Basis.DEFAULTED),
            call=call,
            guards=_guards(block, index),
            asked_at=_asked_at(block, index),
        )


def _calls(block: Block, calls: Calls, index: Index) -> Iterator[Invocation]:
    for holder in (block, *_of_pipeline(block, index)):
        source = _source(holder, index)
        for call in calls.of(source.address) if source is not None else ():
            yield replace(call, style=Style.EITHER) if _may_hand_over(holder) else call


def _of_pipeline(block: Block, index: Index) -> Iterator[Block]:
    for pipeline in block.blocks("pipeline_config").blocks:
        for member in members(pipeline.term("functions")):
            link = index.link_of(member, block.place, _FUNCTION)
            owner = index.block_of(link) if link is not None and not isinstance(link, Unknown) else None
            if owner is not None and owner.type == _FUNCTION:
                yield owner


def _source(holder: Block, index: Index) -> Block | None:
    """The data source by reference, or the only one of its name."""
    link = index.link(holder, "data_source", _SOURCE)
    owner = index.block_of(link)
    if owner is None and link is not None and link.origin == "literal":
        named = index.named(_SOURCE, link.expression)
        owner = named[0] if len(named) == 1 else None
    return owner if owner is not None and owner.type == _SOURCE else None


def _may_hand_over(holder: Block) -> bool:
    """Whether a template says that the function is not waited for, or cannot be read."""
    return any("invocationtype" in _text(convert.settled(holder.term(name))).lower() for name in _TEMPLATES)


def _text(term: Term) -> str:
    return shown(term) if isinstance(term, (Literal, Text)) else ""


def _is_public(block: Block, index: Index) -> Value[bool]:
    api = index.block_of(index.link(block, "api_id", _API))
    if api is None or api.type != _API:
        return Unknown(f"whether the API of {block.address} is private", block.place)
    visibility = convert.text(api, "visibility", "GLOBAL")
    return Known(visibility.value.upper() != "PRIVATE", visibility.place) if isinstance(visibility, Known) else visibility


def _asked_at(block: Block, index: Index) -> Place:
    api = index.block_of(index.link(block, "api_id", _API))
    return api.at(_ASKS) if api is not None and api.type == _API else block.place


def _guards(block: Block, index: Index) -> Listing[Guard]:
    api = index.block_of(index.link(block, "api_id", _API))
    if api is None or api.type != _API:
        return Listing((), (Unknown(f"how the API of {block.address} authenticates", block.place),))
    asked = of_argument(api, _ASKS, open_words=(_KEY,))
    more = api.blocks("additional_authentication_provider")
    others = [of_argument(nested, _ASKS, open_words=(_KEY,)) for nested in more.blocks]
    is_asked, is_open = bool(asked.items), any(not other.items for other in others)
    if more.undecided or (is_asked and is_open) or (not is_asked and any(other.items or other.unknown for other in others)):
        return Listing((), (*asked.unknown, Unknown(f"what the schema of {api.address} says of this field", api.place)))
    return asked


READERS: dict[str, Reader] = {"aws_appsync_resolver": resolver}
