"""Which module calls have an outline, and the outline's blocks.

In: a module call as written. Out: the source of its outline, and the major version asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from serverful.estate.read import source_hcl
from serverful.estate.read.block import Block
from serverful.estate.read.expression import Attribute, Call, Conditional, Constant, Expression, Operation, Traversal
from serverful.estate.read.outlines.existence import ONLY_IF
from serverful.estate.read.outlines.versions import major_asked, major_of_tag
from serverful.estate.read.source import SourceBlock, SourceFolder, SourceProblem
from serverful.estate.read.term import Literal, Term
from serverful.estate.registry import registry_source

VERSION = "module_major"
_HERE = Path(__file__).parent
# The modules with an outline, and the newest major version that there was when it was read.
KNOWN = {
    "terraform-aws-modules/lambda/aws": 8,
    "terraform-aws-modules/lambda/aws//modules/alias": 8,
    "cloudposse/label/null": 0,
    "cloudposse/lambda-function/aws": 0,
    "terraform-aws-modules/security-group/aws": 5,
    "terraform-aws-modules/vpc/aws": 6,
    "terraform-aws-modules/vpc/aws//modules/vpc-endpoints": 6,
    "cloudposse/dynamic-subnets/aws": 3,
}


Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of the module that one call asks for. `major` is None where it cannot be told."""

    usual: Usual
    major: int | None

    @property
    def folder(self) -> SourceFolder:
        return self.usual.folder


@dataclass(frozen=True, slots=True)
class Usual:
    """One outline, and what of it is the same for all calls that leave the same inputs alone, remembered from the first that asked.

    `deciding` has the inputs on which it hangs whether a block is made; a block that hangs on anything else is not in it.
    """

    folder: SourceFolder
    deciding: Mapping[Key, frozenset[str]]
    _off: dict[Key, bool] = field(default_factory=dict)
    _defaults: dict[str, Term] = field(default_factory=dict)

    def is_off(self, key: Key, given: Container[str], ask: Callable[[], bool]) -> bool:
        """Whether a block is certainly not made, where a call gives these inputs. `ask` finds out for that call."""
        names = self.deciding.get(key)
        if names is None or any(name in given for name in names):
            return ask()
        if key not in self._off:
            self._off[key] = ask()
        return self._off[key]

    def default(self, name: str, ask: Callable[[], Term]) -> Term:
        """The default of an input, which is written out in every outline."""
        if name not in self._defaults:
            self._defaults[name] = ask()
        return self._defaults[name]


def outline_of(call: SourceBlock) -> Outline | None:
    """The outline for a call; None for a module of which none is known."""
    source = registry_source(_constant(call, "source") or "")
    if source is None or source.name not in KNOWN:
        return None
    if source.is_git:
        return Outline(_read(source.name), major_of_tag(source.ref) if source.ref else KNOWN[source.name])
    if "version" in call.attributes and _constant(call, "version") is None:
        return Outline(_read(source.name), None)
    return Outline(_read(source.name), major_asked(_constant(call, "version"), KNOWN[source.name]))


def _constant(call: SourceBlock, name: str) -> str | None:
    attribute = call.attributes.get(name)
    value = attribute.expression.value if attribute is not None and isinstance(attribute.expression, Constant) else None
    return value if isinstance(value, str) else None


def file_of(name: str) -> Path:
    """Where the outline of a module stands."""
    return _HERE / f"{name.replace('//modules/', '.').replace('/', '.')}.hcl"


@cache  # once for all roots: nothing changes it
def _read(name: str) -> Usual:
    path = file_of(name)
    folder, problems = SourceFolder(path), list[SourceProblem]()
    for block in source_hcl.blocks(path, path.read_bytes(), problems):
        block.settle()
        folder.add(block, is_override=False)
    assert not problems, problems
    found = (
        (key, _inputs_behind(block.attributes[ONLY_IF].expression, folder))
        for key, block in folder.resources.items()
        if ONLY_IF in block.attributes
    )
    return Usual(folder, {key: names for key, names in found if names is not None})


def _inputs_behind(expression: Expression, folder: SourceFolder) -> frozenset[str] | None:
    """The inputs that an expression hangs on, through locals too; None where it hangs on blocks, on the version, or has no simple form."""
    parts: tuple[Expression, ...]
    match expression:
        case Constant():
            parts = ()
        case Traversal(name="var", steps=(Attribute(name), *_)) if name != VERSION:
            return frozenset((name,))
        case Traversal(name="local", steps=(Attribute(name),)):
            parts = (folder.locals[name][1].expression,)
        case Operation(operands=parts) | Call(arguments=parts):
            pass
        case Conditional(condition, then, otherwise):
            parts = (condition, then, otherwise)
        case _:
            return None
    names = [_inputs_behind(part, folder) for part in parts]
    return None if None in names else frozenset(name for some in names if some is not None for name in some)


def is_outlined(call: Block) -> bool:
    """Whether there is an outline for a call that was read."""
    term = call.term("source")
    source = registry_source(term.value) if isinstance(term, Literal) and isinstance(term.value, str) else None
    return source is not None and source.name in KNOWN
