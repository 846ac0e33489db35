"""Invocations out of arguments: where a function is named, by whom, and how sure it is that it is called there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from serverful.estate.model import Callee, Invocation, Link, Qualified, Style
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Term
from serverful.estate.read.things.callee import callee_of, qualified
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Unknown, Value

# Words by which people name what is no function, where an argument may hold either.
_OTHERS = frozenset(
    (
        *(
            "alarm",
            "api",
            "batch",
            "bucket",
            "bus",
            "cluster",
            "codebuild",
            "dlq",
            "ecs",
            "email",
            "eventbus",
            "firehose",
            "job",
            "kinesis",
        ),
        *("log", "logs", "machine", "pipeline", "project", "queue", "sfn", "sns", "sqs", "ssm", "step", "stepfunction"),
        *("stepfunctions", "stream", "task", "topic", "workflow"),
    )
)
_FUNCTIONS = frozenset(("fn", "function", "functions", "handler", "lambda", "lambdas"))
_ARN_OF_LAMBDA = re.compile(r"^arn:[^:]*:lambda:|:lambda:path/")  # whatever stands in it: a function may be named `shop-api`


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the block that says so, what people call its service, how it calls, and what the event comes from."""

    block: Block
    service: str
    style: Style
    source: Link | None = None

    def named(self, term: Term, place: Place, exists: Value[bool], index: Index, *, is_mixed: bool = False) -> Iterator[Invocation]:
        """A call of each function that a term names. `is_mixed` says that others than functions may stand there as well."""
        for part in convert.parts(term):
            found = callee_of(part, place, index)
            if found is not None and not (is_mixed and _is_of_others(found)):
                yield self.of(found, place, exists)

    def of(self, found: Callee, place: Place, exists: Value[bool]) -> Invocation:
        """A call of this function. Where it is only perhaps this one, the call only perhaps exists."""
        if isinstance(exists, Known) and found.function is not None and found.unknown is not None:
            exists = found.unknown
        return Invocation(self.block.address, self.service, self.style, found, place, exists, self.source)

    def unfollowed(self, unknown: Unknown) -> Invocation:
        """A call of some function: which, and whether, is decided elsewhere."""
        nobody = Callee(None, unknown.expression, Qualified.UNKNOWN, unknown=unknown)
        return Invocation(self.block.address, self.service, self.style, nobody, unknown.place, unknown, self.source)


@dataclass(frozen=True, slots=True)
class Shape:
    """Callers of one type that only differ in names: the arguments that hold the function (dotted names lead into nested blocks), the one
    that names its version, the one that leads to what the event comes from. `is_mixed` as in `Caller.named`."""

    service: str
    style: Style
    arguments: tuple[str, ...]
    source: str = ""
    qualifier: str = ""
    is_mixed: bool = False

    def calls(self, block: Block, index: Index) -> Iterator[Invocation]:
        """The calls that a block of this shape makes."""
        source = index.link(block, self.source) if self.source else None
        caller = Caller(block, self.service, self.style, source)
        for argument in self.arguments:
            yield from calls_at(caller, argument, index, qualifier=self.qualifier, is_mixed=self.is_mixed)


def calls_at(caller: Caller, argument: str, index: Index, *, qualifier: str = "", is_mixed: bool = False) -> Iterator[Invocation]:
    """The calls of the functions that an argument names; a dotted name leads into nested blocks."""
    *names, last = argument.split(".")
    for part, exists in inside(caller.block, names):
        if isinstance(part, Unknown):
            yield caller.unfollowed(part)
            continue
        version = part.term(qualifier) if qualifier else NULL
        for call in caller.named(part.term(last), part.at(last), exists, index, is_mixed=is_mixed):
            yield caller.of(qualified(call.callee, version, index), call.place, call.exists) if version != NULL else call


def inside(block: Block, names: Sequence[str], exists: Value[bool] | None = None) -> Iterator[tuple[Block | Unknown, Value[bool]]]:
    """The nested blocks at the end of a path, with what keeps each from being certain.

    A `dynamic` block that is decided elsewhere gives the block it would make, or its own name where nothing is known of that.
    """
    exists = block.exists if exists is None else exists
    if not names:
        yield block, exists
        return
    nested = block.blocks(names[0])
    for part in nested.blocks:
        yield from inside(part, names[1:], exists)
    if nested.undecided:
        why = convert.unknown(nested.undecided[0], block.at(names[0]))
        for part in nested.possible:
            yield from inside(part, names[1:], why)
        if not nested.possible:
            yield why, why


def _is_of_others(found: Callee) -> bool:
    """Whether what is no function of this root may as well be none at all: from elsewhere, or by its name a queue, a topic or the like."""
    if found.function is not None:
        return False
    if found.unknown is None:
        return True
    if _ARN_OF_LAMBDA.search(found.expression):
        return False
    words = set(re.split(r"[^a-z0-9]+", " ".join((found.unknown.expression, *found.unknown.names)).lower()))
    return bool(words & _OTHERS) and not words & _FUNCTIONS
