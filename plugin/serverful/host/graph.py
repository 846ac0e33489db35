"""What Checkov asks about: reads its graph for blocks, roots and files, and for nothing else.

Checkov's graph is not the truth about a function (it renders a `dynamic` block that is off as if it were on), so no argument is read
from it. All of this was tried on Checkov 3.3.30, with rustworkx (its default) and networkx (`CHECKOV_GRAPH_FRAMEWORK=NETWORKX`):
the `conf` a check is given *is*, by identity, a dictionary inside its node's `config_`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_PLAN_SUFFIX = ".json"

# One step of an address, with its index: `this`, `this[0]`, `this["a.b"]`.
_STEP = re.compile(r"""([^.\[\]]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])?(?:\.|$)""")


@dataclass(frozen=True, slots=True)
class Node:
    """One block of the graph that Checkov may ask a check about.

    `root` is the folder of the root module it is made in: its own, or that of the outermost module call; of a plan, the plan's file.
    `file` and `root` are real paths. `address` is Terraform's (`module.fn["a"].aws_lambda_function.this[0]`; a call is
    `module.fn["a"]`), as far as Checkov could tell the instances: a `count` it could not evaluate has no index. `key` is what Checkov
    merges records by.
    """

    root: Path
    address: str
    file: Path
    type: str  # "aws_lambda_function", or "module" for a call
    line: int
    key: tuple[str, str]

    @property
    def is_call(self) -> bool:
        return self.type == "module"

    @property
    def is_own(self) -> bool:
        """True when it stands in the root's own folder, not in a module that the root calls."""
        return self.file.parent == self.root

    @property
    def is_planned(self) -> bool:
        """True when Checkov read it from a plan and not from source."""
        return self.file.suffix == _PLAN_SUFFIX


class Graph:
    """The blocks of one Checkov graph. Holds the graph, so that what is compared by identity stays alive."""

    def __init__(self, graph: object) -> None:
        self.graph = graph
        self.nodes: list[Node] = []
        self._by_conf: dict[int, Node] = {}
        self._by_key: dict[tuple[str, str], list[Node]] = {}
        self._planned: dict[str, list[Node]] = {}
        for attributes in attributes_of(graph):
            for conf, kind, name in _blocks(attributes):
                node = _node(attributes, conf, kind, name)
                self.nodes.append(node)
                self._by_conf[id(conf)] = node
                self._by_key.setdefault(node.key, []).append(node)
                if node.is_planned:
                    self._planned.setdefault(node.address, []).append(node)

    def asked(self, conf: object, scanned_file: str) -> Node | None:
        """The node that a check is asked about, by the identity of what it was given.

        In a plan that is a copy; there the address tells, in the file of that name.
        """
        node = self._by_conf.get(id(conf))
        if node is None and self._planned and isinstance(conf, dict):
            same = self._planned.get(str(conf.get("__address__")), [])
            # The shortest path: `/below/plan.json` ends like `/plan.json` as well, and its verdicts are others.
            named = [planned for planned in same if planned.key[0].endswith(scanned_file)]
            node = min(named, key=lambda planned: len(planned.key[0]), default=None)
        return node

    def behind(self, node: Node) -> list[Node]:
        """Every node whose record Checkov merges with that of `node` (equal file, block and address, though of other roots)."""
        return self._by_key[node.key]

    def folders(self) -> set[Path]:
        """Every folder that Checkov read a block from."""
        return {node.file.parent for node in self.nodes}

    def plans(self) -> list[Path]:
        """The plan files that Checkov read."""
        return sorted({node.file for node in self.nodes if node.is_planned})

    def scanned(self, asked: Node, scanned_file: str) -> Path:
        """The folder that Checkov was told to scan.

        It is not in the graph, but `scanned_file` is the asked file's path relative to it (`/lambda/main.tf`, `/../modules/main.tf`).
        """
        steps = [step for step in scanned_file.replace(os.sep, "/").split("/") if step]
        ups = next((count for count, step in enumerate(steps) if step != ".."), len(steps))
        # Counted on the path as Checkov has it, links resolved afterwards.
        above = Path(asked.key[0]).parents[len(steps) - ups - 1].resolve()
        if not ups:
            return above
        # A module outside the scanned folder: that folder lies `ups` steps below `above`, on the way to every root.
        roots = os.path.commonpath([str(node.root) for node in self.nodes if not node.is_planned])
        return Path(*Path(roots).parts[: len(above.parts) + ups])


def attributes_of(graph: Any) -> Iterator[Mapping[str, Any]]:
    """The attributes of each node, in either shape: rustworkx nodes are `(index, attributes)`; networkx gives them with `data=True`."""
    nodes: Iterable[Any] = graph.nodes() if hasattr(graph, "node_indices") else graph.nodes(data=True)
    for _, attributes in nodes:
        yield attributes


@lru_cache(maxsize=2**14)  # asked about each finding and each question, by every policy
def bare(address: str) -> str:
    """The address without any index: what a `count` or `for_each` that nobody could evaluate leaves of it."""
    return ".".join(name for name, _ in steps(address))


def steps(address: str) -> list[tuple[str, str]]:
    """`module.fn["a.b"].x.y[0]` -> [("module", ""), ("fn", '["a.b"]'), ("x", ""), ("y", "[0]")]."""
    return [(name, index) for name, index in _STEP.findall(address)]


def may_be_same(one: str, other: str) -> bool:
    """True when two addresses differ at most in indexes that one of them does not have."""
    first, second = steps(one), steps(other)
    return len(first) == len(second) and all(
        name == name_ and (index == index_ or not index or not index_) for (name, index), (name_, index_) in zip(first, second, strict=True)
    )


def _blocks(attributes: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """What checks are given for one node: conf, type and name. A resource's `config_` is {type: {name: conf}}, a call's {name: conf}."""
    kind, config = attributes.get("block_type_"), attributes.get("config_")
    if not isinstance(config, dict):
        return
    if kind == "module":
        for name, conf in config.items():
            if isinstance(conf, dict):
                yield conf, "module", name
    elif kind == "resource":
        for kind_of_resource, named in config.items():
            if isinstance(named, dict):
                for name, conf in named.items():
                    if isinstance(conf, dict):
                        yield conf, kind_of_resource, name


def _node(attributes: Mapping[str, Any], conf: Mapping[str, Any], kind: str, name: str) -> Node:
    path = str(attributes["file_path_"])
    said = str(conf.get("__address__") or (name if kind == "module" else f"{kind}.{name}"))
    is_planned = path.endswith(_PLAN_SUFFIX)  # then the plan itself is the root
    outermost = _outermost(attributes.get("source_module_object_")) or path
    folder = _real_folder(os.path.dirname(path if is_planned else outermost))  # noqa: PTH120 - 10 times faster
    return Node(
        root=folder / os.path.basename(path) if is_planned else folder,  # noqa: PTH119
        address=_address_of_call(said) if kind == "module" else said,
        file=_real_folder(os.path.dirname(path)) / os.path.basename(path),  # noqa: PTH119, PTH120
        type=kind,
        line=_line(conf),
        key=(path, said),
    )


def _address_of_call(said: str) -> str:
    """Checkov says `fn["a"]`, `module.outer.fn`; Terraform `module.fn["a"]`, `module.outer.module.fn`."""
    above = [name + index for name, index in steps(said)]
    return ".".join([*above[:-1], "module", above[-1]]) if above else said


def _outermost(module: Any) -> str | None:
    """The file with the outermost call that a block is made through: a TFModule, or its JSON, with its callers nested in it."""
    path = None
    while module:
        is_json = isinstance(module, dict)
        path = module.get("path") if is_json else module.path
        module = module.get("nested_tf_module") if is_json else module.nested_tf_module
    return path


def _line(conf: Mapping[str, Any]) -> int:
    line = conf.get("__start_line__")
    return line if isinstance(line, int) else 1


@lru_cache(maxsize=4096)
def _real_folder(folder: str) -> Path:
    """Links resolved, so that one folder has one name here and in our own reading."""
    return Path(folder).resolve()
