"""Roles that may invoke functions: those of other functions, and those that services and people take.

A role is proof of nothing but a permission; a function that carries another one's name in its environment as well does call it. Source: IAM
User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from serverful.estate.identity import allow_statements, covers
from serverful.estate.invoking import ALLOWING_ALL, INVOKING
from serverful.estate.model import Alias, Callee, EnvironmentVariable, Function, Invocation, Link, Qualified, Role, Statement, Style, Thing
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Items, Ref, Term
from serverful.estate.read.things.callee import function_named
from serverful.estate.read.things.callers.documents import document_of, entries_of
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.text_parts import HOLE, flat, rendered
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.principals import service_of

_INVOKE = "lambda:InvokeFunction"
_FUNCTION = "Lambda function"
_LAMBDA = "lambda.amazonaws.com"
_NO_NAMES = ("role", "version")  # attributes of a function that do not name it
_MANY = 20  # functions in one statement: who may call so many is named by a pattern that was written out


def caller_with(role: Block) -> tuple[str, Style]:
    """Who takes a role, and how that calls: a service by its trust policy; else anybody, in any way."""
    trusted = _trusted(role)
    if trusted is None or len(trusted) != 1:
        return f"whoever takes {role.address}", Style.EITHER
    service = service_of(trusted[0])
    if service is not None:
        return service.name, Style(service.style)
    return (_FUNCTION if trusted[0] == _LAMBDA else trusted[0]), Style.EITHER


def principal(term: Term) -> str:
    """A service principal as text, unknown parts replaced by what makes no difference.

    `logs.${data.aws_region.current.name}.amazonaws.com` and `sns.${data.aws_partition.current.dns_suffix}` tell their service.
    """
    written = rendered(tuple(flat(term)))
    name, hole, _ = written.partition(f".{HOLE}")
    return f"{name}.amazonaws.com" if hole and HOLE not in name else written


def _trusted(role: Block) -> tuple[str, ...] | None:
    """The services that a trust policy names; None where it names others too, or cannot be read."""
    found: dict[str, None] = {}
    for kind, identifiers in _principals(role.term("assume_role_policy")):
        names = [principal(part) for part in convert.parts(identifiers)]
        if kind != "Service" or any(HOLE in name for name in names):
            return None
        found.update(dict.fromkeys(names))
    return tuple(found) or None


def _principals(policy: Term) -> Iterator[tuple[str, Term]]:
    term = convert.settled(policy)
    if isinstance(term, Ref) and term.block.type == "aws_iam_policy_document":
        for statement in term.block.blocks("statement").blocks:
            for principals in statement.blocks("principals").blocks:
                kind = convert.optional_text(principals, "type")
                yield (kind.value or "") if isinstance(kind, Known) else "", principals.term("identifiers")
        return
    known, unknown = entries_of(document_of(policy) or NULL)
    statements = convert.settled(dict(known).get("Statement", NULL))
    for part in statements.items if isinstance(statements, Items) else (statements,):
        named, more = entries_of(dict(entries_of(part)[0]).get("Principal", NULL))
        yield from named
        unknown += more
    yield from (("", one) for one in unknown)


def calls_by_roles(things: Mapping[str, Thing], index: Index) -> Iterator[Invocation]:
    """The calls that roles of this root permit, and those between functions.

    One function calls another where its environment names it and its role may invoke it. A role that names a function as what it may invoke
    permits its taker to call that one; a role that may invoke every function is no caller of any.
    """
    takers: dict[str, list[Function]] = {}
    for thing in things.values():
        if isinstance(thing, Function) and thing.role is not None and thing.role.target is not None:
            takers.setdefault(thing.role.target, []).append(thing)
    named: dict[int, tuple[str, ...]] = {}  # statements stand in many roles
    for thing in things.values():
        match thing:
            case Function():
                yield from _between(thing, things, index)
            case Role():
                for statement, functions in _named_in(thing, things, index, named):
                    yield from _permitted(thing, statement, functions, takers.get(thing.address, ()), index)


def _between(function: Function, things: Mapping[str, Thing], index: Index) -> Iterator[Invocation]:
    carried = [(variable, other) for variable in function.environment.variables for other in _carried(variable, things, index)]
    if not carried:
        return
    role = things.get(function.role.target) if function.role is not None and function.role.target else None
    if isinstance(role, Role):
        may = any(_invokes(statement) for statement in allow_statements(role))
        may = may or any(policy.name in INVOKING | ALLOWING_ALL for policy in role.managed)
        exists: Value[bool] | None = function.exists if may else role.unknown[0] if role.unknown else None
    else:
        exists = Unknown(function.role.expression, function.role.place) if function.role is not None else None
    for variable, to in carried:
        if exists is not None and to.function is not None and to.function.target != function.address:
            yield Invocation(function.address, _FUNCTION, Style.EITHER, to, variable.place, exists)


def _carried(variable: EnvironmentVariable, things: Mapping[str, Thing], index: Index) -> Iterator[Callee]:
    """The functions that a variable names, by reference or by name. The program may put any qualifier behind a name."""
    found = [_callee(link, things) for link in variable.links if link.attribute not in _NO_NAMES]
    if isinstance(variable.text, Known):
        named = function_named(variable.text.value, variable.place, index)
        is_open = named is not None and named.qualified is Qualified.LATEST
        found.append(replace(named, qualified=Qualified.UNKNOWN) if named is not None and is_open else named)
    each: dict[tuple[str | None, Qualified, str], Callee] = {}
    for callee in found:
        if callee is not None and callee.function is not None:
            each.setdefault((callee.function.target, callee.qualified, callee.qualifier), callee)
    yield from each.values()


def _callee(link: Link, things: Mapping[str, Thing]) -> Callee | None:
    """What a link to a function or an alias names."""
    match things.get(link.target or ""):
        case Function():
            return Callee(link, link.expression, Qualified.UNKNOWN)
        case Alias(callee=callee, address=address, name=name) if link.attribute != "function_name":
            known = name.value if isinstance(name, Known) else ""
            return replace(callee, expression=link.expression, qualified=Qualified.ALIAS, qualifier=known, alias=address)
        case Alias(callee=callee):
            return replace(callee, expression=link.expression, qualified=Qualified.UNKNOWN)
    return None


def _invokes(statement: Statement) -> bool:
    return any(covers(action.strip(), _INVOKE) for action in statement.actions)


def _named_in(
    role: Role, things: Mapping[str, Thing], index: Index, known: dict[int, tuple[str, ...]]
) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    for statement in allow_statements(role):
        if id(statement) not in known:
            known[id(statement)] = _named(statement, things, index) if _invokes(statement) else ()
        if 0 < len(known[id(statement)]) <= _MANY:
            yield statement, known[id(statement)]


def _named(statement: Statement, things: Mapping[str, Thing], index: Index) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for link in statement.resources:
        callee = _callee(link, things)
        address = callee.target if callee is not None else None
        if address is None and link.origin == "literal" and "*" not in link.expression.rpartition(":function:")[2].partition(":")[0]:
            named = function_named(link.expression.removesuffix(":*"), link.place, index)
            address = named.target if named is not None else None
        if address is not None:
            found[address] = None
    return tuple(found)


def _permitted(
    role: Role, statement: Statement, functions: Sequence[str], takers: Sequence[Function], index: Index
) -> Iterator[Invocation]:
    service, style = (_FUNCTION, Style.EITHER) if takers else caller_with(index.blocks[role.address])
    for function in functions:
        if [taker.address for taker in takers] == [function]:  # it may call itself: nobody else does
            continue
        to = Callee(Link(function, role.address, statement.place), role.address, Qualified.UNKNOWN)
        yield Invocation(role.address, service, style, to, statement.place, role.exists, is_permission=True)
