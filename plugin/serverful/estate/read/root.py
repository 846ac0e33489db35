"""What the modules of one root have in common: its folders, the values of its variables, its evaluation, and its problems."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.estate.read.expression import Expression
from serverful.estate.read.instances import Key, seen
from serverful.estate.read.source import SourceFolder, SourceProblem
from serverful.estate.read.source_files import read_folder

if TYPE_CHECKING:
    from serverful.estate.read.evaluate import Evaluation

# Only for these is it worth starting tfparse: their number or on/off changes a verdict. Others are represented by one instance.
WORTH_EVALUATING = (
    "module",
    "aws_lambda_",
    "aws_subnet",
    "aws_route",
    "aws_nat_",
    "aws_eip",
    "aws_security_group",
    "aws_vpc_security_group_",
)


class Folders:
    """Source folders, each read once for the whole run, by `read`."""

    def __init__(self, read: Callable[[Path], SourceFolder] = read_folder) -> None:
        self._reads = read
        self._read: dict[Path, SourceFolder] = {}
        self._real: dict[Path, str] = {}

    def get(self, path: Path) -> SourceFolder:
        """The folder's blocks; an empty one when it holds no Terraform."""
        if path not in self._read:
            self._read[path] = self._reads(path)
        return self._read[path]

    def real(self, path: Path) -> str:
        """The path with all links followed."""
        if path not in self._real:
            self._real[path] = os.path.realpath(path)
        return self._real[path]


@dataclass(eq=False)
class Root:
    """What is common to all modules of one root.

    `problems` are added to, `modules`, `chain`, `blocks` and `work` counted, while the tree is followed.
    """

    path: Path
    base: Path
    folders: Folders
    assignments: Mapping[str, Expression]
    is_child: bool
    evaluation: Evaluation | None = None
    needs_evaluation: bool = False
    problems: list[SourceProblem] = field(default_factory=list)
    modules: int = 0
    chain: int = 0
    blocks: int = 0
    work: int = 0

    @cached_property
    def name(self) -> str:
        """The root's folder relative to the base."""
        return relative(self.path, self.base)

    @cached_property
    def installed(self) -> Mapping[str, Path]:
        """Modules that `terraform init` has put under `.terraform/modules`, by key (`vpc`, `app.vpc`)."""
        try:
            manifest = json.loads((self.path / ".terraform" / "modules" / "modules.json").read_text("utf-8"))
            entries = manifest["Modules"]
            return {str(entry["Key"]): (self.path / str(entry["Dir"])).resolve() for entry in entries if entry.get("Key")}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def evaluated_block(self, address: str, kind: str) -> Mapping[str, object] | None:
        """What evaluation says of one instance; asking without an evaluation says that one is wanted."""
        if self.evaluation is None:
            self._want(kind)
            return None
        return self.evaluation.block(address)

    def evaluated_nested(self, address: str, kind: str, name: str) -> list[tuple[str, int]]:
        """Where the nested blocks of a name begin that evaluation saw: file names and lines."""
        if self.evaluated_block(address, kind) is None or self.evaluation is None:
            return []
        places = (nested.get("__tfmeta") for nested in self.evaluation.nested(address, name))
        return [(Path(str(place["filename"])).name, int(place["line_start"])) for place in places if isinstance(place, dict)]

    def seen(self, address: str, kind: str) -> list[tuple[Key, object]] | None:
        """The instances evaluation saw of a block; asking without an evaluation says that one is wanted."""
        if self.evaluation is None:
            self._want(kind)
        return seen(self.evaluation, address)

    def _want(self, kind: str) -> None:
        self.needs_evaluation = self.needs_evaluation or kind.startswith(WORTH_EVALUATING)


@lru_cache(maxsize=4096)  # the same files, for every block in them
def relative(path: Path, base: Path) -> str:
    """A path relative to the base, with forward slashes; `..` where it lies outside."""
    return Path(os.path.relpath(path, base)).as_posix()
