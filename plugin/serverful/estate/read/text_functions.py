"""Terraform's string functions over terms: text keeps its known and unknown parts."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Callable, Sequence

from serverful.estate.read.convert import settled
from serverful.estate.read.list_functions import Function
from serverful.estate.read.operators import because
from serverful.estate.read.size import CHARACTERS_PER_PART, MAX_SIZE, Enormous, all_bounded, size
from serverful.estate.read.term import Every, Items, Literal, Ref, Term, Text, Undecided

_LONGEST_WIDTH = 3  # digits: `%999d` is wide enough


def joined(parts: Sequence[Term]) -> Term:
    """Text of parts; a literal when all of them are known. Raises Enormous."""
    all_bounded(parts)
    flat: list[Term] = []
    for part in parts:
        inner = settled(part)
        if isinstance(inner, Text):
            flat.extend(inner.parts)
        elif isinstance(inner, Literal):
            flat.append(Literal(_plain(inner)))
        else:
            flat.append(part)
    merged: list[Term] = []
    for part in flat:
        if isinstance(part, Literal) and merged and isinstance(merged[-1], Literal):
            merged[-1] = Literal(f"{merged[-1].value}{part.value}")
        elif part != Literal(""):
            merged.append(part)
    if not merged:
        return Literal("")
    return merged[0] if len(merged) == 1 and isinstance(merged[0], (Literal, Ref)) else Text(tuple(merged))


def _plain(literal: Literal) -> str:
    value = literal.value
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _known(arguments: Sequence[Term]) -> list[str] | None:
    terms = [settled(argument) for argument in arguments]
    if all(isinstance(term, Literal) and term.value is not None for term in terms):
        return [_plain(term) for term in terms if isinstance(term, Literal)]
    return None


def _of(function: Callable[..., str | bool | int]) -> Function:
    """A function of known strings only."""

    def apply(arguments: Sequence[Term], text: str) -> Term:
        known = _known(arguments)
        return because(text, *arguments) if known is None else Literal(function(*known))

    return apply


def _same_parts(function: Callable[[str], str]) -> Function:
    """A function that may be applied to the known parts of a text alone: `lower("arn:${x}")`."""

    def apply(arguments: Sequence[Term], text: str) -> Term:
        inner = settled(arguments[0])
        if isinstance(inner, Literal):
            return inner if inner.value is None else Literal(function(_plain(inner)))
        if isinstance(inner, Text):
            return Text(tuple(Literal(function(_plain(part))) if isinstance(part, Literal) else part for part in inner.parts))
        return arguments[0] if isinstance(inner, Ref) else because(text, *arguments)

    return apply


def _join(arguments: Sequence[Term], text: str) -> Term:
    separator, parts = settled(arguments[0]), [settled(argument) for argument in arguments[1:]]
    if separator == Literal("") and len(parts) == 1 and isinstance(parts[0], Every):
        return parts[0].term  # `join("", aws_x.y[*].id)` is how older modules write "the one, if there is one"
    items: list[Term] = []
    for part in parts:
        if not isinstance(part, Items) or part.rest:
            return because(text, *arguments)
        items.extend(part.items)
    if size(separator) * len(items) > MAX_SIZE:
        raise Enormous
    woven: list[Term] = []
    for position, item in enumerate(items):
        woven.extend([separator, item] if position else [item])
    return joined(woven)


def _format(arguments: Sequence[Term], text: str) -> Term:
    pattern = settled(arguments[0])
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        return because(text, *arguments)
    values = list(arguments[1:])
    parts: list[Term] = []
    position = 0
    for match in re.finditer(r"%(%|(?:\[(\d+)\])?([0-9.+\- #]*)([a-zA-Z]))", pattern.value):
        parts.append(Literal(pattern.value[position : match.start()]))
        position = match.end()
        if match[1] == "%":
            parts.append(Literal("%"))
            continue
        if any(len(digits) > _LONGEST_WIDTH for digits in re.findall(r"\d+", match[3])):
            raise Enormous
        value = values[int(match[2]) - 1] if match[2] else values.pop(0)
        inner = settled(value)
        if match[4] in "svdq" and not match[3]:
            parts.append(Literal(f'"{_plain(inner)}"') if match[4] == "q" and isinstance(inner, Literal) else value)
        elif isinstance(inner, Literal) and match[4] in "dsfxX":
            number = int(_plain(inner)) if match[4] in "dxX" else float(_plain(inner)) if match[4] == "f" else _plain(inner)
            parts.append(Literal(f"%{match[3]}{match[4]}" % number))
        else:
            return because(text, *arguments)
    return joined([*parts, Literal(pattern.value[position:])])


def _format_list(arguments: Sequence[Term], text: str) -> Term:
    opened = [settled(argument) for argument in arguments]
    lengths = {len(term.items) for term in opened if isinstance(term, Items)}
    if len(lengths) != 1 or any(isinstance(term, Items) and term.rest for term in opened):
        return because(text, *arguments)
    rows = range(lengths.pop())
    return Items(tuple(_format([term.items[row] if isinstance(term, Items) else term for term in opened], text) for row in rows))


def _split(arguments: Sequence[Term], text: str) -> Term:
    separator, inner = settled(arguments[0]), settled(arguments[1])
    if not isinstance(separator, Literal) or not separator.value:
        return because(text, *arguments)
    if isinstance(inner, Literal):
        return Items(tuple(Literal(part) for part in _plain(inner).split(str(separator.value))))
    if isinstance(inner, Text):
        rows: list[list[Term]] = [[]]
        for part in inner.parts:
            if isinstance(part, Literal):
                first, *more = _plain(part).split(str(separator.value))
                rows[-1].append(Literal(first))
                rows.extend([Literal(piece)] for piece in more)
            else:
                return because(text, *arguments)  # an unknown part may hold the separator itself
        return Items(tuple(joined(row) for row in rows))
    return because(text, *arguments)


def _replace(arguments: Sequence[Term], text: str) -> Term:
    old, new = settled(arguments[1]), settled(arguments[2])
    if isinstance(old, Literal) and isinstance(new, Literal):
        search = _plain(old)
        if not (len(search) > 2 and search.startswith("/") and search.endswith("/")):
            return _same_parts(lambda value: _replaced(value, search, _plain(new)))(arguments[:1], text)
    return because(text, *arguments)


def _replaced(value: str, search: str, new: str) -> str:
    if value.count(search) * len(new) > MAX_SIZE * CHARACTERS_PER_PART:
        raise Enormous
    return value.replace(search, new)


def _starts_with(arguments: Sequence[Term], text: str) -> Term:
    inner, prefix = settled(arguments[0]), settled(arguments[1])
    if isinstance(prefix, Literal):
        if isinstance(inner, Literal):
            return Literal(_plain(inner).startswith(_plain(prefix)))
        if isinstance(inner, Text) and isinstance(inner.parts[0], Literal) and len(_plain(inner.parts[0])) >= len(_plain(prefix)):
            return Literal(_plain(inner.parts[0]).startswith(_plain(prefix)))
    return because(text, *arguments)


def _substr(value: str, offset: str, length: str) -> str:
    start = int(offset) % len(value) if value and int(offset) < 0 else int(offset)
    return value[start:] if int(length) < 0 else value[start : start + int(length)]


def _cidr_subnet(arguments: Sequence[Term], text: str) -> Term:
    known = _known(arguments)
    return because(text, *arguments) if known is None else Literal(_subnet(known[0], int(known[1]), int(known[2])))


def _subnet(prefix: str, bits: int, number: int) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    new = network.prefixlen + bits
    if not 0 <= bits <= network.max_prefixlen - network.prefixlen or number >= 2**bits:
        raise ValueError("no such subnet")
    address = int(network.network_address) + (number << (network.max_prefixlen - new))
    return f"{ipaddress.ip_address(address) if network.version == 4 else ipaddress.IPv6Address(address)}/{new}"


def _cidr_subnets(arguments: Sequence[Term], text: str) -> Term:
    known = _known(arguments)
    if known is None:
        return because(text, *arguments)
    network = ipaddress.ip_network(known[0], strict=False)
    position, found = int(network.network_address), []
    for bits in known[1:]:
        length = network.prefixlen + int(bits)
        if not network.prefixlen <= length <= network.max_prefixlen:
            raise ValueError("no such subnet")
        size = 1 << (network.max_prefixlen - length)
        position = (position + size - 1) // size * size
        found.append(Literal(f"{ipaddress.ip_address(position)}/{length}"))
        position += size
    return Items(tuple(found))


def _is_opaque(arguments: Sequence[Term], text: str) -> Term:
    """A hash or encoding: some text, which nobody needs to know, of what it is made of."""
    return Undecided(text, mentions=tuple(arguments))


TEXT_FUNCTIONS: dict[str, Function] = {
    "abspath": _of(lambda path: path),
    "base64encode": _is_opaque,
    "basename": _of(posixpath.basename),
    "chomp": _same_parts(lambda value: value.rstrip("\n")),
    "cidrsubnet": _cidr_subnet,
    "cidrsubnets": _cidr_subnets,
    "dirname": _of(posixpath.dirname),
    "endswith": _of(lambda value, suffix: value.endswith(suffix)),
    "filebase64": _is_opaque,
    "filebase64sha256": _is_opaque,
    "filebase64sha512": _is_opaque,
    "filemd5": _is_opaque,
    "filesha1": _is_opaque,
    "filesha256": _is_opaque,
    "format": _format,
    "formatlist": _format_list,
    "indent": lambda arguments, _text: arguments[1],
    "join": _join,
    "lower": _same_parts(str.lower),
    "replace": _replace,
    "split": _split,
    "startswith": _starts_with,
    "strcontains": _of(lambda value, part: part in value),
    "substr": _of(_substr),
    "timestamp": _is_opaque,
    "title": _same_parts(str.title),
    "trim": _of(lambda value, characters: value.strip(characters)),
    "trimprefix": _of(lambda value, prefix: value.removeprefix(prefix)),
    "trimspace": _of(str.strip),
    "trimsuffix": _of(lambda value, suffix: value.removesuffix(suffix)),
    "upper": _same_parts(str.upper),
    "uuid": _is_opaque,
}
