"""Documents in which functions are named: OpenAPI, Amazon States Language, CloudFormation templates; also such as cannot be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.read import convert
from serverful.estate.read.documents import parsed
from serverful.estate.read.term import Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided, references, shown
from serverful.estate.read.things.callee import ALIAS, FUNCTION

_DEEPEST = 40  # levels; documents have about ten
_END = re.compile(r"""[\s"',<>{}]+""")  # what cannot stand inside a name or an ARN
_HOLE = re.compile(r"\$\{\s*(\w+)\s*\}")
_ARN = re.compile(r":function:|/functions/|\blambda:invoke\b")


def document_of(term: Term) -> Term | None:
    """The map or list that a term holds: `jsonencode`, JSON text, JSON text with holes, also rendered by `data.template_file`.

    An Undecided stays one; None where it is text that is no JSON.
    """
    inner = rendered_template(convert.settled(term))
    match inner:
        case Encoded(held):
            return convert.settled(held)
        case Literal(str()):
            return parsed(Text((inner,)))
        case Text():
            return parsed(inner)
        case Entries() | Items() | Undecided():
            return inner
        case Ref() | Every():
            return Undecided(shown(inner), mentions=(inner,))
    return None


def rendered_template(term: Term) -> Term:
    """`data.template_file.x.rendered` as the text it comes to; anything else as it is.

    Only plain `${name}` is put in: what else a template may say is left as it stands. Source: `hashicorp/template` provider documentation.
    """
    if not (isinstance(term, Ref) and term.block.mode == "data" and term.block.type == "template_file" and term.path == ("rendered",)):
        return term
    template, given = convert.settled(term.block.term("template")), convert.settled(term.block.term("vars"))
    if not isinstance(template, Literal) or not isinstance(template.value, str) or not isinstance(given, Entries):
        return Undecided(term.expression, mentions=(template, given))
    parts: list[Term] = []
    for position, piece in enumerate(_HOLE.split(template.value)):
        if position % 2 == 0:
            parts.append(Literal(piece))
        else:
            parts.append(given.entries.get(piece) or Literal(f"${{{piece}}}"))
    return Text(tuple(parts))


def words(term: Term) -> Iterator[Term]:
    """The words of a document that may name a function: ARNs, and unknown parts that refer to one. For what cannot be read otherwise."""
    inner = rendered_template(convert.settled(term))
    if isinstance(inner, Encoded):
        yield from (leaf for leaf in _leaves(inner.term, _DEEPEST) if _is_a_name([leaf]))
        return
    word: list[Term] = []
    for part in (*(inner.parts if isinstance(inner, Text) else (inner,)), Literal(" ")):
        if not isinstance(part, Literal):
            word.append(part)
            continue
        *ended, begun = _END.split(str(part.value))
        for piece in ended:
            word.append(Literal(piece))
            if _is_a_name(word):
                yield Text(tuple(one for one in word if one != Literal("")))
            word = []
        word.append(Literal(begun))


def _leaves(term: Term, depth: int) -> Iterator[Term]:
    inner = convert.settled(term)
    if isinstance(inner, (Entries, Items)) and depth:
        for part in inner.entries.values() if isinstance(inner, Entries) else inner.items:
            yield from _leaves(part, depth - 1)
    elif not isinstance(inner, (Entries, Items)):
        yield term


def _is_a_name(word: list[Term]) -> bool:
    text = "".join(str(part.value) for part in word if isinstance(part, Literal))
    holes = [part for part in word if not isinstance(part, Literal)]  # a leaf may be a whole text
    text += "".join(str(part.value) for hole in holes if isinstance(hole, Text) for part in hole.parts if isinstance(part, Literal))
    return bool(_ARN.search(text)) or any(ref.block.type in (FUNCTION, ALIAS) for hole in holes for ref in references(hole))


def entries_of(term: Term) -> tuple[list[tuple[str, Term]], list[Undecided]]:
    """The entries of a map, and names for those that cannot be seen; nothing of what is no map."""
    inner = convert.settled(term)
    match inner:
        case Entries(entries, rest):
            return list(entries.items()), list(rest)
        case Every(item, why):
            return [("", item)], [why]
        case Undecided():
            return [], [inner]
        case Encoded(held):  # JSON inside JSON
            return entries_of(held)
    return [], []
