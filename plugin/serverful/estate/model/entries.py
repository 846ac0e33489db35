"""Ways in: how requests reach a function through an API, a function URL or a load balancer."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.callers import Invocation
from serverful.estate.place import Place
from serverful.estate.value import Unknown, Value

ANY = "ANY"
"""The method of an entry that takes every method: a function URL, `$default`, `ANY /orders`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in, and the call of a function behind it.

    `by` and `place` are those of the block that says which requests come in here: a method, a route, a resolver, a function URL. `kind` is
    what people call what they go through ("REST API", "HTTP API", "AppSync", "function URL", "Application Load Balancer"). `method` is in
    capitals: an HTTP method or `ANY`, of GraphQL the type (`QUERY`, `MUTATION`), "" for what is neither; `path` is as written, "" where
    that is not known. `is_public` says whether it can be reached from the internet, whoever is let in there. `waits_ms` is how long it
    waits for the function's answer, None where it waits as long as the function runs.
    """

    by: str
    place: Place
    kind: str
    method: Value[str]
    path: str
    is_public: Value[bool]
    waits_ms: Value[int] | None
    call: Invocation

    @property
    def name(self) -> str:
        """`GET /orders`, `Query orders`; the kind where there is nothing to tell."""
        method = self.method.expression if isinstance(self.method, Unknown) else self.method.value
        if not self.path:
            return method if method not in ("", ANY) else self.kind
        return f"{method.capitalize() if self.kind == 'AppSync' else method} {self.path}"

    @property
    def called(self) -> str:
        """The name within a sentence: `GET /orders`, `the HTTP API`."""
        return f"the {self.kind}" if self.name == self.kind else self.name

    @property
    def full_name(self) -> str:
        """The name for itself: `REST API: GET /orders`, `HTTP API`."""
        return self.kind if self.name == self.kind else f"{self.kind}: {self.name}"

    @property
    def is_greedy(self) -> bool:
        """Whether it takes whatever comes: every method, or every path below one (`{proxy+}`)."""
        return (not isinstance(self.method, Unknown) and self.method.value == ANY) or "+}" in self.path
