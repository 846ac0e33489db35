"""Following: an expression to the blocks and values it names, across locals, variables, module inputs and outputs, splats and loops.

The heart of the reader. What cannot be followed is an `Undecided` that carries its expression; nothing is ever guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from serverful.estate.read import files
from serverful.estate.read.convert import settled, whole
from serverful.estate.read.expression import (
    Access,
    Attribute,
    Call,
    Conditional,
    Constant,
    Expression,
    For,
    Index,
    Object,
    Operation,
    Splat,
    Step,
    Template,
    Traversal,
    Tuple,
    Unreadable,
)
from serverful.estate.read.functions import call
from serverful.estate.read.list_functions import opened
from serverful.estate.read.operators import because, binary, is_empty, truth, unary
from serverful.estate.read.size import WORK_PER_ROW, Enormous, all_bounded, bounded, size
from serverful.estate.read.term import NULL, Entries, Every, Items, Literal, Ref, Term, Undecided
from serverful.estate.read.text_functions import joined

# These look at no more than one part of what they are given, however large it is.
_QUICK = frozenset({"element", "jsonencode", "length", "lookup", "one", "yamlencode"})

MAX_DEPTH = 120  # of expressions inside expressions, over all modules; Python's stack ends before Terraform's patience does


class Surroundings(Protocol):
    """What an expression sees: the module instance it stands in (`tree.Module`)."""

    def variable(self, name: str) -> Term: ...

    def local(self, name: str) -> Term: ...

    def resource(self, mode: str, type: str, name: str) -> Term | None: ...

    def call(self, name: str) -> Term: ...

    def path(self, name: str) -> Term: ...

    def read_file(self, relative: str) -> str | None: ...

    def spend(self, work: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """An expression's module and the names bound around it: `each`, `count`, iterators of `for` and `dynamic`."""

    module: Surroundings
    bindings: Mapping[str, Term] = field(default_factory=dict)
    depth: int = 0

    def binding(self, **names: Term) -> Scope:
        return Scope(self.module, {**self.bindings, **names}, self.depth)

    def deeper(self) -> Scope:
        return Scope(self.module, self.bindings, self.depth + 1)


def follow(expression: Expression, scope: Scope) -> Term:
    """What an expression comes to in its scope. Never raises for what Terraform code says."""
    if scope.depth > MAX_DEPTH:
        return Undecided(_text(expression))
    try:
        return bounded(_followed(expression, scope.deeper()))
    except (Enormous, RecursionError):  # larger, or more of names within names, than anybody's design
        return Undecided(_text(expression))


def _followed(expression: Expression, inner: Scope) -> Term:
    match expression:
        case Constant(value):
            return Literal(value)
        case Traversal():
            return _traversal(expression, inner)
        case Template(parts):
            return joined([follow(part, inner) for part in parts])
        case Tuple(items):
            return Items(tuple(follow(item, inner) for item in items))
        case Object(items):
            return _object(items, inner)
        case Call():
            return _call(expression, inner)
        case Conditional():
            return _conditional(expression, inner)
        case Operation(operator, operands, text):
            terms = [follow(operand, inner) for operand in operands]
            return unary(operator, terms[0], text) if len(terms) == 1 else binary(operator, terms[0], terms[1], text)
        case Access(source, steps, text):
            return stepped(follow(source, inner), steps, inner, text)
        case For():
            return _for(expression, inner)
        case Unreadable(text):
            return Undecided(text)


def _text(expression: Expression) -> str:
    return str(expression.value) if isinstance(expression, Constant) else expression.text


def _traversal(expression: Traversal, scope: Scope) -> Term:
    name, steps, text = expression.name, expression.steps, expression.text
    if name in scope.bindings:
        return stepped(scope.bindings[name], steps, scope, text)
    first = steps[0].name if steps and isinstance(steps[0], Attribute) else None
    if first is None:
        return Undecided(text)
    match name:
        case "var":
            return stepped(scope.module.variable(first), steps[1:], scope, text)
        case "local":
            return stepped(scope.module.local(first), steps[1:], scope, text)
        case "module":
            return stepped(scope.module.call(first), steps[1:], scope, text)
        case "path":
            return scope.module.path(first)
        case "each" | "count" | "self" | "terraform":
            return Undecided(text)
        case "data" | "ephemeral":
            second = steps[1].name if len(steps) > 1 and isinstance(steps[1], Attribute) else None
            found = scope.module.resource("data", first, second) if second else None
            return stepped(found, steps[2:], scope, text) if found is not None else Undecided(text, (first, second or ""))
    found = scope.module.resource("managed", name, first)
    return stepped(found, steps[1:], scope, text) if found is not None else Undecided(text, (first,))


def stepped(term: Term, steps: Sequence[Step], scope: Scope, text: str) -> Term:
    """A term after steps `.a[0][*].b` are taken from it."""
    for position, step in enumerate(steps):
        if isinstance(term, Undecided):
            return Undecided(text, _names(term, steps[position:]), term.mentions, is_missing=term.is_missing)
        match step:
            case Attribute(name):
                term = _attribute(term, name, text)
            case Index(key):
                term = _index(term, follow(key, scope), text)
            case Splat(inner_steps):
                term = _splat(term, inner_steps, scope, text)
    return term


def _names(term: Undecided, steps: Sequence[Step]) -> tuple[str, ...]:
    return (*term.names, *(step.name for step in steps if isinstance(step, Attribute)))


def _attribute(term: Term, name: str, text: str) -> Term:
    match term:
        case Ref(block, path):
            if block.mode == "loaded":  # `module.x.name` of a module that is here: its output
                return block.term(name)
            return Ref(block, (*path, name))
        case Entries(entries, rest):
            if name in entries:
                return entries[name]
            return because(text, *rest) if rest else Undecided(text, is_missing=True)
        case Every(inner, why):
            return Every(_attribute(inner, name, text), why)
        case Items(items=(only,), rest=()) if not isinstance(only, Literal):
            return _attribute(only, name, text)  # older configurations write `aws_x.y.attr` of a counted block
    return Undecided(text, mentions=(term,), is_missing=isinstance(term, Literal))


def _index(term: Term, key: Term, text: str) -> Term:
    key = settled(key)
    term = opened(term)
    match term:
        case Every(inner, _):
            return inner
        case Items(items, rest):
            number = whole(key.value) if isinstance(key, Literal) else None
            if number is None or rest:  # with parts of unknown length among them, nobody knows the positions of the others
                return _any_of(items, rest, key, text)
            return items[number] if 0 <= number < len(items) else Undecided(text, is_missing=True)
        case Entries(entries, rest):
            if isinstance(key, Literal):
                found = entries.get(str(key.value))
                if found is not None:
                    return found
                return because(text, *rest) if rest else Undecided(text, is_missing=True)
            return _any_of(tuple(entries.values()), rest, key, text)
        case Ref(block, path) if path or block.mode != "managed":
            if isinstance(key, Literal) and isinstance(key.value, (str, int)):
                return Ref(block, (*path, key.value))
            return because(text, term, key)
        case Ref() if isinstance(key, Literal) and whole(key.value) == 0:
            return term
        case Undecided():
            return Undecided(text, term.names, (term, key))
    return Undecided(text, mentions=(term,), is_missing=isinstance(term, Literal))


def _any_of(items: Sequence[Term], rest: Sequence[Undecided], key: Term, text: str) -> Term:
    """One of these, we do not know which. A lone one is it, as indexes must exist."""
    if len(items) == 1 and not rest:
        return items[0]
    return because(text, key, *items, *rest)


def _splat(term: Term, steps: Sequence[Step], scope: Scope, text: str) -> Term:
    inner = opened(term)
    match inner:
        case Items(items, rest):
            return Items(tuple(stepped(item, steps, scope, text) for item in items), rest)
        case Every(item, why):
            return Every(stepped(item, steps, scope, text), why)
        case Entries() if not inner.rest:
            return Items((stepped(inner, steps, scope, text),))
        case Literal(None):
            return Items()
        case Ref(_, path) if path:
            return Undecided(text, mentions=(inner,)) if steps else Every(inner, Undecided(text, mentions=(inner,)))
        case Ref():
            return Items((stepped(inner, steps, scope, text),))  # `aws_x.y[*]` of one instance is a list of one
        case Undecided():
            return Undecided(text, _names(inner, steps), inner.mentions, inner.may_be_empty)
    return Items((stepped(inner, steps, scope, text),))


def _object(items: Sequence[tuple[Expression, Expression]], scope: Scope) -> Term:
    entries: dict[str, Term] = {}
    rest: list[Undecided] = []
    for key, value in items:
        name = settled(follow(key, scope))
        if isinstance(name, Literal) and name.value is not None:
            entries[_key(name)] = follow(value, scope)
        else:
            rest.append(because(_text(key), name, follow(value, scope)))
    return Entries(entries, tuple(rest))


def _key(literal: Literal) -> str:
    return str(literal.value).lower() if isinstance(literal.value, bool) else str(literal.value)


def _call(expression: Call, scope: Scope) -> Term:
    arguments = [follow(argument, scope) for argument in expression.arguments]
    total = all_bounded(arguments)
    if expression.expands and arguments:
        last = opened(arguments.pop())
        if isinstance(last, Items):
            arguments.extend((*last.items, *last.rest))
        elif isinstance(last, Every):
            arguments.extend((last.term, last.why))
        else:
            arguments.append(last)
    if expression.function in ("file", "templatefile", "fileexists", "templatestring"):
        return files.read(expression.function, arguments, scope, expression.text)
    result = call(expression.function, arguments, expression.text)
    if expression.function not in _QUICK:
        scope.module.spend(total + size(result))
    return result


def _conditional(expression: Conditional, scope: Scope) -> Term:
    condition = follow(expression.condition, scope)
    answer = truth(condition)
    if answer is not None:
        return follow(expression.then if answer else expression.otherwise, scope)
    then, otherwise = follow(expression.then, scope), follow(expression.otherwise, scope)
    if then == otherwise:
        return then
    undecided = because(expression.text, condition, then, otherwise)
    may_be_empty = undecided.may_be_empty or True in (is_empty(then), is_empty(otherwise))
    open_condition = because("", condition)
    is_computable = open_condition.is_computable and undecided.is_computable
    return Undecided(expression.text, undecided.names, (then, otherwise, *open_condition.mentions), may_be_empty, is_computable)


def _for(expression: For, scope: Scope) -> Term:
    source = opened(follow(expression.source, scope))
    match source:
        case Items(items, rest):
            where = Undecided(f"position in {_text(expression.source)}")
            rows: list[tuple[Term, Term]] = [(where if rest else Literal(position), item) for position, item in enumerate(items)]
            more = rest
        case Entries(entries, rest):
            rows = [(Literal(key), entries[key]) for key in sorted(entries)]
            more = rest
        case Every() | Undecided() | Ref():
            return _for_each_of(expression, source, scope)
        case Literal(None):
            return Undecided(expression.text, is_missing=True)
        case _:
            return Undecided(expression.text, mentions=(source,))
    scope.module.spend(len(rows) * WORK_PER_ROW)
    kept: list[tuple[Term, Term]] = []
    unsure: list[Undecided] = []
    for key, item in rows:
        inner = _bound(expression, key, item, scope)
        wanted = True if expression.condition is None else truth(follow(expression.condition, inner))
        if wanted is False:
            continue
        value = follow(expression.value, inner)
        name = follow(expression.key, inner) if expression.key is not None else NULL
        if wanted:
            kept.append((name, value))
        else:
            unsure.append(because(expression.text, follow(expression.condition, inner) if expression.condition else NULL, value))
    return _collected(expression, kept, [*more, *unsure])


def _bound(expression: For, key: Term, item: Term, scope: Scope) -> Scope:
    names = {expression.value_name: item}
    if expression.key_name:
        names[expression.key_name] = key
    return scope.binding(**names)


def _for_each_of(expression: For, source: Every | Undecided | Ref, scope: Scope) -> Term:
    """A loop over what we cannot count: what it makes of one item, for each of them."""
    if isinstance(source, Every):
        item, why = source.term, source.why
    else:
        why = source if isinstance(source, Undecided) else Undecided(source.expression, mentions=(source,))
        item = Undecided(f"{expression.value_name} of {why.expression}", why.names, why.mentions)
    inner = _bound(expression, Undecided(f"key of {why.expression}", why.names), item, scope)
    value = follow(expression.value, inner)
    if expression.joins:
        return Undecided(expression.text, why.names, (value, why))
    return Every(value, Undecided(why.expression, why.names, why.mentions, why.may_be_empty or expression.condition is not None))


def _collected(expression: For, rows: Sequence[tuple[Term, Term]], rest: Sequence[Undecided]) -> Term:
    if expression.joins:
        return joined([value for _, value in rows]) if not rest else because(expression.text, *(value for _, value in rows), *rest)
    if expression.key is None:
        return Items(tuple(value for _, value in rows), tuple(rest))
    entries: dict[str, Term] = {}
    groups: dict[str, list[Term]] = {}
    missing = list(rest)
    for name, value in rows:
        known = settled(name)
        if not isinstance(known, Literal):
            missing.append(because(expression.text, name, value))
        elif expression.groups:
            groups.setdefault(_key(known), []).append(value)
        else:
            entries[_key(known)] = value
    entries.update({key: Items(tuple(values)) for key, values in groups.items()})
    return Entries(entries, tuple(missing))
