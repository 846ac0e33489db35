"""The module instances of a plan, their planned blocks, and what a reference in one of them comes to.

A plan does not hold expressions, only what they refer to, and no locals. So a value that is not known is followed only where what is
written leaves one meaning; the rest is an `Undecided` with its references' names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.block import Block
from serverful.estate.read.decode import term_of
from serverful.estate.read.files import text_of
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.instances import Key
from serverful.estate.read.loaded_call import LoadedCall
from serverful.estate.read.plan.document import mapping
from serverful.estate.read.plan.meaning import meant, of_instance, stepped, together
from serverful.estate.read.plan.references import Reference, written
from serverful.estate.read.root import Folders, relative
from serverful.estate.read.size import MAX_WORK, Enormous
from serverful.estate.read.source import SourceBlock, SourceFolder, SourceProblem
from serverful.estate.read.term import NULL, Entries, Items, Literal, Ref, Term, Undecided
from serverful.estate.read.tree import local_path, missing_folder
from serverful.estate.read.variables import typed
from serverful.estate.value import Known

if TYPE_CHECKING:
    from serverful.estate.read.plan.block import PlannedBlock

MAX_DEPTH = 60  # outputs that lead to inputs that lead to outputs
_LAST_CALL = re.compile(r'^(?:(?P<above>.*)\.)?module\.(?P<name>[\w-]+)(?P<key>\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?$')
# Identifiers that AWS makes: no two things share one, so whoever holds the same text means that thing.
_MADE_BY_AWS = re.compile(r"^(?:arn:aws|(?:subnet|sg|sgr|vpc|rtb|nat|igw|eigw|eipalloc|vpce|eni|tgw|vgw|pcx)-[0-9a-f]{8})")
_IDENTIFIERS = ("id", "arn", "qualified_arn", "invoke_arn", "allocation_id")


@dataclass(frozen=True, slots=True)
class Instance:
    """Whose expression it is: the key of one instance, and the expression of its `for_each` in the module it stands in.

    `siblings` are all instances of the same block or call, itself among them.
    """

    key: Key = None
    for_each: object = None
    siblings: Sequence[object] = field(default=(), compare=False)


NOBODY = Instance()


@dataclass(eq=False)
class Plan:
    """What the modules of one plan share.

    `configuration` is that of its root module, `variables` the values that were given. `source` is the folder that the plan was made from,
    where somebody names it; what is written there is told relative to `base`. `is_complete` is False where it leaves something out.
    """

    name: str
    configuration: object
    variables: object
    base: Path
    source: Path | None = None
    folders: Folders = field(default_factory=Folders)
    modules: dict[str, PlannedModule] = field(default_factory=dict)
    identified: dict[str, Ref] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)  # identifiers that several things of a kind hold: of these nobody can tell
    echoes: set[tuple[str, str]] = field(default_factory=set)
    is_complete: bool = True
    depth: int = 0
    work: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether following it took more work than anybody's design does; the rest of it is undecided."""
        return self.work > MAX_WORK

    @cached_property
    def problems(self) -> tuple[SourceProblem, ...]:
        """What could not be read of the source, in the folders that are planned; and folders of theirs that are not here.

        Asked when all has been followed: a module that makes only outputs is named then.
        """
        folders = {module.folder.path: module.folder for module in self.modules.values() if module.folder is not None}
        missing = [
            missing_folder(name, block)
            for folder in folders.values()
            for name, block in folder.modules.items()
            if (path := local_path(block, folder.path)) is not None and not os.path.isdir(path)  # noqa: PTH112 (as in tree.py)
        ]
        return (*(problem for folder in folders.values() for problem in folder.problems), *missing)

    def place(self, address: str) -> Place:
        """In the plan: JSON has no lines worth citing."""
        return Place(self.name, address, self.name, 0, 0)

    def module(self, address: str) -> PlannedModule:
        """The module instance of that address, made with those above it when it is first named."""
        if address not in self.modules:
            found = _LAST_CALL.match(address)
            self.modules[address] = self._root(address) if found is None else self._called(address, found)
        return self.modules[address]

    def _root(self, address: str) -> PlannedModule:
        folder = self.folders.get(self.source) if self.source is not None else None
        return PlannedModule(self, address, mapping(self.configuration), folder)

    def _called(self, address: str, found: re.Match[str]) -> PlannedModule:
        above, name = self.module(found["above"] or ""), found["name"]
        configured = mapping(mapping(above.configuration.get("module_calls")).get(name))
        inner = PlannedModule(self, address, mapping(configured.get("module")))
        inner.above, inner.configured_call, inner.key = above, configured, _key(found["key"])
        inner.calls, inner.comments = above.calls, above.comments
        block = above.folder.modules.get(name) if above.folder is not None else None
        if block is not None and above.folder is not None:
            path = local_path(block, above.folder.path)
            inner.call_block, inner.folder = block, self.folders.get(path) if path is not None else None
            inner.calls = (self.at(block, address), *above.calls)
            inner.comments = (*self.comments(block, address), *above.comments)
        inner.siblings = above.children.setdefault(name, [])
        inner.siblings.append(inner)
        return inner

    def at(self, block: SourceBlock, address: str) -> Place:
        """Where a block of the source stands."""
        return Place(self.name, address, relative(block.file, self.base), block.line, block.end_line)

    def comments(self, block: SourceBlock, address: str) -> tuple[Comment, ...]:
        """The comments of a block of the source."""
        file = relative(block.file, self.base)
        return tuple(Comment(each.text, Place(self.name, address, file, each.line, each.line)) for each in block.comments)

    def identify(self, block: PlannedBlock) -> None:
        """Remember the identifiers of what exists already, so that a plan of changes is as connected as one of creations."""
        for name in _IDENTIFIERS:
            value = block.values.get(name)
            if isinstance(value, str) and _MADE_BY_AWS.match(value):
                known = self.identified.get(value)
                if known is None or _rank(block) < _rank(known.block):
                    self.identified[value] = Ref(block, (name,))
                elif known.block is not block and _rank(block) == _rank(known.block):
                    self.shared.add(value)


@dataclass(eq=False)
class PlannedModule:
    """One module instance.

    `configuration` is its part of the plan's; `configured_call` the call it is made by, in the module `above`. `folder` is its source and
    `call_block` that of its call, where they are here; `calls` and `comments` are those of its blocks.
    `siblings` are all instances of that call.
    """

    plan: Plan
    address: str
    configuration: Mapping[str, Any]
    folder: SourceFolder | None = None
    above: PlannedModule | None = None
    configured_call: Mapping[str, Any] = field(default_factory=dict)
    call_block: SourceBlock | None = None
    key: Key = None
    siblings: list[PlannedModule] = field(default_factory=list)
    calls: tuple[Place, ...] = ()
    comments: tuple[Comment, ...] = ()
    children: dict[str, list[PlannedModule]] = field(default_factory=dict)
    blocks: dict[tuple[str, str, str], list[tuple[Key, PlannedBlock]]] = field(default_factory=dict)
    _known: dict[tuple[str, str], Term] = field(default_factory=dict)
    _following: set[tuple[str, str]] = field(default_factory=set)
    _wholes: dict[tuple[object, ...], Term] = field(default_factory=dict)
    _by_key: dict[tuple[str, str, str], dict[Key, PlannedBlock]] = field(default_factory=dict)

    @cached_property
    def configured(self) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        """Its resources and data sources as configured, by mode, type and name."""
        resources = [each for each in self.configuration.get("resources") or () if isinstance(each, dict)]
        return {(str(each.get("mode")), str(each.get("type")), str(each.get("name"))): each for each in resources}

    @property
    def is_whole(self) -> bool:
        """Whether the plan has something of every resource and call that is configured here. What `count` switches off is missing."""
        resources = all(key in self.blocks for key in self.configured if key[0] == "managed")
        return resources and mapping(self.configuration.get("module_calls")).keys() <= self.children.keys()

    # --- names ----------------------------------------------------------------------------------------------------------------------

    def variable(self, name: str) -> Term:
        """`var.name`: what the caller gives, else its default."""
        return self._once("var", name, lambda: self._variable(name))

    def _variable(self, name: str) -> Term:
        declared = mapping(mapping(self.configuration.get("variables")).get(name))
        if declared.get("sensitive") is True:
            return Undecided(f"var.{name} (sensitive)", (name,))
        if self.above is None:
            given = mapping(mapping(self.plan.variables).get(name))
            return term_of(given["value"], f"var.{name}") if "value" in given else Undecided(f"var.{name}", (name,))
        written = self._given(name)
        if written is not None:
            return written
        expression = mapping(self.configured_call.get("expressions")).get(name)
        if expression:
            return self.above.expression(expression, self._caller, f"var.{name}", (name,))
        return term_of(declared["default"], f"var.{name}") if "default" in declared else NULL

    @property
    def _caller(self) -> Instance:
        """Whose arguments those of its call are."""
        return Instance(self.key, self.configured_call.get("for_each_expression"), self.siblings)

    def _given(self, name: str) -> Term | None:
        """What the call gives, by its source where that is here; None where it is not, or leaves it open."""
        attribute = self.call_block.attributes.get(name) if self.call_block is not None else None
        if attribute is None or self.above is None:
            return None
        term = follow(attribute.expression, self.above.scope(self._caller, self.call_block))
        declared = self.folder.variables.get(name) if self.folder is not None else None
        kind = declared.attributes.get("type") if declared is not None else None
        if kind is not None:
            term = typed(term, kind.expression, lambda expression: follow(expression, Scope(self)))
        return None if isinstance(term, Undecided) else term

    def scope(self, instance: Instance, block: SourceBlock | None = None) -> Scope:
        """What an expression of the source sees in one instance of a block."""
        bindings: dict[str, Term] = {}
        if isinstance(instance.key, int):
            bindings["count"] = Entries({"index": Literal(instance.key)})
        elif isinstance(instance.key, str):
            source = self._gone_through(block)
            value = source.entries.get(instance.key) if isinstance(source, Entries) else Literal(instance.key)
            bindings["each"] = Entries({"key": Literal(instance.key), "value": value or Undecided("each.value")})
        return Scope(self, bindings)

    def _gone_through(self, block: SourceBlock | None) -> Term:
        """What the `for_each` of a block comes to, once for all of its instances."""
        each = block.attributes.get("for_each") if block is not None else None
        if block is None or each is None:
            return NULL
        return self._once("for_each", ".".join((block.type, *block.labels)), lambda: follow(each.expression, Scope(self)))

    # --- what an expression of the source sees (follow.Surroundings) ------------------------------------------------------------------

    def local(self, name: str) -> Term:
        """`local.name`, which only the source tells."""
        found = self.folder.locals.get(name) if self.folder is not None else None
        if found is None:
            return Undecided(f"local.{name}", (name,))
        return self._once("local", name, lambda: follow(found[1].expression, Scope(self)))

    def resource(self, mode: str, type: str, name: str) -> Term | None:
        """All planned instances of a block: one, a list or a map; an empty one where none is planned."""
        if (mode, type, name) in self.blocks:
            return self._of_block((mode, type, name), (), f"{type}.{name}")
        block = self.folder.resources.get((mode, type, name)) if self.folder is not None else None
        if block is None:
            return None
        return Entries({}) if "for_each" in block.attributes else Items() if "count" in block.attributes else None

    def call(self, name: str) -> Term:
        """`module.name`, of which outputs may be asked."""
        if ("call", name) not in self._wholes:  # each instance of a block that goes through it asks
            children = [(child.key, Ref(child.as_block())) for child in self._children(name)]
            self._wholes["call", name] = together(children, f"module.{name}")
        return self._wholes["call", name]

    def _children(self, name: str) -> list[PlannedModule]:
        """The instances of a call. One that makes no blocks, only outputs, is named nowhere in a plan but here."""
        call = mapping(mapping(self.configuration.get("module_calls")).get(name))
        if name not in self.children and call and not {"count_expression", "for_each_expression"} & call.keys():
            self.plan.module(f"{self.address}.module.{name}" if self.address else f"module.{name}")
        return self.children.get(name, [])

    def path(self, name: str) -> Term:
        """`path.module` and `path.root`, relative to the root as Terraform has them; a plan alone does not say where it was made."""
        if self.plan.source is not None and self.folder is not None and name in ("module", "root"):
            return Literal(relative(self.folder.path, self.plan.source) if name == "module" else ".")
        return Undecided(f"path.{name}")

    def read_file(self, relative_path: str) -> str | None:
        """The text of a file beside the source; without one there is nothing to read, and the plan has what it held."""
        return text_of(self.plan.source / relative_path, self.plan.base) if self.plan.source is not None else None

    def spend(self, work: int) -> None:
        """Count work done for this plan. Raises Enormous when it has had more than enough; `Plan.is_spent` then says so."""
        self.plan.work += work
        if self.plan.is_spent:
            raise Enormous

    def output(self, name: str) -> Term:
        """What the caller sees as `module.x.name`."""
        return self._once("output", name, lambda: self._output(name))

    @property
    def output_names(self) -> Sequence[str]:
        """The outputs that it declares."""
        return tuple(mapping(self.configuration.get("outputs")))

    def as_block(self) -> LoadedCall:
        """Its call, as what refers to it sees it."""
        place = self.calls[0] if self.calls else self.plan.place(self.address)
        return LoadedCall(self, place, Known(True, place))

    def _output(self, name: str) -> Term:
        declared = mapping(self.configuration.get("outputs")).get(name)
        block = self.folder.outputs.get(name) if self.folder is not None else None
        value = block.attributes.get("value") if block is not None else None
        term = follow(value.expression, Scope(self)) if value is not None else None
        if term is not None and not isinstance(term, Undecided):
            return term
        if not isinstance(declared, dict):
            return Undecided(f"{self.address}.{name}", (name,), is_missing=True)
        if declared.get("sensitive") is True and "references" not in mapping(declared.get("expression")):
            return Undecided(f"{self.address}.{name} (sensitive)", (name,))
        return self.expression(declared.get("expression"), NOBODY, f"{self.address}.{name}", (name,))

    def _once(self, kind: str, name: str, answer: Any) -> Term:
        key = (kind, name)
        if key not in self._known:
            if key in self._following or self.plan.depth > MAX_DEPTH:
                return Undecided(f"{kind}.{name}", (name,))
            self._following.add(key)
            self.plan.depth += 1
            try:
                self._known[key] = answer()
            finally:
                self.plan.depth -= 1
                self._following.discard(key)
        return self._known[key]

    # --- expressions ----------------------------------------------------------------------------------------------------------------

    def expression(self, expression: object, instance: Instance, name: str, names: Sequence[str] = (), *, is_unknown: bool = False) -> Term:
        """What an expression of the configuration comes to, for one instance, when nothing else tells its value.

        `is_unknown` says that the plan itself does not know it; of inputs and outputs nobody can tell.
        """
        if not isinstance(expression, dict):
            return Undecided(name, tuple(names))
        if "constant_value" in expression:
            return term_of(expression["constant_value"], name)
        references = expression.get("references")
        return self._combined(written(references), instance, name, names, is_unknown) if isinstance(references, list) else NULL

    def _combined(self, references: Sequence[Reference], instance: Instance, name: str, names: Sequence[str], is_unknown: bool) -> Term:
        """What a value made of these references is, where they leave one meaning; else an Undecided that mentions them."""
        indexes = [reference for reference in references if reference.text in ("each.key", "count.index")]
        others = [reference for reference in references if reference not in indexes]
        terms = [self._named(reference, instance) for reference in others]
        if indexes and instance.key is not None:
            terms = [of_instance(term, instance.key, len(instance.siblings)) for term in terms]
        only = meant(others, terms, is_unknown=is_unknown)
        if only is not None:
            return only
        shown = ", ".join(dict.fromkeys(reference.text for reference in references)) or name
        words = (*names, *(step for reference in references for step in reference.steps if isinstance(step, str)))
        return Undecided(shown, tuple(dict.fromkeys(words)), tuple(terms))

    def _named(self, reference: Reference, instance: Instance) -> Term:
        """What a reference leads to; `each.value` where what is gone through is written as one thing, or is constant."""
        if reference.steps[:2] != ("each", "value") or instance.for_each is None:
            return self.term(reference)
        source = self.expression(instance.for_each, NOBODY, reference.text)
        if isinstance(source, Entries) and not source.rest and str(instance.key) in source.entries:
            return stepped(source.entries[str(instance.key)], reference.steps[2:], reference.text)
        return Undecided(reference.text, tuple(str(step) for step in reference.steps[1:]), (source,))

    def term(self, reference: Reference) -> Term:
        """What one reference leads to."""
        head, *steps = reference.steps or ("",)
        first = str(steps[0]) if steps else ""
        match head:
            case "var":
                return stepped(self.variable(first), steps[1:], reference.text)
            case "module":
                return self._of_module(first, steps[1:], reference.text)
            case "data":
                second = str(steps[1]) if len(steps) > 1 else ""
                return self._of_block(("data", first, second), steps[2:], reference.text)
            case "local":
                return stepped(self.local(first), steps[1:], reference.text)
            case "each" | "count" | "path" | "self" | "terraform":
                return Undecided(reference.text, (first,))
        return self._of_block(("managed", str(head), first), steps[1:], reference.text)

    def _of_module(self, name: str, steps: Sequence[str | int], text: str) -> Term:
        instances = self._children(name)
        if steps and any(instance.key == steps[0] for instance in instances if instance.key is not None):
            instances, steps = [instance for instance in instances if instance.key == steps[0]], steps[1:]
        if not steps or not isinstance(steps[0], str):
            return Undecided(text, (name,))
        outputs = [(instance.key, stepped(instance.output(steps[0]), steps[1:], text)) for instance in instances]
        return together(outputs, text)

    def _of_block(self, key: tuple[str, str, str], steps: Sequence[str | int], text: str) -> Term:
        instances = self.blocks.get(key, [])
        if not instances:  # none is planned of it, unless the plan leaves it out
            return Items() if key in self.configured and self.plan.is_complete else Undecided(text, (key[2],))
        if steps and instances[0][0] is not None:
            if key not in self._by_key:
                self._by_key[key] = dict(reversed(instances))
            own = self._by_key[key].get(steps[0])
            if own is not None:
                return Ref(own, tuple(steps[1:]))
        if (key, *steps) not in self._wholes:  # each instance of a block that refers to it asks
            self._wholes[key, *steps] = together([(own, Ref(block, tuple(steps))) for own, block in instances], text)
        return self._wholes[key, *steps]


def all_blocks(plan: Plan) -> Iterator[PlannedBlock]:
    """Every planned block, by module and as the plan lists them."""
    for module in plan.modules.values():
        for instances in module.blocks.values():
            yield from (block for _, block in instances)


def _rank(block: Block) -> tuple[bool, int]:
    """Which of several things that hold an identifier is the one it identifies: no data source, and the topic rather than its policy."""
    return block.mode == "data", len(block.type)


def _key(text: str | None) -> Key:
    if text is None:
        return None
    inner = text[1:-1]
    return int(inner) if inner.isdigit() else inner[1:-1].replace('\\"', '"').replace("\\\\", "\\")
