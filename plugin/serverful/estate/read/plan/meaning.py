"""What an unknown value must be, given what its expression refers to.

A plan does not say how an expression is made of its references, so only what leaves one meaning is taken. What is known while planning, and
what is not there at all, cannot be what is unknown. How many elements of a list are unknown tells a choice from the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serverful.estate.read.block import Block
from serverful.estate.read.instances import Key
from serverful.estate.read.plan.references import Reference
from serverful.estate.read.term import Entries, Items, Literal, Ref, Term, Undecided


class Planned(Block):
    """A block of a plan: what is known of it, and the mask over what is not."""

    values: Mapping[str, Any]
    unknown: Mapping[str, Any]

    def is_known(self, name: str) -> bool:
        """Whether the plan knows an argument or attribute wholly."""
        return self.values.get(name) is not None and not is_open(self.unknown.get(name))


def is_open(mask: object) -> bool:
    """Whether anything below a mask is unknown."""
    if isinstance(mask, dict):
        return any(is_open(inner) for inner in mask.values())
    return any(is_open(inner) for inner in mask) if isinstance(mask, list) else mask is True


def meant(references: Sequence[Reference], terms: Sequence[Term], *, is_unknown: bool) -> Term | None:
    """The one thing, or the list of things, that a value made of these terms must be; None where they leave a choice.

    `is_unknown` says that the plan does not know the value, so nothing that it knows is meant. Something known beside one block is a
    condition, a prefix or a fallback: the unknown comes from the block. Several blocks make a list only when nothing that could choose
    between them is written: no other name, and none of them twice.
    """
    there = [term for term in terms if not _is_nothing(term)]
    unknown = [term for term in there if not isinstance(term, Literal) and not (is_unknown and _is_known(term))]
    if not unknown:
        return None
    blocks = [_blocks(term) for term in unknown]
    if any(found is None for found in blocks):
        return unknown[0] if len(there) == 1 and isinstance(unknown[0], (Undecided, Entries)) else None
    flat = [ref for found in blocks for ref in found or ()]
    longest: dict[str, Ref] = {}
    for ref in flat:
        known = longest.get(ref.block.address)
        if known is None or len(ref.path) > len(known.path):
            longest[ref.block.address] = ref
    if len(longest) == 1:
        return next(iter(longest.values())) if len(unknown) < len(there) or len(unknown) > 1 or isinstance(unknown[0], Ref) else unknown[0]
    if len(there) == 1:
        return unknown[0]
    is_twice = len({reference.text for reference in references}) < len(references) or len(longest) < len(flat)
    if len(unknown) < len(there) or is_twice or len({(ref.block.type, ref.path) for ref in flat if ref.path}) > 1:
        return None
    return Items(tuple(flat))


def whole(term: Term, count: int | None, name: str) -> Term:
    """A term that consists of as many things as are planned; of which of them it consists is open where there are more.

    `count` is None where the plan does not know how many: then several things are a choice as well, by a filter perhaps.
    """
    things = term.items if isinstance(term, Items) else tuple(term.entries.values()) if isinstance(term, Entries) else (term,)
    if len(things) <= (count if count is not None else 1):
        return term
    return Undecided(f"some of {name}", (name,), (term,))


def of_instance(term: Term, key: Key, count: int) -> Term:
    """Of all instances of a block the one with the same key, where an expression names `each.key` or `count.index` beside it.

    By number only where the block that asks has as many instances (`count`): `count.index + 1` refers to the same names.
    """
    if isinstance(term, Entries) and isinstance(key, str) and key in term.entries:
        return term.entries[key]
    if isinstance(term, Items) and isinstance(key, int) and not term.rest and term.items:
        if len(term.items) == 1:  # indexes must exist, so a lone one is it
            return term.items[0]
        return term.items[key] if len(term.items) == count else Undecided(f"one of {len(term.items)}", mentions=term.items)
    return term


def together(terms: Sequence[tuple[Key, Term]], text: str) -> Term:
    """All instances: one without a key, a map by names, a list by numbers."""
    if not terms:
        return Undecided(text)
    if len(terms) == 1 and terms[0][0] is None:
        return terms[0][1]
    if all(isinstance(key, str) for key, _ in terms):
        return Entries({str(key): term for key, term in terms})
    return Items(tuple(term for _, term in terms))


def stepped(term: Term, steps: Sequence[str | int], text: str) -> Term:
    """What steps into a term lead to."""
    for step in steps:
        match term:
            case Ref(block, path):
                term = Ref(block, (*path, step))
            case Entries(entries) if str(step) in entries:
                term = entries[str(step)]
            case Items(items, ()) if isinstance(step, int) and step < len(items):
                term = items[step]
            case Undecided(_, names, mentions):
                return Undecided(text, (*names, *(str(name) for name in steps if isinstance(name, str))), mentions)
            case _:
                return Undecided(text, mentions=(term,))
    return term


def _is_nothing(term: Term) -> bool:
    """Whether a term stands for a block of which nothing is planned."""
    return isinstance(term, Items) and not term.items and not term.rest


def _is_known(term: Term) -> bool:
    """Whether a reference leads to what the plan knows: what is unknown cannot come from there."""
    return isinstance(term, Ref) and len(term.path) == 1 and isinstance(term.block, Planned) and term.block.is_known(str(term.path[0]))


def _blocks(term: Term) -> list[Ref] | None:
    """The references that a term consists of; None when there is anything else in it."""
    match term:
        case Ref():
            return [term]
        case Items(items, ()) | Entries(items, ()):
            inner = [_blocks(item) for item in (items.values() if isinstance(items, Mapping) else items)]
            return None if any(found is None for found in inner) else [ref for found in inner for ref in found or ()]
    return None
