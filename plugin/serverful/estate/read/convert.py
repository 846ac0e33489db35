"""Terms into the values of the estate: text, numbers, flags, links, tags. Every builder of things uses these and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from serverful.estate.model import Link, Tags
from serverful.estate.place import Place
from serverful.estate.read.block import Block
from serverful.estate.read.term import Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided, references, shown, sources
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

T = TypeVar("T")
_MISSING = object()
_HIDDEN = 2  # names from outside beside an expression that hides them


def settled(term: Term) -> Term:
    """A reference to an argument that is written in its block becomes what is written there; anything else stays as it is.

    `aws_lambda_function.a.function_name` becomes `"a"`; `.arn` and other computed attributes stay references.
    """
    for _ in range(20):  # a chain of references; cycles are not valid Terraform, but must not hang us
        inner = written(term) if isinstance(term, Ref) else None
        if inner is None:
            return term
        term = inner
    return term


def written(ref: Ref) -> Term | None:
    """What is written where a reference leads to, null included; None where nothing is: computed attributes, modules that are not here."""
    if not ref.path or ref.block.mode == "module":
        return None
    head, *steps = ref.path
    if not isinstance(head, str) or not ref.block.has(head):
        return None
    inner = ref.block.term(head)
    for step in steps:
        if isinstance(inner, Items) and not inner.rest and isinstance(step, int) and step < len(inner.items):
            inner = inner.items[step]
        elif isinstance(inner, Entries) and isinstance(step, str) and step in inner.entries:
            inner = inner.entries[step]
        else:
            return None
    return inner


def unknown(term: Term, place: Place) -> Unknown:
    """The name of what a term leaves open; where a module's own names hide what was handed to it, that is named as well."""
    mentions = tuple(dict.fromkeys(ref.block.address for ref in references(term)))
    names = term.names if isinstance(term, Undecided) else ()
    written = " ".join(shown(term).strip('"').split())
    hidden = list(dict.fromkeys(name for name in sources(term) if not _is_in(name, written))) if isinstance(term, Undecided) else []
    handed = f" (from {', '.join(_trimmed(name, 60) for name in hidden[:_HIDDEN])})" if hidden else ""
    return Unknown(f"{_trimmed(written)}{handed}", place, mentions, names)


def _is_in(name: str, written: str) -> bool:
    """Whether a text names a thing, by its full address or as the module that it stands in calls it."""
    while name not in written:
        _, _, local = name.removeprefix("module.").partition(".")
        if not name.startswith("module.") or not local.startswith(("module.", "data.")):
            return False
        name = local
    return True


def _trimmed(text: str, limit: int = 100) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _scalar(block: Block, name: str, default: object, cast: Callable[[object], T | None]) -> Value[T]:
    place = block.at(name)
    term = settled(block.term(name))
    if isinstance(term, Literal):
        if term.value is None:
            if default is _MISSING:
                return Unknown(f"{block.address}.{name}", place)
            return Known(default, place, Basis.DEFAULTED)  # type: ignore[arg-type]
        value = cast(term.value)
        if value is not None:
            return Known(value, place)
    return unknown(term, place)


def text(block: Block, name: str, default: object = _MISSING) -> Value[str]:
    """A string argument. Numbers and booleans are converted as Terraform does."""
    return _scalar(block, name, default, _as_text)


def optional_text(block: Block, name: str) -> Value[str | None]:
    """A string argument that may be absent: Known(None) then."""
    return _scalar(block, name, None, _as_text)


def number(block: Block, name: str, default: object = _MISSING) -> Value[int]:
    """A whole number; numeric strings are converted as Terraform does."""
    return _scalar(block, name, default, whole)


def optional_number(block: Block, name: str) -> Value[int | None]:
    """A whole number that may be absent: Known(None) then."""
    return _scalar(block, name, None, whole)


def flag(block: Block, name: str, default: object = _MISSING) -> Value[bool]:
    """A boolean; "true" and "false" are converted as Terraform does."""
    return _scalar(block, name, default, _as_flag)


def _as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def whole(value: object) -> int | None:
    """A whole number, also from numeric text as Terraform converts it; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return int(value) if isinstance(value, (int, float)) else int(str(value))
    except (ValueError, OverflowError):  # no number, or none that is finite
        return None


def _as_flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value))


def link_to(term: Term, place: Place) -> Link | Unknown | None:
    """What a term refers to: a link, a named unknown, or None for null.

    A template links to the first managed block in it (`"${aws_s3_bucket.b.arn}/*"`), else to the first data source.
    """
    match term:
        case Literal(None):
            return None
        case Literal(value):
            return Link(None, str(value), place, origin="literal")
        case Ref():
            inner = settled(term)  # `aws_lambda_alias.live.function_name` names the function its alias is of
            return _link(inner if isinstance(inner, Ref) else term, place, term.expression)
        case Text() | Encoded():
            refs = sorted(references(term), key=lambda ref: ref.block.mode != "managed")
            managed = [ref for ref in refs if ref.block.mode == "managed"]
            if managed:
                return _link(managed[0], place, _trimmed(shown(term).strip('"')))
            if _has_literal(term):
                return Link(None, _trimmed(shown(term).strip('"'), 300), place, origin="literal")
            return unknown(term, place)
        case Items(items=(only,), rest=()):
            return link_to(only, place)
        case _:
            return unknown(term, place)


def _has_literal(term: Term) -> bool:
    return isinstance(term, Text) and any(isinstance(part, Literal) and str(part.value).startswith("arn:") for part in term.parts)


def _link(ref: Ref, place: Place, expression: str) -> Link:
    # A module that is here, meant as a whole: what of it is meant cannot be told, as with one that is not.
    origin = {"managed": "resource", "data": "data", "module": "module", "loaded": "module"}[ref.block.mode]
    return Link(ref.block.address, expression, place, ".".join(str(step) for step in ref.path), origin)


def _followed(term: Term) -> Term:
    """Like `settled`, but keeps a reference that names a thing (`.id`, `.name`): only lists and maps are opened."""
    inner = settled(term)
    return inner if isinstance(inner, (Items, Entries, Every)) else term


def link(block: Block, name: str) -> Link | None:
    """The thing an argument refers to. A named unknown is a Link without target too: its expression says what it is."""
    place = block.at(name)
    found = link_to(block.term(name), place)
    return Link(None, found.expression, place, origin="unknown") if isinstance(found, Unknown) else found


def optional_link(block: Block, name: str) -> Value[Link | None]:
    """Like `link`, where null and unknown must be told apart."""
    place = block.at(name)
    term = block.term(name)
    found = link_to(term, place)
    if isinstance(found, Unknown):
        return found
    return Known(found, place)


def links(block: Block, name: str) -> Listing[Link]:
    """The things a list argument refers to."""
    return links_in(block.term(name), block.at(name))


def links_in(term: Term, place: Place) -> Listing[Link]:
    """The things a list term refers to; nested lists are flattened, a lone value counts as a list of one (as with `for_each`d sets)."""
    found: list[Link] = []
    missing: list[Unknown] = []
    for part in parts(term):
        linked = link_to(part, place)
        if isinstance(linked, Unknown):
            missing.append(linked)
        elif linked is not None:
            found.append(linked)
    return Listing(tuple(found), tuple(missing))


def strings(block: Block, name: str) -> Listing[str]:
    """The known strings of a list argument, and names for the unknown ones."""
    return strings_in(block.term(name), block.at(name))


def strings_in(term: Term, place: Place) -> Listing[str]:
    """Like `strings`, of a term."""
    found: list[str] = []
    missing: list[Unknown] = []
    for part in parts(term):
        inner = settled(part)
        value = _as_text(inner.value) if isinstance(inner, Literal) else None
        if value is not None:
            found.append(value)
        elif not isinstance(inner, Literal):
            missing.append(unknown(part, place))
    return Listing(tuple(found), tuple(missing))


def parts(term: Term) -> Iterator[Term]:
    """What a list term consists of, nested lists flattened and null left out; a lone value is a list of one."""
    inner = _followed(term)
    if isinstance(inner, Items):
        for item in (*inner.items, *inner.rest):
            yield from parts(item)
    elif isinstance(inner, Entries):
        yield from (*inner.entries.values(), *inner.rest)
    elif isinstance(inner, Every):
        yield from parts(inner.term)
        if not _stands_for_all(inner.term):
            yield inner.why
    elif inner != Literal(None):
        yield _as_list(inner)


def _as_list(term: Term) -> Term:
    """A list from elsewhere that is only a part of another, `concat(module.net.private, module.net.public)`, is the reference it was."""
    if isinstance(term, Undecided) and len(term.mentions) == 1:
        (ref,) = term.mentions
        return ref if isinstance(ref, Ref) and ref.path and ref.expression == term.expression else term
    return term


def _stands_for_all(term: Term) -> bool:
    """Whether a term is the instance that stands for an unknown number of its block: its own `exists` carries that doubt."""
    return isinstance(term, Ref) and term.block.mode == "managed" and isinstance(term.block.exists, Unknown)


def text_of(term: Term, place: Place) -> Value[str]:
    """A term as text; jsonencode of something wholly known is not rendered (nobody needs its exact text)."""
    inner = settled(term)
    value = _as_text(inner.value) if isinstance(inner, Literal) else None
    if value is not None:
        return Known(value, place)
    if isinstance(inner, Text):
        known = [text_of(part, place) for part in inner.parts]
        if all(isinstance(part, Known) for part in known):
            return Known("".join(part.value for part in known if isinstance(part, Known)), place, Basis.DERIVED)
    return unknown(term, place)


def tags(block: Block, name: str = "tags") -> Tags:
    """The tags of a block; what may add more is named."""
    place = block.at(name)
    term = settled(block.term(name))
    if isinstance(term, Entries):
        known = {key: text_of(value, place) for key, value in term.entries.items()}
        return Tags(known, tuple(unknown(part, place) for part in term.rest))
    if term == Literal(None):
        return Tags()
    return Tags({}, (unknown(term, place),))


def mentioned(term: Term, place: Place) -> tuple[Link, ...]:
    """Every block a term refers to, wherever in it, each attribute once: what a value is made of, when the value itself is not known."""
    found = (link_to(ref, place) for ref in _told(term))
    return tuple(dict.fromkeys(link for link in found if isinstance(link, Link)))


def _told(term: Term) -> Iterator[Ref]:
    """Every reference in a term. Who hands on a whole module, `network = module.network`, hands on all of its outputs."""
    for ref in references(term):
        if ref.block.mode == "loaded":
            for name in ref.block.names():
                yield from _told(ref.block.term(name))
        else:
            yield ref
