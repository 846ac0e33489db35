"""Integrations of APIs: how one calls, and the OpenAPI documents in which whole APIs are written.

Sources: API Gateway developer guide, "x-amazon-apigateway-integration object", "x-amazon-apigateway-authorizer object" and "Set up
asynchronous invocation of the backend Lambda function", "x-amazon-apigateway-authtype property", "x-amazon-apigateway-auth object".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from serverful.estate.model import ANY, Guard, Invocation, Link, Style
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Items, Literal, Term, Undecided, shown
from serverful.estate.read.things.callers.calling import Caller
from serverful.estate.read.things.callers.documents import document_of, entries_of, words
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Listing, Unknown, Value

SERVICE = "API Gateway"
NOT_LAMBDA = ("http", "http_proxy", "mock")  # kinds of integration

_ASYNCHRONOUS = "x-amz-invocation-type"
_INTEGRATION, _SHARED_INTEGRATIONS = "x-amazon-apigateway-integration", "x-amazon-apigateway-integrations"
_AUTHORIZER, _AUTHTYPE, _AUTH = "x-amazon-apigateway-authorizer", "x-amazon-apigateway-authtype", "x-amazon-apigateway-auth"
_ANY = {"x-amazon-apigateway-any-method": ANY}


def integration_style(parameters: Term) -> Style:
    """How an integration calls that is no proxy: the header `X-Amz-Invocation-Type: Event` in its parameters makes it asynchronous."""
    known, unknown = entries_of(parameters)
    for name, value in known:
        if name.lower() == f"integration.request.header.{_ASYNCHRONOUS}":
            header = convert.settled(value)
            if not isinstance(header, Literal) or not str(header.value).startswith("'"):  # taken from the request
                return Style.EITHER
            return Style.ASYNCHRONOUS if str(header.value).strip("'").lower() == "event" else Style.SYNCHRONOUS
    return Style.EITHER if unknown else Style.SYNCHRONOUS


def body_calls(block: Block, index: Index) -> Iterator[Invocation]:
    """The calls that the OpenAPI `body` of an API tells of; what of it cannot be read may call any function."""
    term, place = block.term("body"), block.at("body")
    if convert.settled(term) in (NULL, Literal("")):
        return
    caller = Caller(block, SERVICE, Style.SYNCHRONOUS, Link(block.address, block.address, block.place))
    document = document_of(term)
    if document is not None:
        yield from _Document(caller, place, index).calls(document)
        return
    # YAML, or a template with holes in odd places: the header that makes a call asynchronous is seen, but not whose it is.
    caller = replace(caller, style=Style.EITHER) if _ASYNCHRONOUS in shown(term).lower() else caller
    for word in words(term):
        yield from caller.named(word, place, block.exists, index, is_mixed=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """One path and verb of an OpenAPI document, and the call behind it. `timeout` is that of its integration in milliseconds, if any.

    `guards` are what asks who calls it; a scheme without an authorizer (an API key, a mere description) asks nobody.
    """

    method: str
    path: str
    call: Invocation
    timeout: Value[int] | None
    guards: Listing[Guard]


def operations(block: Block, index: Index) -> Iterator[Operation]:
    """The operations of the OpenAPI `body` of an API that certainly call a function of this root; none where it cannot be parsed."""
    document = document_of(block.term("body"))
    if document is not None:
        caller = Caller(block, SERVICE, Style.SYNCHRONOUS, Link(block.address, block.address, block.place))
        yield from _Document(caller, block.at("body"), index).operations(document)


class _Document:
    """An OpenAPI document, read down to what may call functions; a part of it that is decided elsewhere may call any."""

    def __init__(self, caller: Caller, place: Place, index: Index) -> None:
        self._caller, self._place, self._index = caller, place, index
        self._unknown: list[Undecided] = []

    def calls(self, document: Term) -> Iterator[Invocation]:
        parts = dict(self._entries(document))
        components = dict(self._entries(parts.get("components", NULL)))
        operations = (verb for _, path in self._entries(parts.get("paths", NULL)) for _, verb in self._entries(path))
        integrations = [dict(self._entries(operation)).get(_INTEGRATION, NULL) for operation in operations]
        integrations += [shared for _, shared in self._entries(components.get(_SHARED_INTEGRATIONS, NULL))]
        for integration in integrations:
            yield from self._integration(integration)
        for schemes in (components.get("securitySchemes", NULL), parts.get("securityDefinitions", NULL)):
            for _, scheme in self._entries(schemes):
                yield from self._authorizer(dict(self._entries(scheme)).get(_AUTHORIZER, NULL))
        for part in self._unknown:
            yield self._caller.unfollowed(convert.unknown(part, self._place))

    def operations(self, document: Term) -> Iterator[Operation]:
        parts = dict(self._entries(document))
        shared = dict(self._entries(dict(self._entries(parts.get("components", NULL))).get(_SHARED_INTEGRATIONS, NULL)))
        guards = _Guards(parts, self._place)
        for path, verbs in self._entries(parts.get("paths", NULL)):
            for verb, operation in self._entries(verbs):
                written = dict(self._entries(operation)).get(_INTEGRATION, NULL)
                given = dict(self._entries(written))
                referred = convert.settled(given.get("$ref", NULL))
                if isinstance(referred, Literal) and referred.value is not None:
                    written = shared.get(str(referred.value).rpartition("/")[2], NULL)
                    given = dict(self._entries(written))
                timeout = convert.settled(given.get("timeoutInMillis", NULL))
                whole = convert.whole(timeout.value) if isinstance(timeout, Literal) else None
                waits: Value[int] | None = Known(whole, self._place) if whole is not None else None
                if not isinstance(timeout, Literal):
                    waits = convert.unknown(timeout, self._place)
                for call in self._integration(written):
                    if call.callee.target is not None:
                        yield Operation(_ANY.get(verb, verb.upper()), path, call, waits, guards.of(operation))

    def _entries(self, term: Term) -> list[tuple[str, Term]]:
        known, unknown = entries_of(term)
        self._unknown += unknown
        return known

    def _integration(self, integration: Term) -> Iterator[Invocation]:
        given = dict(self._entries(integration))
        kind = convert.settled(given.get("type", NULL))
        type_ = str(kind.value).lower() if isinstance(kind, Literal) else ""
        if type_ in NOT_LAMBDA or "integrationSubtype" in given:
            return
        is_proxy = type_ == "aws_proxy"
        style = Style.SYNCHRONOUS if is_proxy else integration_style(given.get("requestParameters", NULL))
        caller = replace(self._caller, style=style)
        yield from caller.named(given.get("uri", NULL), self._place, caller.block.exists, self._index, is_mixed=not is_proxy)

    def _authorizer(self, authorizer: Term) -> Iterator[Invocation]:
        uri = dict(self._entries(authorizer)).get("authorizerUri", NULL)
        caller = replace(self._caller, service=f"{SERVICE} authorizer")
        yield from caller.named(uri, self._place, caller.block.exists, self._index)


class _Guards:
    """What the operations of a document ask, by its security schemes."""

    def __init__(self, parts: Mapping[str, Term], place: Place) -> None:
        self._place = place
        self._whole = parts.get("security", NULL)
        self._schemes: dict[str, Term] = {}
        self._unknown: list[Undecided] = []
        components = dict(entries_of(parts.get("components", NULL))[0])
        for schemes in (components.get("securitySchemes", NULL), parts.get("securityDefinitions", NULL)):
            known, unknown = entries_of(schemes)
            self._schemes.update(known)
            self._unknown += unknown

    def of(self, operation: Term) -> Listing[Guard]:
        """What one operation asks; a requirement that names nothing asks nobody."""
        known, hidden = entries_of(operation)
        given = dict(known)
        kind = convert.settled(dict(entries_of(given.get(_AUTH, NULL))[0]).get("type", NULL))
        if isinstance(kind, Literal) and kind.value is not None:
            word = str(kind.value)
            return Listing() if word.upper() == "NONE" else Listing((Guard(f'{_AUTH}.type = "{word}"', self._place),))
        found: list[Guard] = []
        unknown = [convert.unknown(part, self._place) for part in hidden]
        security = convert.settled(given.get("security", self._whole))
        for requirement in (*security.items, *security.rest) if isinstance(security, Items) else () if security == NULL else (security,):
            names, rest = entries_of(requirement)
            if not names and not rest:
                return Listing()
            unknown += [convert.unknown(part, self._place) for part in rest]
            for name, _ in names:
                asked = self._asks(name)
                found += [Guard(f"the security scheme {name}", self._place)] if asked is True else []
                unknown += [asked] if isinstance(asked, Unknown) else []
        return Listing(tuple(found)) if found else Listing((), tuple(unknown))

    def _asks(self, name: str) -> bool | Unknown:
        if name not in self._schemes:
            return Unknown(f"the security scheme {name}", self._place) if self._unknown else False
        known, hidden = entries_of(self._schemes[name])
        given = dict(known)
        asks = any(convert.settled(given.get(key, NULL)) != NULL for key in (_AUTHORIZER, _AUTHTYPE))
        return convert.unknown(hidden[0], self._place) if hidden and not asks else asks
