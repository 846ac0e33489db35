"""Source as it was read: blocks, arguments, comments and positions of one folder, and what could not be read of it.

`source_files.py` fills it. Expressions are made when somebody asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serverful.estate.read import syntax
from serverful.estate.read.expression import Expression

if TYPE_CHECKING:
    from tree_sitter import Node

META = ("count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection")


@dataclass(slots=True)
class SourceAttribute:
    """An argument as written. `expression` is made at the first request."""

    name: str
    line: int
    end_line: int
    _node: Node | None = None
    _expression: Expression | None = None

    @property
    def expression(self) -> Expression:
        if self._expression is None:
            assert self._node is not None
            self._expression = syntax.expression(self._node)
            self._node = None
        return self._expression

    def settle(self) -> None:
        """Make the expression now."""
        _ = self.expression


@dataclass(slots=True)
class SourceComment:
    text: str
    line: int


@dataclass(slots=True)
class SourceBlock:
    """A block as written. `comments` are those inside it at any depth, and those directly above it."""

    type: str
    labels: tuple[str, ...]
    file: Path
    line: int
    end_line: int
    attributes: dict[str, SourceAttribute] = field(default_factory=dict)
    blocks: list[SourceBlock] = field(default_factory=list)
    comments: list[SourceComment] = field(default_factory=list)

    def nested(self, name: str) -> Iterator[SourceBlock]:
        """Plain nested blocks and `dynamic` ones of that name, in source order."""
        for block in self.blocks:
            if block.type == name or (block.type == "dynamic" and block.labels[:1] == (name,)):
                yield block

    def settle(self) -> None:
        """Make all its expressions now, so that the syntax tree of its file can go."""
        for attribute in self.attributes.values():
            # One that cannot be made is left to whoever asks for it: then its root is named, and the others are read.
            with suppress(ValueError, OverflowError):
                attribute.settle()
        for block in self.blocks:
            block.settle()

    def merge(self, other: SourceBlock) -> None:
        """Apply an override block: arguments replace, nested blocks of a type replace all of that type (Terraform, "Override Files")."""
        self.attributes.update(other.attributes)
        replaced = {_kind(block) for block in other.blocks}
        self.blocks = [block for block in self.blocks if _kind(block) not in replaced] + other.blocks
        self.comments += other.comments


def _kind(block: SourceBlock) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """A file, or a spot in one, that cannot be read. `line` is 0 when it is the whole file.

    `hides` says that a reason for something serverful may stand in what is lost. `is_dangerous` says that evaluating a root with it may
    take all memory there is, so it is not tried. `mend` says how to go on where that is special.
    """

    file: Path
    line: int
    says: str
    hides: bool = True
    is_dangerous: bool = False
    mend: str = ""


# What a lost block of these types says explains no network, role or address: a broken file that speaks of nothing else hides no reason.
_EXPLAINS_NOTHING = (
    "(?:acm|apigateway|api_gateway|athena|budgets|cloudfront|cloudtrail|cloudwatch|cognito|dynamodb|ecr|glue|kinesis|kms|lambda|resourcegroups"
    "|s3_bucket|ses|sns|sqs|xray)"
)
_MAY_EXPLAIN = re.compile(rf"\bmodule\b|\baws_(?!{_EXPLAINS_NOTHING})\w+")


def may_hide_a_reason(text: str) -> bool:
    """Whether a file that cannot be parsed speaks of a type, or calls a module, that can explain something."""
    return _MAY_EXPLAIN.search(text) is not None


@dataclass(slots=True)
class SourceFolder:
    """All blocks of one folder. `resources` are keyed by (mode, type, name), mode "managed" or "data"."""

    path: Path
    resources: dict[tuple[str, str, str], SourceBlock] = field(default_factory=dict)
    modules: dict[str, SourceBlock] = field(default_factory=dict)
    variables: dict[str, SourceBlock] = field(default_factory=dict)
    locals: dict[str, tuple[SourceBlock, SourceAttribute]] = field(default_factory=dict)
    outputs: dict[str, SourceBlock] = field(default_factory=dict)
    providers: list[SourceBlock] = field(default_factory=list)
    terraform: list[SourceBlock] = field(default_factory=list)
    problems: list[SourceProblem] = field(default_factory=list)

    @property
    def is_rootlike(self) -> bool:
        """Whether it configures a provider or a backend, as root modules do."""
        return bool(self.providers) or any(block.type in ("backend", "cloud") for terraform in self.terraform for block in terraform.blocks)

    def add(self, block: SourceBlock, is_override: bool) -> None:
        """File a top-level block where it belongs; unknown kinds (`moved`, `check`, `import`) are nobody's business here."""
        match block.type, block.labels:
            case ("resource" | "data" | "ephemeral", (kind, name)):
                mode = "managed" if block.type == "resource" else "data"
                self._file(self.resources, (mode, kind, name), block, is_override)
            case ("module", (name,)):
                self._file(self.modules, name, block, is_override)
            case ("variable", (name,)):
                self._file(self.variables, name, block, is_override)
            case ("output", (name,)):
                self._file(self.outputs, name, block, is_override)
            case ("locals", ()):
                for name, attribute in block.attributes.items():
                    self.locals[name] = (block, attribute)
            case ("provider", _):
                self.providers.append(block)
            case ("terraform", ()):
                self.terraform.append(block)

    def _file(self, shelf: dict[Any, SourceBlock], key: Any, block: SourceBlock, is_override: bool) -> None:
        if key not in shelf:
            shelf[key] = block
        elif is_override:
            shelf[key].merge(block)
        else:
            says = f"defines {' '.join((block.type, *block.labels))} a second time, which Terraform refuses."
            self.problems.append(SourceProblem(block.file, block.line, says, hides=False))
