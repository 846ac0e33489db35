"""Policy documents out of terms: `jsonencode`, `data.aws_iam_policy_document`, JSON text, and JSON text with holes (templates, heredocs).

Known leaves stay known when their neighbours are not; what cannot be read is an Unknown with its name. Grammar of the JSON form: IAM User
Guide, "Grammar of the IAM JSON policy language". Block form: Terraform AWS provider documentation, data source `aws_iam_policy_document`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from serverful.estate.model import Condition, Document, Link, ManagedPolicy, Principal, Statement
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.managed_policies import is_looked_up, managed_policy
from serverful.estate.read.term import NULL, Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided, references
from serverful.estate.value import Known, Listing, Unknown, Value

_DATA = "aws_iam_policy_document"
_RENDERED = ("json", "minified_json")
_LONGEST = 50  # documents that are each other's sources, one behind the other
_DEEPEST = 40  # levels of JSON; a policy has about six, and what is deeper is no policy


@dataclass(frozen=True, slots=True)
class _Named:
    """A statement and its `sid`, by which a document overrides another's."""

    sid: str | None
    statement: Statement


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a document comes to before it is merged with others."""

    statements: tuple[_Named, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    managed: tuple[ManagedPolicy, ...] = ()


class Documents:
    """Reads the documents of one root, each data source once."""

    def __init__(self) -> None:
        self._of_data: dict[str, _Reading] = {}
        self._of_argument: dict[tuple[str, str], Document] = {}
        self._open: set[str] = set()

    def of(self, block: Block, name: str) -> Document:
        """The document an argument holds; empty where it is not written."""
        if block.mode == "nested":
            return self.read(block.term(name), block.at(name))
        key = (block.address, name)
        if key not in self._of_argument:
            self._of_argument[key] = self.read(block.term(name), block.at(name))
        return self._of_argument[key]

    def read(self, term: Term, place: Place) -> Document:
        """The document a term comes to."""
        reading = self._read(term, place)
        return Document(tuple(named.statement for named in reading.statements), reading.unknown, reading.managed)

    def _read(self, term: Term, place: Place) -> _Reading:
        term = convert.settled(term)
        match term:
            case Literal(None) | Literal(""):
                return _Reading()
            case Literal(str() as text):
                return self._from_json(Text((Literal(text),)), term, place)
            case Text():
                return self._from_json(term, term, place)
            case Encoded(inner):
                return self._from_object(convert.settled(inner), place)
            case Ref(block, (attribute,)) if block.mode == "data" and block.type == _DATA and attribute in _RENDERED:
                return self._from_data(block)
            case Items(items=(only,), rest=()):
                return self._read(only, place)
        managed = managed_policy(term, place) if is_looked_up(term) else None  # `data.aws_iam_policy.x.policy`: a copy of AWS's
        return _Reading(managed=(managed,)) if managed else _Reading(unknown=(convert.unknown(term, place),))

    # --- the block form -----------------------------------------------------------------------------------------------------------

    def _from_data(self, block: Block) -> _Reading:
        if block.address in self._open:  # a document that is its own source is not valid Terraform, but must not hang us
            return _Reading()
        if len(self._open) == _LONGEST:
            return _Reading(unknown=(Unknown(f"{block.address}.json", block.place),))
        if block.address not in self._of_data:
            self._open.add(block.address)
            try:
                self._of_data[block.address] = self._merged_data(block)
            finally:
                self._open.discard(block.address)
        return self._of_data[block.address]

    def _merged_data(self, block: Block) -> _Reading:
        """Its sources, overridden by its own statements, overridden by its overrides: a statement replaces one of the same `sid`."""
        sources = [self._read(part, block.at(name)) for name in _SOURCES for part in convert.parts(block.term(name))]
        overrides = [self._read(part, block.at(name)) for name in _OVERRIDES for part in convert.parts(block.term(name))]
        readings = [*sources, self._own_statements(block), *overrides]
        merged: list[_Named] = []
        position: dict[str, int] = {}
        for named in (named for reading in readings for named in reading.statements):
            if named.sid and named.sid in position:
                merged[position[named.sid]] = named
                continue
            if named.sid:
                position[named.sid] = len(merged)
            merged.append(named)
        return _Reading(
            tuple(merged),
            tuple(part for reading in readings for part in reading.unknown),
            tuple(policy for reading in readings for policy in reading.managed),
        )

    def _own_statements(self, block: Block) -> _Reading:
        nested = block.blocks("statement")
        statements = [_block_statement(statement) for statement in nested.blocks]
        unknown: list[Unknown] = []
        # A statement that may be there: where its actions are seen, nothing that matters is hidden, and its condition says it may not be.
        possible = [_block_statement(statement) for statement in nested.possible]
        undecided = [convert.unknown(part, block.at("statement")) for part in nested.undecided]
        if possible and all(named.statement.actions.is_complete and named.statement.not_actions.is_complete for named in possible):
            for named in possible:
                doubts = (*named.statement.conditions_unknown, *undecided)
                statements.append(replace(named, statement=replace(named.statement, conditions_unknown=doubts)))
        else:
            unknown += undecided
        return _Reading(tuple(statements), tuple(unknown))

    # --- the JSON form ------------------------------------------------------------------------------------------------------------

    def _from_json(self, text: Text, term: Term, place: Place) -> _Reading:
        found = parsed(text)
        if found is None:
            return _Reading(unknown=(convert.unknown(term, place),))
        return self._from_object(found, place)

    def _from_object(self, term: Term, place: Place) -> _Reading:
        if not isinstance(term, Entries):
            return _Reading(unknown=(convert.unknown(term, place),))
        written = _by_lower_name(term.entries)
        unknown = [convert.unknown(part, place) for part in term.rest]
        statements: list[_Named] = []
        for part, doubts in _statements(written.get("statement", NULL)):
            if isinstance(part, Entries):
                statements.append(_json_statement(part, place, tuple(convert.unknown(doubt, place) for doubt in doubts)))
            elif part != NULL:
                unknown.append(convert.unknown(part, place))
        return _Reading(tuple(statements), tuple(unknown))


_SOURCES = ("source_json", "source_policy_documents")
_OVERRIDES = ("override_json", "override_policy_documents")


def _statements(term: Term) -> Iterator[tuple[Term, tuple[Undecided, ...]]]:
    """The statements of a document, a list or a lone object, each with what keeps it from being certain."""
    inner = convert.settled(term)
    match inner:
        case Items(items, rest):
            for item in (*items, *rest):
                yield from _statements(item)
        case Every(item, why):
            for statement, doubts in _statements(item):
                yield statement, (*doubts, why)
        case _:
            yield inner, ()


def _json_statement(entries: Entries, place: Place, doubts: tuple[Unknown, ...]) -> _Named:
    written = _by_lower_name(entries.entries)
    hidden = tuple(convert.unknown(part, place) for part in entries.rest)  # merge({ Action = … }, var.more) may hold any element
    sid = convert.text_of(written.get("sid", NULL), place)
    actions, not_actions = (convert.strings_in(written.get(name, NULL), place) for name in ("action", "notaction"))
    resources = _resources(written.get("resource", NULL), written.get("notresource", NULL), place)
    if not {"action", "notaction"} & written.keys():
        actions = Listing((), hidden or (Unknown("Action", place),))
    if not {"resource", "notresource"} & written.keys():
        resources = Listing((), hidden)
    conditions, unknown = _json_conditions(written.get("condition", NULL), place)
    effect = convert.text_of(written["effect"], place) if "effect" in written else Unknown("Effect", place)
    return _Named(
        sid.value if isinstance(sid, Known) else None,
        Statement(
            place,
            effect,
            actions,
            not_actions,
            resources,
            tuple(conditions),
            (*unknown, *hidden, *doubts),
            _json_principals(written.get("principal", NULL), written.get("notprincipal", NULL), place),
        ),
    )


def _json_principals(term: Term, excepted: Term, place: Place) -> Listing[Principal]:
    """`"*"`, or identifiers by kind. "Everybody but these" is named and not told apart."""
    if convert.settled(excepted) != NULL:
        return Listing((), (Unknown("NotPrincipal", place),))
    inner = convert.settled(term)
    if isinstance(inner, Entries):
        listings = [_principals(kind, identifiers, place) for kind, identifiers in inner.entries.items()]
        found = [principal for listing in listings for principal in listing.items]
        unknown = [part for listing in listings for part in listing.unknown]
        return Listing(tuple(found), (*unknown, *(convert.unknown(part, place) for part in inner.rest)))
    if inner == Literal("*"):
        return Listing((Principal("*", Link(None, "*", place, origin="literal")),))
    return Listing() if inner == NULL else Listing((), (convert.unknown(inner, place),))


def _principals(kind: str, identifiers: Term, place: Place) -> Listing[Principal]:
    links = convert.links_in(identifiers, place)
    return Listing(tuple(Principal(kind, link) for link in links.items), links.unknown)


def _json_conditions(term: Term, place: Place) -> tuple[list[Condition], list[Unknown]]:
    conditions: list[Condition] = []
    unknown: list[Unknown] = []
    inner = convert.settled(term)
    if inner == NULL:
        return conditions, unknown
    if not isinstance(inner, Entries):
        return conditions, [convert.unknown(inner, place)]
    unknown += [convert.unknown(part, place) for part in inner.rest]
    for operator, keys in inner.entries.items():
        tested = convert.settled(keys)
        if not isinstance(tested, Entries):
            unknown.append(convert.unknown(tested, place))
            continue
        conditions += [Condition(operator, key, convert.strings_in(values, place)) for key, values in tested.entries.items()]
        unknown += [convert.unknown(part, place) for part in tested.rest]
    return conditions, unknown


def _block_statement(block: Block) -> _Named:
    sid = convert.optional_text(block, "sid")
    conditions = block.blocks("condition")
    effect: Value[str] = convert.text(block, "effect", "Allow")
    doubts = [convert.unknown(part, block.at("condition")) for part in conditions.undecided]
    return _Named(
        sid.value if isinstance(sid, Known) else None,
        Statement(
            place=block.place,
            effect=effect,
            actions=convert.strings_in(block.term("actions"), block.at("actions")),
            not_actions=convert.strings_in(block.term("not_actions"), block.at("not_actions")),
            resources=_resources(block.term("resources"), block.term("not_resources"), block.at("resources")),
            conditions=tuple(_block_condition(condition) for condition in conditions.blocks),
            conditions_unknown=tuple(doubts),
            principals=_block_principals(block),
        ),
    )


def _block_principals(block: Block) -> Listing[Principal]:
    if block.blocks("not_principals").blocks:
        return Listing((), (Unknown("not_principals", block.at("not_principals")),))
    nested, place = block.blocks("principals"), block.at("principals")
    found: list[Principal] = []
    unknown = [convert.unknown(part, place) for part in nested.undecided]
    for principals in nested.blocks:
        kind = convert.text(principals, "type")
        listing = _principals(
            kind.value if isinstance(kind, Known) else kind.expression, principals.term("identifiers"), principals.at("identifiers")
        )
        found += listing.items
        unknown += listing.unknown
    return Listing(tuple(found), tuple(unknown))


def _block_condition(block: Block) -> Condition:
    test, variable = (convert.text(block, name) for name in ("test", "variable"))
    return Condition(
        test.value if isinstance(test, Known) else test.expression,
        variable.value if isinstance(variable, Known) else variable.expression,
        convert.strings_in(block.term("values"), block.at("values")),
    )


def _resources(term: Term, excepted: Term, place: Place) -> Listing[Link]:
    if convert.settled(excepted) != NULL:  # everything but these: which things that leaves is not known
        return Listing((), (Unknown("NotResource", place),))
    return convert.links_in(term, place)


def _by_lower_name(entries: Mapping[str, Term]) -> dict[str, Term]:
    """Elements by name, whatever their case: IAM reads them so."""
    return {name.lower(): term for name, term in entries.items()}


# --- JSON with holes --------------------------------------------------------------------------------------------------------------

# Private-use characters stand around the number of a hole; they are legal inside a JSON string and nobody writes them.
_OPEN, _CLOSE = "\ue000", "\ue001"


def parsed(text: Text) -> Term | None:
    """A template that is JSON once its unknown parts are filled in, as a term in which they are themselves again; else None.

    An unknown part that stands between values (`%{ if var.more } }, { … %{ endif }`) may be anything: it is left out, and named beside what
    is known.
    """
    for leave_out in (False, True):
        rendered, holes, left_out = _with_marks(text.parts, leave_out=leave_out)
        found = _loaded(rendered, holes)
        if isinstance(found, Entries) and left_out:
            named = (convert.unknown(hole, _NOWHERE) for hole in left_out)
            return Entries(found.entries, (*found.rest, *(Undecided(part.expression, part.names) for part in named)))
        if found is not None:
            return found
    return None


def _loaded(rendered: str, holes: Sequence[Term]) -> Term | None:
    try:
        return _as_term(json.loads(rendered), holes, _DEEPEST)
    except (ValueError, RecursionError):  # no JSON, or nothing that anybody would call a policy
        return None


def _with_marks(parts: Sequence[Term], *, leave_out: bool) -> tuple[str, list[Term], list[Term]]:
    """The text with numbered marks for its holes, the holes, and those left out.

    A hole outside of JSON strings becomes a string where a value may stand. Elsewhere it is left out, as are with `leave_out` all such
    holes that are undecided.
    """
    pieces: list[str] = []
    holes: list[Term] = []
    left_out: list[Term] = []
    is_inside = False
    before = ""  # the last character that counts
    for part in parts:
        if isinstance(part, Literal):
            piece = "" if part.value is None else str(part.value).replace(_OPEN, "").replace(_CLOSE, "")
            is_inside = _ends_inside(piece, is_inside)
            before = piece.rstrip()[-1:] or before
            pieces.append(piece)
            continue
        mark = f"{_OPEN}{len(holes)}{_CLOSE}"
        if is_inside:
            pieces.append(mark)
        elif before not in ("", ":", ",", "[") or (leave_out and isinstance(part, Undecided)):
            left_out.append(part)
        else:
            pieces.append(f'"{mark}"')
            before = '"'
        holes.append(part.term if isinstance(part, Encoded) and not is_inside else part)
    return "".join(pieces), holes, left_out


def _ends_inside(text: str, is_inside: bool) -> bool:
    """Whether a JSON string is open at the end of a piece of text."""
    is_escaped = False
    for character in text:
        if is_escaped:
            is_escaped = False
        elif character == "\\":
            is_escaped = is_inside
        elif character == '"':
            is_inside = not is_inside
    return is_inside


def _as_term(value: object, holes: Sequence[Term], depth: int) -> Term:
    if depth == 0:
        raise ValueError("nested too deeply")
    match value:
        case dict():
            return _as_entries(value, holes, depth)
        case list():
            return Items(tuple(_as_term(item, holes, depth - 1) for item in value))
        case str():
            return _filled(value, holes)
        case bool() | int() | float() | None:
            return Literal(value)
    raise ValueError(f"no JSON value: {value!r}")


def _as_entries(value: Mapping[str, object], holes: Sequence[Term], depth: int) -> Entries:
    entries: dict[str, Term] = {}
    rest: list[Undecided] = []
    for key, item in value.items():
        name = _filled(key, holes)
        if isinstance(name, Literal):
            entries[str(name.value)] = _as_term(item, holes, depth - 1)
        else:
            named = convert.unknown(name, _NOWHERE)
            rest.append(Undecided(named.expression, named.names, tuple(references(name))))
    return Entries(entries, tuple(rest))


def _filled(text: str, holes: Sequence[Term]) -> Term:
    if _OPEN not in text:
        return Literal(text)
    parts: list[Term] = []
    before, *marked = text.split(_OPEN)
    for piece in marked:
        number, closed, after = piece.partition(_CLOSE)
        if not closed or not number.isdecimal() or int(number) >= len(holes):  # not ours: an escape in the text itself
            raise ValueError("private-use characters")
        parts += [holes[int(number)], *([Literal(after)] if after else [])]
    if before:
        parts.insert(0, Literal(before))
    return parts[0] if len(parts) == 1 else Text(tuple(parts))


_NOWHERE = Place(root="", address="", file="", line=1, end_line=1)
