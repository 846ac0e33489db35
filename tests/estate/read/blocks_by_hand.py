"""Blocks whose terms are given in Python, for tests of what is made of blocks; no Terraform is parsed.

    vpc = block("aws_vpc.main", cidr_block="10.0.0.0/16")
    subnet = block("aws_subnet.a", vpc_id=ref(vpc, "id"), cidr_block=undecided("cidrsubnet(...)"))
    function = block("aws_lambda_function.a", vpc_config=nested(subnet_ids=[ref(subnet, "id")], security_group_ids=[]))

Plain Python values become literals, lists and dicts lists and maps of terms; every argument stands on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.block import Block, Blocks
from serverful.estate.read.term import NULL, Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided
from serverful.estate.value import Known, Value

TERMS = (Literal, Items, Entries, Ref, Text, Encoded, Every, Undecided)


@dataclass(frozen=True)
class Nested:
    """A nested block as it is given; `dynamic` names the `for_each` of one that is decided elsewhere."""

    given: Mapping[str, Any]
    dynamic: Undecided | None = None


class HandBlock(Block):
    """A block whose arguments and nested blocks are given."""

    def __init__(
        self,
        mode: str,
        type_: str,
        name: str,
        place: Place,
        given: Mapping[str, Any],
        exists: Value[bool],
        comments: tuple[Comment, ...] = (),
        calls: tuple[Place, ...] = (),
    ) -> None:
        self.mode, self.type, self.name, self.address, self.place = mode, type_, name, place.address, place
        self.exists, self.comments, self.calls = exists, comments, calls
        self._given = dict(given)

    def has(self, name: str) -> bool:
        return name in self._given

    def names(self) -> Sequence[str]:
        return tuple(self._given)

    def at(self, name: str) -> Place:
        if name not in self._given:
            return self.place
        line = self.place.line + 1 + list(self._given).index(name)
        return Place(self.place.root, self.address, self.place.file, line, line)

    def term(self, name: str) -> Term:
        given = self._given.get(name)
        return NULL if _is_nested(given) else term(given)

    def blocks(self, name: str) -> Blocks:
        given = self._given.get(name)
        parts = given if isinstance(given, list) else [given]
        plain = [self._nested(name, part.given) for part in parts if isinstance(part, Nested) and part.dynamic is None]
        dynamic = [part for part in parts if isinstance(part, Nested) and part.dynamic is not None]
        possible = [self._nested(name, part.given) for part in dynamic if part.given]
        return Blocks(tuple(plain), tuple(part.dynamic for part in dynamic if part.dynamic), tuple(possible))

    def _nested(self, name: str, given: Mapping[str, Any]) -> HandBlock:
        return HandBlock("nested", name, self.name, self.at(name), given, self.exists)


class Counted(HandBlock):
    """A block that counts how often one of its arguments is read; its nested blocks do not count."""

    reads = 0

    def term(self, name: str) -> Term:
        self.reads += 1
        return super().term(name)


def _is_nested(given: object) -> bool:
    return isinstance(given, Nested) or (isinstance(given, list) and bool(given) and isinstance(given[0], Nested))


def block(
    address: str,
    *,
    exists: Value[bool] | None = None,
    line: int = 1,
    comments: Sequence[str] = (),
    arguments: Mapping[str, Any] | None = None,
    **given: Any,
) -> HandBlock:
    """A resource (`aws_vpc.main`, `module.net.aws_subnet.a[0]`), data source (`data.aws_vpc.x`) or module call (`module.net`).

    `arguments` holds those whose names are taken here (`exists`, `line`).
    """
    place = Place(".", address, "main.tf", line, line + 20)
    words = re.sub(r"\[[^\]]*\]", "", address).split(".")
    while len(words) > 2 and words[0] == "module":
        words = words[2:]
    mode = {"module": "module", "data": "data"}.get(words[0], "managed")
    written = {**given, **(arguments or {})}
    noted = tuple(Comment(text, place) for text in comments)
    return HandBlock(mode, words[-2], words[-1], place, written, exists or Known(True, place), noted)


def counted(address: str, **given: Any) -> Counted:
    """A `block` whose reads are counted, for tests of what reading costs: `sum(block.reads for block in blocks)`."""
    plain = block(address, **given)
    return Counted(plain.mode, plain.type, plain.name, plain.place, plain._given, plain.exists)


def nested(**given: Any) -> Nested:
    """A nested block."""
    return Nested(given)


def dynamic(for_each: str, **given: Any) -> Nested:
    """A `dynamic` block whose `for_each` is decided outside; `given` is the block it would make."""
    return Nested(given, undecided(for_each))


def term(value: Any) -> Term:
    """A term of a plain Python value; terms stay as they are."""
    if isinstance(value, TERMS):
        return value
    if isinstance(value, list):
        return Items(tuple(term(item) for item in value))
    if isinstance(value, dict):
        return Entries({key: term(item) for key, item in value.items()})
    return Literal(value)


def ref(to: Block, *path: str | int) -> Ref:
    """`ref(vpc, "id")` is `aws_vpc.main.id`."""
    return Ref(to, path)


def text(*parts: Any) -> Text:
    """A template: `text("arn:aws:s3:::", ref(bucket, "id"), "/*")`."""
    return Text(tuple(term(part) for part in parts))


def encoded(value: Any) -> Encoded:
    """What `jsonencode` was given."""
    return Encoded(term(value))


def undecided(expression: str, *mentions: Term, may_be_empty: bool = False) -> Undecided:
    """`undecided("var.subnet_ids")`."""
    return Undecided(expression, tuple(expression.split(".")), mentions, may_be_empty)


def some(*items: Any, more: Undecided) -> Items:
    """A list of which a part is known: `concat([…], var.more)`."""
    return Items(tuple(term(item) for item in items), (more,))
