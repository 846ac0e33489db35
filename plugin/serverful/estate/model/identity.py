"""Roles, policies and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field

from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a statement; operator and key as written."""

    operator: str
    key: str
    values: Listing[str]


@dataclass(frozen=True, slots=True)
class Principal:
    """Whom a statement of a resource's policy speaks of. `kind` as written: "AWS", "Service", "Federated", "*" for everybody.

    `link` leads to a role of this root, or holds what is written: an ARN, an account, a service, `*`.
    """

    kind: str
    link: Link

    @property
    def is_anybody(self) -> bool:
        """Whether it is everybody, the anonymous among them."""
        return self.kind == "*" or (self.kind == "AWS" and self.link.expression == "*")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document. `resources` hold links for references and literal ARNs (origin "literal").

    `principals` are those of a resource's policy; a role's policy names none, and they are an empty listing there.
    """

    place: Place
    effect: Value[str]
    actions: Listing[str]
    not_actions: Listing[str]
    resources: Listing[Link]
    conditions: tuple[Condition, ...] = ()
    conditions_unknown: tuple[Unknown, ...] = ()
    principals: Listing[Principal] = field(default_factory=Listing)


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """An AWS managed policy attached to a role, by its name: `AWSLambdaVPCAccessExecutionRole`.

    `exists` is Unknown where somebody else decides whether it is attached, when the role exists.
    """

    name: str
    place: Place
    exists: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document: the statements we can read and the parts we cannot. `managed` are policies of AWS's that it copies.

    `exists` is Unknown where somebody else decides whether the role has it.
    """

    statements: tuple[Statement, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    managed: tuple[ManagedPolicy, ...] = ()
    exists: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Thing):
    """`aws_iam_role` with everything attached to it in this root: inline, attached, managed.

    `unknown` names policies that come from outside and whose actions cannot be seen. `trust` says who may take the role.
    """

    name: Value[str]
    documents: tuple[Document, ...]
    managed: tuple[ManagedPolicy, ...]
    unknown: tuple[Unknown, ...] = ()
    trust: Document = field(default_factory=Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail(Thing):
    """An organisation policy or permission boundary whose conditions demand a VPC for functions (E4)."""

    document: Document
