"""Blocks as the source has them: arguments are followed when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.block import Block, Blocks
from serverful.estate.read.contents import names_in
from serverful.estate.read.decode import term_of
from serverful.estate.read.expression import Call, Expression, Object
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.list_functions import name_of, opened
from serverful.estate.read.source import META, SourceBlock
from serverful.estate.read.term import NULL, Entries, Every, Items, Literal, Term, Undecided
from serverful.estate.value import Value

if TYPE_CHECKING:
    from serverful.estate.read.tree import Module


@dataclass(eq=False)
class ReadBlock(Block):
    """A block of a source file, in one instance. `bindings` in its scope hold `each`, `count` and iterators."""

    mode: str
    type: str
    name: str
    address: str
    place: Place
    exists: Value[bool]
    comments: tuple[Comment, ...]
    calls: tuple[Place, ...]
    source: SourceBlock
    scope: Scope
    module: Module
    _terms: dict[str, Term] = field(default_factory=dict, repr=False)
    _asked: set[str] = field(default_factory=set, repr=False)

    def has(self, name: str) -> bool:
        return name in self.source.attributes or any(True for _ in self.source.nested(name))

    def names(self) -> Sequence[str]:
        nested = (block.labels[0] if block.type == "dynamic" and block.labels else block.type for block in self.source.blocks)
        return tuple(dict.fromkeys(name for name in (*self.source.attributes, *nested) if name not in META))

    def at(self, name: str) -> Place:
        attribute = self.source.attributes.get(name)
        if attribute is not None:
            return self._place(attribute.line, attribute.end_line)
        nested = next(self.source.nested(name), None)
        return self._place(nested.line, nested.end_line) if nested is not None else self.place

    def at_entry(self, name: str, key: str) -> Place:
        attribute = self.source.attributes.get(name)
        line = _line_of(attribute.expression, key) if attribute is not None else None
        return self._place(line, line) if line is not None else self.at(name)

    def term(self, name: str) -> Term:
        if name not in self._terms:
            if name in self._asked:  # an argument that refers to itself is not valid Terraform, and must not hang us
                return Undecided(f"{self.address}.{name}")
            self._asked.add(name)
            self._terms[name] = self._term(name)
        return self._terms[name]

    def _term(self, name: str) -> Term:
        attribute = self.source.attributes.get(name)
        if attribute is not None:
            term = follow(attribute.expression, self.scope)
            if isinstance(opened(term), Undecided) and self.mode in ("managed", "data"):
                return self._evaluated(name, opened(term)) or term
            return term
        if any(True for _ in self.source.nested(name)):
            found = self.blocks(name)
            items = tuple(Entries({key: block.term(key) for key in block.names()}) for block in found.blocks)
            return Items(items, found.undecided)
        return NULL

    def _evaluated(self, name: str, term: Term) -> Term | None:
        """What evaluation says of an argument that only a function we do not know keeps open."""
        if not isinstance(term, Undecided) or not term.is_computable:
            return None
        evaluated = self.module.root.evaluated_block(self.address, self.type)
        if evaluated is None or name not in evaluated:
            return None
        value = evaluated[name]
        return term_of(value, term.expression) if _is_plain(value) else None

    def blocks(self, name: str) -> Blocks:
        found: list[Block] = []
        undecided: list[Undecided] = []
        possible: list[Block] = []
        for source in self.source.nested(name):
            if source.type != "dynamic":
                found.append(self._nested(source, name, self.scope))
            else:
                self._dynamic(source, name, found, undecided, possible)
        if name in self.source.attributes:
            self._attribute_blocks(name, found, undecided)
        return Blocks(tuple(found), tuple(undecided), tuple(possible))

    def _dynamic(self, source: SourceBlock, name: str, found: list[Block], undecided: list[Undecided], possible: list[Block]) -> None:
        each = source.attributes.get("for_each")
        content = next((block for block in source.blocks if block.type == "content"), None)
        if each is None or content is None:
            undecided.append(Undecided(f'dynamic "{name}"'))
            return
        iterator = source.attributes.get("iterator")
        label = getattr(iterator.expression, "name", name) if iterator else name
        term = opened(follow(each.expression, self.scope))
        rows: list[tuple[Term, Term]] = []
        match term:
            case Items(items, rest):
                rows = [(item, item) for item in items]
                undecided += rest
            case Entries(entries, rest):
                rows = [(Literal(key), value) for key, value in entries.items()]
                undecided += rest
            case Literal(None):
                pass
            case Every(item, why):
                undecided.append(why)
                possible.append(self._nested(content, name, self._iterating(label, Undecided(f"{label}.key"), item)))
            case Undecided() if self._is_on(name, content, term):
                found.append(self._nested(content, name, self._iterating(label, Undecided(f"{label}.key"), Undecided(f"{label}.value"))))
            case _:
                why = term if isinstance(term, Undecided) else Undecided(name_of(term), mentions=(term,))
                undecided.append(why)
                value = Undecided(f"{label}.value", why.names, why.mentions)
                possible.append(self._nested(content, name, self._iterating(label, Undecided(f"{label}.key"), value)))
        found += [self._nested(content, name, self._iterating(label, key, value)) for key, value in rows]

    def _is_on(self, name: str, content: SourceBlock, term: Undecided) -> bool:
        """Evaluation may say that a dynamic block is on; that it is off it never says (it leaves out unresolved ones as well).

        What it lists is this block only where it begins on the line of our `content`: a plain block may bear the same name.
        """
        if not term.is_computable or self.mode not in ("managed", "data"):
            return False
        seen = self.module.root.evaluated_nested(self.address, self.type, name)
        return any(file == content.file.name and line == content.line for file, line in seen)

    def _iterating(self, label: str, key: Term, value: Term) -> Scope:
        return self.scope.binding(**{label: Entries({"key": key, "value": value})})

    def _attribute_blocks(self, name: str, found: list[Block], undecided: list[Undecided]) -> None:
        place = self.at(name)
        term = opened(self.term(name))
        rows = list(_rows(term))
        for row in rows:
            inner = opened(row)
            if isinstance(inner, Entries):
                found.append(TermBlock(self, name, place, inner.entries))
            elif inner != NULL:
                undecided.append(inner if isinstance(inner, Undecided) else Undecided(name_of(inner), mentions=(inner,)))

    def defaults(self, name: str) -> Mapping[str, Term]:
        attribute = self.source.attributes.get(name)
        return dict(self.module.defaults_in(attribute.expression)) if attribute is not None else {}

    def contents(self, path: str) -> frozenset[str] | None:
        return names_in(self.module.root.path / path, self.module.root.base)

    def _nested(self, source: SourceBlock, name: str, scope: Scope) -> Block:
        place = self._place(source.line, source.end_line)
        comments: tuple[Comment, ...] = ()
        return ReadBlock("nested", name, self.name, self.address, place, self.exists, comments, self.calls, source, scope, self.module)

    def _place(self, line: int, end_line: int) -> Place:
        return Place(self.place.root, self.address, self.place.file, line, end_line)


def _line_of(expression: Expression, key: str) -> int | None:
    """Where `key` stands in a map that is written out, alone or as an argument of `merge`."""
    if isinstance(expression, Object):
        return expression.line_of(key)
    if isinstance(expression, Call) and expression.function == "merge":
        lines = [_line_of(argument, key) for argument in expression.arguments]
        return next((line for line in reversed(lines) if line is not None), None)
    return None


def _rows(term: Term) -> Iterator[Term]:
    match term:
        case Items(items, rest):
            yield from (*items, *rest)
        case Every(item, why):
            yield from (item, why)
        case _:
            yield term


def _is_plain(value: object) -> bool:
    """Whether a value of the evaluation holds no stand-in for something unresolved."""
    if isinstance(value, dict):
        return "__attribute__" not in value and all(_is_plain(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    return value is not None and not (isinstance(value, str) and "${" in value)


class TermBlock(Block):
    """A nested block written as an object: `ingress = [{ ... }]`."""

    mode = "nested"

    def __init__(self, owner: Block, name: str, place: Place, entries: Mapping[str, Term]) -> None:
        self.type, self.name, self.address = name, owner.name, owner.address
        self.place, self.exists, self.comments, self.calls = place, owner.exists, (), owner.calls
        self._entries = entries

    def has(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> Sequence[str]:
        return tuple(self._entries)

    def at(self, name: str) -> Place:
        return self.place

    def term(self, name: str) -> Term:
        return self._entries.get(name, NULL)

    def blocks(self, name: str) -> Blocks:
        term = opened(self.term(name))
        rows = [opened(row) for row in _rows(term) if opened(row) != NULL]
        return Blocks(
            tuple(TermBlock(self, name, self.place, row.entries) for row in rows if isinstance(row, Entries)),
            tuple(row for row in rows if isinstance(row, Undecided)),
        )
