"""A planned block: what Terraform will make, with the references of what it does not know yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.block import Blocks
from serverful.estate.read.contents import names_in
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.list_functions import opened
from serverful.estate.read.plan.document import mapping
from serverful.estate.read.plan.meaning import Planned, is_open, whole
from serverful.estate.read.plan.references import written
from serverful.estate.read.plan.tree import Instance, PlannedModule
from serverful.estate.read.source import SourceBlock
from serverful.estate.read.term import NULL, Entries, Items, Literal, Ref, Term, Undecided
from serverful.estate.value import Known, Value

# Arguments written as blocks that the provider computes when nobody writes them: unknown then means "none of ours" (aws provider schema).
_COMPUTED_BLOCKS = frozenset({"egress", "ingress", "propagating_vgws", "route", "subnet_mapping"})

# Nested blocks that say what to do and not what is to be. (A plan lists provisioners in its configuration, which is not read here.)
_NOT_PLANNED = frozenset({"lifecycle", "provisioner"})


class PlannedBlock(Planned):
    """One instance of a resource or data source of a plan, or a block nested in one.

    `values` are what is known, `unknown` and `sensitive` the plan's masks over them, `expressions` the configuration's part.
    """

    def __init__(
        self,
        mode: str,
        type: str,
        name: str,
        address: str,
        instance: Instance,
        module: PlannedModule,
        values: Mapping[str, Any],
        unknown: Mapping[str, Any],
        sensitive: Mapping[str, Any],
        expressions: Mapping[str, Any],
    ) -> None:
        self.mode, self.type, self.name, self.address = mode, type, name, address
        self.source = module.folder.resources.get((mode, type, name)) if module.folder is not None else None
        self.place: Place = module.plan.at(self.source, address) if self.source is not None else module.plan.place(address)
        self.exists: Value[bool] = Known(True, self.place)
        own = module.plan.comments(self.source, address) if self.source is not None else ()
        self.comments: tuple[Comment, ...] = (*own, *module.comments)
        self.calls: tuple[Place, ...] = module.calls
        self.instance, self.module = instance, module
        self.values, self.unknown, self.sensitive, self.expressions = values, unknown, sensitive, expressions
        self._terms: dict[str, Term] = {}
        self._asked: set[str] = set()

    @cached_property
    def scope(self) -> Scope:
        """What its expressions see. Asked when one is followed: while the blocks are made, what they refer to may not be there yet."""
        return self.module.scope(self.instance, self.source)

    def has(self, name: str) -> bool:
        return name in self.expressions or self._is_made_by_dynamic(name)

    def _is_made_by_dynamic(self, name: str) -> bool:
        """A `dynamic` block leaves no expression, but what it makes is planned. So is what the provider read back, which nobody wrote."""
        value = self.values.get(name)
        return isinstance(value, list) and any(isinstance(item, dict) for item in value) and not self._is_read_back(name)

    def _is_read_back(self, name: str) -> bool:
        """Whether nobody wrote a nested block here: the source tells, else that its parts have resources of their own."""
        if self.source is not None:
            return name not in self.source.attributes and not any(True for _ in self.source.nested(name))
        return (str(self.values.get("id")), name) in self.module.plan.echoes

    def names(self) -> Sequence[str]:
        made = (name for name in self.values if name not in self.expressions and self._is_made_by_dynamic(name))
        return (*self.expressions, *made)

    def at(self, name: str) -> Place:
        if self.source is None:
            return self.place
        found = self.source.attributes.get(name) or next(self.source.nested(name), None)
        if found is None:
            return self.place
        return Place(self.place.root, self.address, self.place.file, found.line, found.end_line)

    def term(self, name: str) -> Term:
        if name not in self._terms:
            if name in self._asked:
                return Undecided(f"{self.address}.{name}")
            self._asked.add(name)
            self._terms[name] = self._term(name)
        return self._terms[name]

    def _term(self, name: str) -> Term:
        mask, expression = self.unknown.get(name), self.expressions.get(name)
        if mask is True and expression is None:  # computed: nobody wrote it
            return NULL
        return self._followed(name, self._merged(self.values.get(name), mask, self.sensitive.get(name), expression, name))

    def _followed(self, name: str, term: Term) -> Term:
        """What a plan leaves open of an argument, by its expression where the source is here; what the plan knows stays."""
        attribute = self.source.attributes.get(name) if self.source is not None else None
        if attribute is None or not is_open(self.unknown.get(name)) or self.sensitive.get(name) is True:
            return term
        followed = follow(attribute.expression, self.scope)
        if isinstance(followed, Undecided):
            return term
        value, mask = self.values.get(name), self.unknown.get(name)
        if isinstance(term, Entries) and isinstance(value, dict) and isinstance(mask, dict) and isinstance(followed, Entries):
            known = {key: inner for key, inner in term.entries.items() if key in value and not is_open(mask.get(key))}
            return Entries({**followed.entries, **known}, followed.rest)
        return followed

    def blocks(self, name: str) -> Blocks:
        if name in _NOT_PLANNED:
            return self._not_planned(name)
        if name not in self.expressions and self._is_read_back(name):
            return Blocks()
        mask, value, expression = self.unknown.get(name), self.values.get(name), self.expressions.get(name)
        hidden = self.sensitive.get(name)
        if mask is True:
            return self._unknown_blocks(name, expression)
        if hidden is True:
            return Blocks(undecided=(Undecided(f"{self.address}.{name} (sensitive)"),))
        if isinstance(value, dict):  # a block that there can only be one of is no list
            value, mask, hidden = [value], [mask], [hidden]
        rows = value if isinstance(value, list) else []
        made = []
        for number, row in enumerate(rows):
            if isinstance(row, dict):
                masked = mapping(_below(mask, number))
                inner = self._expressions_of(expression, number, len(rows), row, masked)
                made.append(PlannedNested(self, name, row, masked, mapping(_below(hidden, number)), inner))
        return Blocks(tuple(made))

    def _not_planned(self, name: str) -> Blocks:
        """What is written of a block that is not planned: without the source nobody knows what it says."""
        if self.source is None:
            return Blocks(undecided=(Undecided(f"the {name} of {self.address}, which a plan does not hold"),))
        written = [dict.fromkeys(block.attributes, True) for block in self.source.nested(name)]
        return Blocks(tuple(PlannedNested(self, name, {}, unknown, {}, {}) for unknown in written))

    def _unknown_blocks(self, name: str, expression: object) -> Blocks:
        """Nested blocks of which nothing is known, not even their number; none where nobody wrote them and the provider computes them."""
        if expression is None and (name in _COMPUTED_BLOCKS or self.mode == "nested"):
            return Blocks()
        references = mapping(expression).get("references")
        shown = ", ".join(reference.text for reference in written(references)) if isinstance(references, list) else ""
        return Blocks(undecided=(Undecided(shown or f"{self.address}.{name}"),))

    def _expressions_of(
        self, expression: object, number: int, count: int, row: Mapping[str, Any], masks: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The configuration of one of several nested blocks: a set keeps no order, so it is told by what is constant in it."""
        if isinstance(expression, list):
            candidates = [mapping(each) for each in expression if isinstance(each, dict)]
            if len(candidates) == 1 and count == 1:
                return candidates[0]
            fits = [each for each in candidates if _fits(each, row)]
            if len(fits) == 1:
                return fits[0]
            return candidates[number] if len(candidates) == count and _fits(candidates[number], row) else _shared(fits)
        if isinstance(expression, dict):
            if "references" in expression:  # an argument written as a list of objects: any of its references may be in any of them
                return {name: expression for name in (*row, *masks) if row.get(name) is not None or masks.get(name)}
            if "constant_value" not in expression:
                return expression
        return {}

    def contents(self, path: str) -> frozenset[str] | None:
        source, base = self.module.plan.source, self.module.plan.base
        return names_in(source / path, base) if source is not None else None

    def scope_inside(self, name: str) -> Scope:
        """As outside; in a `dynamic` block that makes one, its iterator is what it goes through."""
        dynamic = next(self.source.nested(name), None) if self.source is not None else None
        each = dynamic.attributes.get("for_each") if dynamic is not None and dynamic.type == "dynamic" else None
        if dynamic is None or each is None:
            return self.scope
        iterator = dynamic.attributes.get("iterator")
        label = getattr(iterator.expression, "name", name) if iterator else name
        rows = opened(follow(each.expression, self.scope))
        values = list(rows.items) if isinstance(rows, Items) else list(rows.entries.values()) if isinstance(rows, Entries) else []
        value = values[0] if len(values) == 1 else Undecided(f"{label}.value")
        return self.scope.binding(**{label: Entries({"key": Undecided(f"{label}.key"), "value": value})})

    def inner(self, name: str) -> SourceBlock | None:
        """What is written of the only nested block of a name: of a `dynamic` one its content."""
        found = list(self.source.nested(name)) if self.source is not None else []
        if len(found) != 1:
            return None
        return next((block for block in found[0].blocks if block.type == "content"), None) if found[0].type == "dynamic" else found[0]

    # --- values -----------------------------------------------------------------------------------------------------------------------

    def _merged(self, value: object, mask: object, sensitive: object, expression: object, name: str) -> Term:
        """A value with its unknown parts as what they refer to; nothing that is sensitive is read."""
        if sensitive is True:
            return Undecided(f"{self.address}.{name} (sensitive)", (name,))
        if mask is True:
            return whole(self._made_of(expression, name), None, f"{self.address}.{name}")
        if isinstance(value, dict):
            return self._map(value, mask, sensitive, expression, name)
        if isinstance(value, list):
            return self._referenced(value, expression) or self._list(value, mask, sensitive, expression, name)
        return self._linked(value, expression)

    def _made_of(self, expression: object, name: str, names: Sequence[str] = ()) -> Term:
        """What the unknown part of an argument is made of."""
        return self.module.expression(expression, self.instance, f"{self.address}.{name}", names or (name,), is_unknown=True)

    def _map(self, value: Mapping[str, Any], mask: object, sensitive: object, expression: object, name: str) -> Term:
        masks, hidden = mapping(mask), mapping(sensitive)
        own = expression if isinstance(expression, dict) and "references" not in expression and "constant_value" not in expression else None
        open_keys = [key for key, each in masks.items() if each is True and own is None]
        entries = {
            key: self._merged(value.get(key), masks.get(key), hidden.get(key), own.get(key) if own else expression, key)
            for key in dict.fromkeys((*value, *masks))
            if key not in open_keys
        }
        if open_keys:  # which of them holds which reference a plan does not say; together they hold them all
            entries[", ".join(sorted(open_keys))] = self._made_of(expression, name, open_keys)
        return Entries(entries)

    def _list(self, value: Sequence[Any], mask: object, sensitive: object, expression: object, name: str) -> Term:
        rows = list(expression) if isinstance(expression, list) else []
        if isinstance(mask, list) and True in mask:
            known = [item for number, item in enumerate(value) if _below(mask, number) is not True]
            made_of = whole(self._made_of(expression, name), len(value) - len(known), f"{self.address}.{name}")
            items = [self._linked(item, expression) for item in known]
            return Items((*items, made_of)) if not isinstance(made_of, Undecided) else Items(tuple(items), (made_of,))
        items = []
        for number, item in enumerate(value):
            inner = rows[number] if number < len(rows) else (expression if not rows else None)
            items.append(self._merged(item, _below(mask, number), _below(sensitive, number), inner, name))
        return Items(tuple(items))

    def _linked(self, value: Any, expression: object) -> Term:
        """A known value; a reference to the thing that it identifies where that is certain, so that the way to it is not lost."""
        if not isinstance(value, str):
            return Literal(value) if value is None or isinstance(value, (int, float, bool)) else Undecided(str(value))
        known = self.module.plan.identified.get(value)
        if known is not None and known.block is not self and value not in self.module.plan.shared:
            return known
        return self._referenced(value, expression) or Literal(value)

    def _referenced(self, value: object, expression: object) -> Ref | None:
        """The one reference of an expression, where what it leads to has this very value."""
        references = expression.get("references") if isinstance(expression, dict) else None
        found = written(references) if isinstance(references, list) else []
        term = self.module.term(found[0]) if len(found) == 1 else None
        return term if isinstance(term, Ref) and _is_planned(term, value) else None


class PlannedNested(PlannedBlock):
    """A block nested in a planned one: what it does not say is computed by nobody."""

    def __init__(
        self,
        owner: PlannedBlock,
        name: str,
        values: Mapping[str, Any],
        unknown: Mapping[str, Any],
        sensitive: Mapping[str, Any],
        expressions: Mapping[str, Any],
    ) -> None:
        self.mode, self.type, self.name, self.address = "nested", name, owner.name, owner.address
        self.place, self.exists, self.comments, self.calls = owner.at(name), owner.exists, (), owner.calls
        self.instance, self.module, self.source = owner.instance, owner.module, owner.inner(name)
        self.values, self.unknown, self.sensitive, self.expressions = values, unknown, sensitive, expressions
        self._owner = owner
        self._terms, self._asked = {}, set()

    @cached_property
    def scope(self) -> Scope:
        return self._owner.scope_inside(self.type)

    def has(self, name: str) -> bool:
        return name in self.expressions or self.values.get(name) is not None or bool(self.unknown.get(name))

    def names(self) -> Sequence[str]:
        return tuple(name for name in dict.fromkeys((*self.expressions, *self.values, *self.unknown)) if self.has(name))

    def _term(self, name: str) -> Term:
        merged = self._merged(self.values.get(name), self.unknown.get(name), self.sensitive.get(name), self.expressions.get(name), name)
        return self._followed(name, merged)


def _below(mask: object, number: int) -> object:
    """The mask over one item of a list; a mask over all of it has none of its own for each."""
    return mask[number] if isinstance(mask, list) and number < len(mask) else None


def _is_planned(ref: Ref, value: object) -> bool:
    """Whether what a reference leads to has this value."""
    if len(ref.path) != 1 or not isinstance(ref.block, Planned):
        return False
    there = ref.block.values.get(str(ref.path[0]))
    if isinstance(value, list) and isinstance(there, list) and all(isinstance(item, str) for item in (*value, *there)):
        return sorted(value) == sorted(there)  # a list becomes a set, which Terraform sorts
    return bool(there == value)


def _fits(candidate: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether what is constant in a block of the configuration is what a planned block has."""
    stated = ((name, each["constant_value"]) for name, each in candidate.items() if isinstance(each, dict) and "constant_value" in each)
    return all(row.get(name) == value for name, value in stated)


def _shared(candidates: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The references of all of them, argument by argument, where it cannot be told which of them is meant."""
    found: dict[str, Any] = {}
    for candidate in candidates:
        for name, each in candidate.items():
            references = each.get("references", []) if isinstance(each, dict) else []
            found.setdefault(name, {"references": []})["references"] += [*references, *references]  # twice: a choice, never a list
    return found
