"""The module tree of one root: which blocks there are, in which instances, and what their names stand for.

Everything is followed lazily and remembered; a module's blocks know their module, and a module its caller.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.convert import settled, unknown
from serverful.estate.read.expression import Attribute, Constant, Expression, Traversal, traversals
from serverful.estate.read.files import text_of
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.instances import Instances, Key, Row, instances, stand_in
from serverful.estate.read.loaded_call import LoadedCall
from serverful.estate.read.operators import is_empty, is_null, truth
from serverful.estate.read.outlines.block import OutlinedBlock
from serverful.estate.read.outlines.existence import as_given, is_off, only_if
from serverful.estate.read.outlines.outline import VERSION, Outline, outline_of
from serverful.estate.read.root import Root, relative
from serverful.estate.read.size import MAX_WORK, TOO_MUCH, Enormous
from serverful.estate.read.source import SourceBlock, SourceFolder, SourceProblem
from serverful.estate.read.source_block import ReadBlock
from serverful.estate.read.term import Literal, Ref, Term, Undecided
from serverful.estate.read.variables import typed
from serverful.estate.value import Known, Unknown, Value

MAX_CHAIN = 150  # names that lead to names, over all modules; what lies beyond is undecided, as Python's stack is not endless
MAX_BLOCKS = 50_000  # instances of all blocks in one root; the largest root we know of has a tenth
MAX_MODULES = 5_000  # module instances in one root; more is a runaway, not a design


@dataclass(eq=False)
class Module:
    """One module instance: the root (`address` empty) or a call that is loaded. Its inputs are followed in `caller`.

    `outlined` is the call's own block where only an `outline` of the module is here.
    """

    root: Root
    source: SourceFolder
    address: str = ""
    key: str = ""  # dotted names of the calls, as in modules.json
    call_block: SourceBlock | None = None
    caller: Scope | None = None
    exists: Value[bool] | None = None
    comments: tuple[Comment, ...] = ()
    calls: tuple[Place, ...] = ()
    ancestors: tuple[Path, ...] = ()
    outlined: ReadBlock | None = None
    outline: Outline | None = None
    _variables: dict[str, Term] = field(default_factory=dict)
    _locals: dict[str, Term] = field(default_factory=dict)
    _outputs: dict[str, Term] = field(default_factory=dict)
    _blocks: dict[tuple[str, str, str], tuple[Instances, list[ReadBlock]]] = field(default_factory=dict)
    _references: dict[tuple[str, str, str], Term] = field(default_factory=dict)
    _children: dict[str, tuple[Instances, list[Module | ReadBlock]]] = field(default_factory=dict)
    _following: set[tuple[str, str]] = field(default_factory=set)

    @property
    def scope(self) -> Scope:
        return Scope(self)

    # --- names ------------------------------------------------------------------------------------------------------------------------

    def variable(self, name: str) -> Term:
        """`var.name`: what the caller gives, else the default; in a reusable child nobody calls, nothing but its name."""
        if name not in self._variables:
            if (usual := self._usual(name)) is not None:
                self._variables[name] = usual
                return usual
            with self._entered("var", name) as is_free:
                if not is_free:
                    return Undecided(f"var.{name}", (name,))
                self._variables[name] = self._variable(name)
        return self._variables[name]

    def _usual(self, name: str) -> Term | None:
        """The default of an input that a call leaves alone, where only an outline is here: the same for all calls of the module."""
        block = self.source.variables.get(name)
        if self.outline is None or self.call_block is None or name in self.call_block.attributes or block is None:
            return None
        default = block.attributes.get("default")
        return self.outline.usual.default(name, lambda: follow(default.expression, self.scope)) if default is not None else None

    def _variable(self, name: str) -> Term:
        if self.outline is not None and name == VERSION:
            return Literal(self.outline.major) if self.outline.major is not None else Undecided(f"the version of {self.address}")
        block = self.source.variables.get(name)
        if block is None:
            return Undecided(f"var.{name}", (name,))
        default = block.attributes.get("default")
        fallback = follow(default.expression, self.scope) if default is not None else None
        value = self._given(name)
        if value is None:
            if fallback is None or (self.root.is_child and self.caller is None):
                return Undecided(f"var.{name}", (name,), may_be_empty=fallback is not None and _is_off(fallback))
            value = fallback
        elif fallback is not None and is_null(value) is True and _is_not_nullable(block):
            value = fallback
        inner = settled(value)
        if isinstance(inner, Undecided) and name not in inner.names:
            value = Undecided(
                inner.expression, (*inner.names, name), inner.mentions, inner.may_be_empty, inner.is_computable, inner.is_missing
            )
        kind = block.attributes.get("type")
        return typed(value, kind.expression, lambda expression: follow(expression, self.scope)) if kind is not None else value

    def _given(self, name: str) -> Term | None:
        if self.caller is not None and self.call_block is not None:
            attribute = self.call_block.attributes.get(name)
            return follow(attribute.expression, self.caller) if attribute is not None else None
        expression = self.root.assignments.get(name)
        return follow(expression, self.scope) if expression is not None else None

    def defaults_in(self, expression: Expression, seen: set[tuple[str, str, str]] | None = None) -> Iterator[tuple[str, Term]]:
        """The variables of the root that an expression hangs on and that only their default decides, each with it: `image_tag`, `latest`.

        Followed through locals and the inputs of calls. Such a default is the truth of the root as it stands, and a deployment may give
        another value. The default of a module's own variable is none of these: nobody changes it without a change in Terraform.
        """
        seen = set() if seen is None else seen
        for traversal in traversals(expression):
            match traversal:
                case Traversal(name="var" | "local" as kind, steps=(Attribute(name), *_)) if (self.address, kind, name) not in seen:
                    seen.add((self.address, kind, name))
                    yield from self._defaults_of(kind, name, seen)

    def _defaults_of(self, kind: str, name: str, seen: set[tuple[str, str, str]]) -> Iterator[tuple[str, Term]]:
        if kind == "local":
            found = self.source.locals.get(name)
            yield from self.defaults_in(found[1].expression, seen) if found is not None else ()
        elif self.caller is None:
            declared = self.source.variables.get(name)
            if declared is not None and "default" in declared.attributes and name not in self.root.assignments:
                yield name, self.variable(name)
        else:
            given = self.call_block.attributes.get(name) if self.call_block is not None else None
            above = self.caller.module
            if given is not None and isinstance(above, Module):
                yield from above.defaults_in(given.expression, seen)

    def local(self, name: str) -> Term:
        """`local.name`."""
        if name not in self._locals:
            found = self.source.locals.get(name)
            with self._entered("local", name) as is_free:
                if found is None or not is_free:
                    return Undecided(f"local.{name}", (name,))
                self._locals[name] = follow(found[1].expression, self.scope)
        return self._locals[name]

    def output(self, name: str) -> Term:
        """What the caller sees as `module.x.name`."""
        if name not in self._outputs:
            if self.outlined is not None and name not in self.source.outputs:
                # terraform-aws-modules took `this_` off all its outputs (lambda 2.0.0, security-group 4.0.0, both 2021).
                newer = name.removeprefix("this_")
                return self.output(newer) if newer in self.source.outputs else Ref(self.outlined, (name,))
            block = self.source.outputs.get(name)
            value = block.attributes.get("value") if block is not None else None
            with self._entered("output", name) as is_free:
                if value is None or not is_free:
                    return Undecided(f"{self.address}.{name}", (name,), is_missing=value is None)
                self._outputs[name] = follow(value.expression, self.scope)
        return self._outputs[name]

    @property
    def output_names(self) -> Sequence[str]:
        """The outputs that it declares."""
        return tuple(self.source.outputs)

    def as_block(self) -> LoadedCall:
        """Its call, as what refers to it sees it."""
        place = self.calls[0] if self.outlined is None else self.outlined.place
        return LoadedCall(self, place, self.exists or Known(True, place))

    @contextmanager
    def _entered(self, kind: str, name: str) -> Iterator[bool]:
        """Whether a name may be followed: not while it is being followed (it refers to itself), nor beyond a chain of MAX_CHAIN names."""
        if (kind, name) in self._following or self.root.chain >= MAX_CHAIN:
            yield False
            return
        self._following.add((kind, name))
        self.root.chain += 1
        try:
            yield True
        finally:
            self.root.chain -= 1
            self._following.discard((kind, name))

    def path(self, name: str) -> Term:
        """`path.module` and `path.root`, relative to the root as Terraform has them."""
        match name:
            case "module":
                return Literal(relative(self.source.path, self.root.path))
            case "root":
                return Literal(".")
        return Undecided(f"path.{name}")

    def read_file(self, relative_path: str) -> str | None:
        """The text of a file named by the configuration, if it lies inside the base and is not too large."""
        return text_of(self.root.path / relative_path, self.root.base)

    def spend(self, work: int) -> None:
        """Count work done for this root. Raises Enormous when it has had more than enough, and names that once."""
        is_first = self.root.work <= MAX_WORK
        self.root.work += work
        if self.root.work > MAX_WORK:
            if is_first:
                self.root.problems.append(SourceProblem(self.root.path, 0, TOO_MUCH, hides=False, is_dangerous=True))
            raise Enormous

    # --- blocks -----------------------------------------------------------------------------------------------------------------------

    def resource(self, mode: str, type: str, name: str) -> Term | None:
        """A reference to a resource or data source: one block, or a list or map of its instances; None when there is no such block."""
        if (mode, type, name) not in self.source.resources:
            return None
        key = (mode, type, name)
        if key not in self._references:  # once: with 5,000 instances, each of which refers to one of these, anew each time is too often
            known, blocks = self.blocks_of(mode, type, name)
            if key not in self._blocks:  # its own count refers to it, so there is no answer yet to remember
                return None
            self._references[key] = known.term([Ref(block) for block in blocks])
        return self._references[key]

    def blocks_of(self, mode: str, type: str, name: str) -> tuple[Instances, list[ReadBlock]]:
        """The instances of one resource or data block."""
        key = (mode, type, name)
        if key not in self._blocks:
            with self._entered("block", ".".join(key)) as is_free:
                if not is_free:  # its own count refers to it
                    return Instances("one", ()), []
                source = self.source.resources[key]
                if self._is_off(key, source):
                    self._blocks[key] = (Instances("count", ()), [])
                    return self._blocks[key]
                label = f"{'data.' if mode == 'data' else ''}{type}.{name}"
                known = instances(source, self.scope, lambda: self._seen(label, type))
                known = self._within_reason(known, source)
                why = known.why if known.is_stand_in else None
                if self.outlined is not None:
                    known, why = only_if(source, known, why, self.scope)
                self._blocks[key] = (known, [self._block(mode, type, name, source, label, row, why) for row in known.rows])
        return self._blocks[key]

    def _is_off(self, key: tuple[str, str, str], source: SourceBlock) -> bool:
        """Whether a block of an outline is certainly not made. Most are not, so that is asked before how many there would be."""
        if self.outline is None or self.call_block is None:
            return False
        return self.outline.usual.is_off(key, self.call_block.attributes, lambda: is_off(source, self.scope))

    def _within_reason(self, known: Instances, source: SourceBlock) -> Instances:
        """The instances of a block; one for all of them where the root has more blocks than anybody would apply."""
        is_first = self.root.blocks <= MAX_BLOCKS
        self.root.blocks += len(known.rows)
        if self.root.blocks <= MAX_BLOCKS or len(known.rows) <= 1:
            return known
        if is_first:
            says = f"makes more than {MAX_BLOCKS:,} blocks."
            where = source if self.outlined is None else self.outlined.source
            self.root.problems.append(SourceProblem(where.file, where.line, says, is_dangerous=True))
        return stand_in(source.attributes[known.kind].expression)

    def _seen(self, label: str, type: str) -> Sequence[tuple[Key, object]] | None:
        """What evaluation saw of a block's instances; nothing of a module that is not here."""
        return self.root.seen(self._inside(label), type) if self.outlined is None else None

    def _inside(self, label: str) -> str:
        return f"{self.address}.{label}" if self.address else label

    def _block(self, mode: str, type: str, name: str, source: SourceBlock, label: str, row: Row, why: Undecided | None) -> ReadBlock:
        address = self._inside(label + row.suffix)
        if self.outlined is not None:
            return self._outlined_block(mode, type, name, address, source, Scope(self, row.bindings), why)
        place = self._place(source, address)
        comments = tuple(Comment(c.text, self._line(source, address, c.line)) for c in source.comments)
        scope, exists = Scope(self, row.bindings), self._existence(why, place)
        return ReadBlock(mode, type, name, address, place, exists, comments + self.comments, self.calls, source, scope, self)

    def _outlined_block(
        self, mode: str, type: str, name: str, address: str, source: SourceBlock, scope: Scope, why: Undecided | None
    ) -> ReadBlock:
        assert self.outlined is not None
        place = self.outlined.place
        exists = self._existence(as_given(why, self._variables.values()) if why is not None else None, place)
        return OutlinedBlock(mode, type, name, address, place, exists, self.comments, self.calls, source, scope, self, call=self.outlined)

    def _existence(self, why: Undecided | None, place: Place) -> Value[bool]:
        if self.exists is not None and isinstance(self.exists, Unknown):
            return self.exists
        return unknown(why, place) if why is not None else Known(True, place)

    def _place(self, source: SourceBlock, address: str) -> Place:
        return Place(self.root.name, address, relative(source.file, self.root.base), source.line, source.end_line)

    def _line(self, source: SourceBlock, address: str, line: int) -> Place:
        return Place(self.root.name, address, relative(source.file, self.root.base), line, line)

    # --- module calls -----------------------------------------------------------------------------------------------------------------

    def call(self, name: str) -> Term:
        """`module.name`: its outputs when it is loaded, else a reference to the call."""
        if name not in self.source.modules:
            return Undecided(f"module.{name}", (name,))
        key = ("module", "module", name)
        if key not in self._references:
            known, children = self.children_of(name)
            if name not in self._children:  # its own count refers to it
                return Undecided(f"module.{name}", (name,))
            self._references[key] = known.term([Ref(child.as_block() if isinstance(child, Module) else child) for child in children])
        return self._references[key]

    def children_of(self, name: str) -> tuple[Instances, list[Module | ReadBlock]]:
        """The instances of a module call: modules where its source is here, else the call's own block (mode "module")."""
        if name not in self._children:
            with self._entered("module", name) as is_free:
                if not is_free:
                    return Instances("one", ()), []
                source = self.source.modules[name]
                known = instances(source, self.scope, lambda: self._seen(f"module.{name}", "module"))
                folder = self._folder_of(name, source)
                outline = outline_of(source) if folder is None else None
                why = known.why if known.is_stand_in else None
                self._children[name] = (known, [self._child(name, source, folder or outline, row, why) for row in known.rows])
        return self._children[name]

    def _folder_of(self, name: str, source: SourceBlock) -> SourceFolder | None:
        local = local_path(source, self.source.path)
        if local is not None and not os.path.isdir(local):  # noqa: PTH112  (`Path.is_dir` raises where it may not look)
            self.root.problems.append(missing_folder(name, source))
        path = local or self.root.installed.get(f"{self.key}.{name}" if self.key else name)
        if path is None:
            return None
        real = self.root.folders.real  # a link to a folder above is a circle as well
        if real(path) in map(real, (*self.ancestors, self.source.path)):
            says = f'module "{name}" calls a module that it is part of.'
            self.root.problems.append(SourceProblem(source.file, source.line, says, is_dangerous=True))
            return None
        folder = self.root.folders.get(path)
        return folder if folder.resources or folder.modules or folder.outputs or folder.locals or folder.problems else None

    def _child(
        self, name: str, source: SourceBlock, found: SourceFolder | Outline | None, row: Row, why: Undecided | None
    ) -> Module | ReadBlock:
        block = self._block("module", "module", name, source, f"module.{name}", row, why)
        self.root.modules += 1
        if found is None or self.root.modules > MAX_MODULES:
            if self.root.modules == MAX_MODULES + 1:
                says = f"makes more than {MAX_MODULES:,} module instances."
                self.root.problems.append(SourceProblem(source.file, source.line, says, is_dangerous=True))
            return block
        if isinstance(found, Outline):
            inside = Module(self.root, found.folder, block.address, "", source, block.scope, block.exists, block.comments, block.calls)
            inside.outlined, inside.outline = block, found
            return inside
        return Module(
            self.root,
            found,
            block.address,
            f"{self.key}.{name}" if self.key else name,
            source,
            block.scope,
            block.exists,
            block.comments,
            (block.place, *self.calls),
            (*self.ancestors, self.source.path),
        )

    # --- everything -------------------------------------------------------------------------------------------------------------------

    def all_blocks(self) -> Iterator[ReadBlock]:
        """Every instance of every resource and data source of this module and the modules it calls, and every call of a module that is
        not here, whether or not there is an outline of it."""
        for key in self.source.resources:
            yield from self.blocks_of(*key)[1]
        for name in self.source.modules:
            for child in self.children_of(name)[1]:
                if isinstance(child, Module):
                    if child.outlined is not None:
                        yield child.outlined
                    yield from child.all_blocks()
                else:
                    yield child

    def all_folders(self) -> Iterator[SourceFolder]:
        """This module's folder and those of the modules it calls, some of them more than once."""
        yield self.source
        for name in self.source.modules:
            for child in self.children_of(name)[1]:
                if isinstance(child, Module) and child.outlined is None:
                    yield from child.all_folders()


def missing_folder(name: str, source: SourceBlock) -> SourceProblem:
    """What is said of a call whose local path leads nowhere."""
    says = f'module "{name}" calls {_written(source)}, and there is no such folder.'
    mend = "Correct the path, or bring the folder (a submodule, generated code), or skip this one with --skip-path."
    return SourceProblem(source.file, source.line, says, mend=mend)


def _written(source: SourceBlock) -> str:
    expression = source.attributes["source"].expression
    return str(expression.value) if isinstance(expression, Constant) else "a folder"


def local_path(call: SourceBlock, folder: Path) -> Path | None:
    """The folder a module call names by a local path; None for registry, git and other remote sources."""
    source = call.attributes.get("source")
    value = source.expression.value if source is not None and isinstance(source.expression, Constant) else None
    if (isinstance(value, str) and value.startswith(("./", "../", ".\\", "..\\", "/"))) or value in (".", ".."):
        return Path(os.path.normpath(folder / str(value)))
    return None


def _is_off(default: Term) -> bool:
    """Whether a default stands for "not given": null, empty, zero or false."""
    return is_empty(default) is True or truth(default) is False or default == Literal(0)


def _is_not_nullable(block: SourceBlock) -> bool:
    attribute = block.attributes.get("nullable")
    return attribute is not None and attribute.expression == Constant(False)
