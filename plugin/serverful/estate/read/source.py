"""The list of what exists: every block of a folder's Terraform files, with comments and positions, also where a file is broken.

Reads `.tf`, `.tofu` (which replaces a `.tf` of the same name), `.tf.json`, `.tofu.json` and override files, as Terraform's "Files and
Configuration Structure" and "Override Files" describe them. Expressions are made when somebody asks for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serverful.errors import ReadingUnavailable
from serverful.estate.read import syntax
from serverful.estate.read.expression import Constant, Expression, Object, Template, Tuple, Unreadable

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_FILE_BYTES = 5_000_000  # larger files are refused: tfparse needs 1.5 GB for 10 MB, and nobody writes them by hand
SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
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
    take all memory there is, so it is not tried.
    """

    file: Path
    line: int
    says: str
    hides: bool = True
    is_dangerous: bool = False


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
    doubled: list[tuple[str, SourceBlock]] = field(default_factory=list)

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
            self.doubled.append((" ".join((block.type, *block.labels)), block))


@cache
def _parser() -> Parser:
    try:
        import tree_sitter_hcl
        from tree_sitter import Language, Parser
    except ImportError as error:
        raise ReadingUnavailable(
            f"Terraform cannot be read: {error.name} is not installed beside Checkov. "
            'Install it: pip install "tfparse>=0.6.22,<0.7" "tree-sitter>=0.25,<0.27" "tree-sitter-hcl>=1.2,<2"'
        ) from error
    return Parser(Language(tree_sitter_hcl.language()))


def check_available() -> None:
    """Raise ReadingUnavailable when the grammar is not installed."""
    _parser()


def terraform_files(folder: Path) -> list[Path]:
    """The Terraform files of a folder in Terraform's order: ordinary ones by name, then overrides by name."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(SUFFIXES) and not _is_ignored(entry.name))
    except OSError:
        return []
    present = set(names)
    names = [name for name in names if not (name.endswith(".tf") and f"{name[:-3]}.tofu" in present)]
    return [folder / name for name in sorted(names, key=lambda name: (is_override(name), name))]


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~")


def is_override(name: str) -> bool:
    """Whether a file name is `override.tf` or ends in `_override.tf` (also .tofu, and JSON)."""
    stem = name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def read_folder(folder: Path) -> SourceFolder:
    """All blocks of a folder. Never raises for what is in the files: what cannot be read is among `problems`."""
    result = SourceFolder(folder)
    for path in terraform_files(folder):
        for block in _read_file(path, result.problems):
            result.add(block, is_override(path.name))
    return result


def read_assignments(path: Path, problems: list[SourceProblem]) -> dict[str, SourceAttribute]:
    """The `name = value` lines of a tfvars file."""
    text = _read_text(path, problems)
    if text is None:
        return {}
    root = _parser().parse(text.encode()).root_node
    if root.has_error:
        problems.append(SourceProblem(path, _first_error(root), "is not a valid tfvars file: syntax error."))
    whole = SourceBlock("tfvars", (), path, 1, root.end_point[0] + 1)
    for child in root.children:
        if child.type == "body":
            _fill(whole, child, path)
    return whole.attributes


def _read_file(path: Path, problems: list[SourceProblem]) -> Sequence[SourceBlock]:
    text = _read_text(path, problems)
    if text is None:
        return ()
    return _read_json(path, text, problems) if path.name.endswith(".json") else _read_hcl(path, text.encode(), problems)


def _read_text(path: Path, problems: list[SourceProblem]) -> str | None:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            problems.append(SourceProblem(path, 0, f"is {size:,} bytes; files over {MAX_FILE_BYTES:,} are not read.", is_dangerous=True))
            return None
        raw = path.read_bytes()
    except OSError as error:
        problems.append(SourceProblem(path, 0, f"cannot be opened: {error.strerror or error}."))
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(SourceProblem(path, 0, "is UTF-16; Terraform reads UTF-8 only."))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(SourceProblem(path, raw[: error.start].count(b"\n") + 1, "is not UTF-8 text."))
        return None
    if "\0" in text:
        problems.append(SourceProblem(path, text[: text.index("\0")].count("\n") + 1, "is not text: it holds a NUL byte."))
        return None
    return text


# --- HCL ------------------------------------------------------------------------------------------------------------------------------


def _read_hcl(path: Path, source: bytes, problems: list[SourceProblem]) -> Sequence[SourceBlock]:
    root = _parser().parse(source).root_node
    if root.has_error:
        line = _first_error(root)
        problems.append(SourceProblem(path, line, "is not valid Terraform: syntax error.", may_hide_a_reason(source.decode())))
    blocks: list[SourceBlock] = []
    pending: list[SourceComment] = []
    for node in _top_level(root):
        if node.type == "comment":
            pending = _continuing(pending, node)
        elif node.type == "block":
            block = _block(node, path)
            if pending and pending[-1].line >= block.line - 1:
                block.comments = pending + block.comments
            blocks.append(block)
            pending = []
    return blocks


def _continuing(pending: list[SourceComment], node: Node) -> list[SourceComment]:
    """Comments on consecutive lines belong together; a gap starts anew."""
    comment = _comment(node)
    return [*pending, comment] if pending and comment.line <= pending[-1].line + 1 else [comment]


def _top_level(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type in ("body", "ERROR"):  # blocks inside an ERROR node are whole: what is readable is read
            yield from _top_level(child)
        elif child.type in ("block", "comment"):
            yield child


def _first_error(root: Node) -> int:
    node = root
    while True:
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None or node.type == "ERROR" or node.is_missing:
            return node.start_point[0] + 1
        node = broken


def _comment(node: Node) -> SourceComment:
    text = (node.text or b"").decode("utf-8", "replace")
    if text.startswith("/*"):
        text = text.removeprefix("/*").removesuffix("*/")
    else:
        text = text.removeprefix("//") if text.startswith("//") else text.removeprefix("#")
    return SourceComment(text.strip(), node.start_point[0] + 1)


def _block(node: Node, path: Path) -> SourceBlock:
    labels: list[str] = []
    kind = ""
    for child in node.children:
        if child.type == "identifier" and not kind:
            kind = (child.text or b"").decode()
        elif child.type == "identifier":
            labels.append((child.text or b"").decode())
        elif child.type == "string_lit":
            labels.append(syntax.plain_text(child))
    block = SourceBlock(kind, tuple(labels), path, node.start_point[0] + 1, node.end_point[0] + 1)
    for child in node.children:
        if child.type == "comment":
            block.comments.append(_comment(child))
        elif child.type == "body":
            _fill(block, child, path)
    return block


def _fill(block: SourceBlock, body: Node, path: Path) -> None:
    for child in body.children:
        if child.type == "attribute":
            name = (child.children[0].text or b"").decode()
            value = next((part for part in child.children if part.type == "expression"), None)
            if value is None:
                continue
            attribute = SourceAttribute(name, child.start_point[0] + 1, child.end_point[0] + 1, value)
            block.attributes.setdefault(name, attribute)
            if b"#" in (value.text or b"") or b"//" in (value.text or b"") or b"/*" in (value.text or b""):
                block.comments.extend(_comments_within(value))
        elif child.type == "block":
            nested = _block(child, path)
            block.blocks.append(nested)
            block.comments.extend(nested.comments)
        elif child.type == "comment":
            block.comments.append(_comment(child))


def _comments_within(node: Node) -> Iterator[SourceComment]:
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type == "comment":
            yield _comment(current)
        stack.extend(reversed(current.children))


# --- JSON -----------------------------------------------------------------------------------------------------------------------------


def _read_json(path: Path, text: str, problems: list[SourceProblem]) -> Sequence[SourceBlock]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        says = f"is not valid JSON: {getattr(error, 'msg', 'nested too deeply')}."
        problems.append(SourceProblem(path, line, says, may_hide_a_reason(text)))
        return ()
    if not isinstance(data, dict):
        problems.append(SourceProblem(path, 1, "holds no Terraform: the top level is not an object."))
        return ()
    blocks: list[SourceBlock] = []
    depths = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0, "terraform": 0}
    for kind, content in data.items():
        blocks.extend(_json_blocks(kind, (), content, depths.get(kind, 0), path))
    return blocks


def _json_blocks(kind: str, labels: tuple[str, ...], content: object, depth: int, path: Path) -> Iterator[SourceBlock]:
    """JSON has no lines to cite: every block stands on line 1 of its file."""
    if isinstance(content, list):
        for item in content:
            yield from _json_blocks(kind, labels, item, depth, path)
    elif isinstance(content, dict):
        if depth:
            for label, inner in content.items():
                yield from _json_blocks(kind, (*labels, label), inner, depth - 1, path)
        else:
            block = SourceBlock(kind, labels, path, 1, 1)
            for name, value in content.items():
                if name == "//":
                    block.comments.append(SourceComment(str(value), 1))
                elif name == "dynamic" and isinstance(value, dict):
                    for label, inner in value.items():
                        block.blocks.extend(_json_dynamic(label, inner, path))
                else:
                    block.attributes[name] = SourceAttribute(name, 1, 1, None, json_expression(value))
            yield block


def _json_dynamic(label: str, content: object, path: Path) -> Iterator[SourceBlock]:
    for block in _json_blocks("dynamic", (label,), content, 0, path):
        inner = block.attributes.pop("content", None)
        if inner is not None and isinstance(inner.expression, Object):
            body = SourceBlock("content", (), path, 1, 1)
            for key, value in inner.expression.items:
                if isinstance(key, Constant):
                    body.attributes[str(key.value)] = SourceAttribute(str(key.value), 1, 1, None, value)
            block.blocks.append(body)
        yield block


def json_expression(value: object) -> Expression:
    """A JSON value as an expression; strings are templates (Terraform, "JSON Configuration Syntax")."""
    if isinstance(value, str):
        return template_string(value)
    if isinstance(value, list):
        return Tuple(tuple(json_expression(item) for item in value), json.dumps(value))
    if isinstance(value, Mapping):
        return Object(tuple((Constant(str(key)), json_expression(item)) for key, item in value.items()), json.dumps(value))
    if value is None or isinstance(value, (bool, int, float)):
        return Constant(value)
    return Unreadable(repr(value))


def template_string(text: str) -> Expression:
    """The expression of a template that stands in a string of its own: a JSON value, a template file."""
    if "${" not in text and "%{" not in text:
        return Constant(text)
    word = "SERVERFUL_TEMPLATE"
    while word in text:
        word += "_"
    root = _parser().parse(f"value = <<{word}\n{text}\n{word}\n".encode()).root_node
    if root.has_error:
        return Unreadable(text)
    expression = syntax.expression(root.children[0].children[0].children[2])
    return _without_final_newline(expression)


def _without_final_newline(expression: Expression) -> Expression:
    if isinstance(expression, Template) and isinstance(expression.parts[-1], Constant):
        last = str(expression.parts[-1].value).removesuffix("\n")
        parts = (*expression.parts[:-1], *((Constant(last),) if last else ()))
        return parts[0] if len(parts) == 1 else Template(parts, expression.text)
    return expression
