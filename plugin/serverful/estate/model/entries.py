"""Ways in: how requests reach a function through an API, a function URL or a load balancer."""

from __future__ import annotations

from dataclasses import dataclass, field

from serverful.estate.model.callers import Invocation
from serverful.estate.model.identity import Document
from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value

ANY = "ANY"
"""The method of an entry that takes every method: a function URL, `$default`, `ANY /orders`."""

WEBSOCKET = "WebSocket API"
"""The kind of entries whose requests are messages: no method, and nobody is asked but whoever connects."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that asks who comes in. `says` what it is: `authorization = "AWS_IAM"`, "mutual TLS"."""

    says: str
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in, and the call of a function behind it.

    `by` and `place` are those of the block that says which requests come in here: a method, a route, a resolver, a function URL. `kind` is
    what people call what they go through ("REST API", "HTTP API", "WebSocket API", "AppSync", "function URL", "Application Load
    Balancer"). `method` is in capitals: an HTTP method or `ANY`, of GraphQL the type (`QUERY`, `MUTATION`), "" for what is neither; `path`
    is as written, "" where that is not known. `is_public` says whether it can be reached from the internet, whoever is let in there.
    `waits_ms` is how long it waits for the function's answer, None where it waits as long as the function runs.

    `guards` are what asks each caller who it is; its unknown parts may. Empty and complete: nobody is asked, unless the resource policy of
    the `api` says more (the address of an `Api`, "" where it is none of this root). `asked_at` is where it is written, or would be.
    """

    by: str
    place: Place
    kind: str
    method: Value[str]
    path: str
    is_public: Value[bool]
    waits_ms: Value[int] | None
    call: Invocation
    guards: Listing[Guard]
    asked_at: Place
    api: str = ""

    @property
    def name(self) -> str:
        """`GET /orders`, `Query orders`; the kind where there is nothing to tell."""
        method = self.method.expression if isinstance(self.method, Unknown) else self.method.value
        if not self.path:
            return method if method not in ("", ANY) else self.kind
        return f"{method.capitalize() if self.kind == 'AppSync' else method} {self.path}".strip()

    @property
    def is_greedy(self) -> bool:
        """Whether it takes whatever comes: every method, or every path below one (`{proxy+}`)."""
        return (not isinstance(self.method, Unknown) and self.method.value == ANY) or "+}" in self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Api(Thing):
    """A REST, HTTP or WebSocket API of API Gateway, or the part of one that its own block tells.

    `policies` are its resource policies (only REST APIs have one), `unknown` what may give it another. `policy_at` is where one is written,
    or would be. `endpoints` are the interface endpoints that a private API names.
    """

    kind: str
    is_private: Value[bool]
    policies: tuple[Document, ...]
    policy_at: Place
    unknown: tuple[Unknown, ...] = ()
    endpoints: Listing[Link] = field(default_factory=Listing)
