"""Source: every block, also of broken files; and a second opinion by the parser Checkov brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from serverful.estate.read import source_files
from serverful.estate.read.expression import Constant
from serverful.estate.read.source import SourceBlock, SourceFolder
from serverful.estate.read.source_files import MAX_FILE_BYTES, read_folder, terraform_files

FIXTURES = Path(__file__).parents[3] / "fixtures"


def folder(path: Path, files: dict[str, str | bytes]) -> SourceFolder:
    for name, content in files.items():
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_folder(path)


def resources(source: SourceFolder) -> set[str]:
    return {f"{kind}.{name}" for _, kind, name in source.resources}


def problems(source: SourceFolder) -> list[tuple[str, int, str]]:
    return [(problem.file.name, problem.line, problem.says) for problem in source.problems]


def argument(source: SourceFolder, address: str, name: str) -> object:
    kind, label = address.split(".")
    expression = source.resources["managed", kind, label].attributes[name].expression
    return expression.value if isinstance(expression, Constant) else expression


def test_a_broken_file_is_named_and_its_whole_blocks_are_read(tmp_path: Path) -> None:
    source = folder(
        tmp_path,
        {
            "good.tf": 'resource "aws_vpc" "good" {}\n',
            "bad.tf": 'resource "aws_vpc" "before" {}\nresource "aws_vpc" "broken" {\n  cidr_block = [[\n}\n',
        },
    )
    assert "aws_vpc.good" in resources(source)
    assert [(name, line > 1) for name, line, _ in problems(source)] == [("bad.tf", True)]


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('resource "a" "b" {}\n'.encode("utf-16"), 0, "UTF-16"),
        (b'resource "a" "b" {}\n\xff\xfe\x80', 2, "not UTF-8"),
        (b"\x00\x01\x02", 1, "NUL"),
        (b"x" * (MAX_FILE_BYTES + 1), 0, "bytes"),
    ],
    ids=["utf-16", "latin-1", "binary", "too large"],
)
def test_what_is_not_text_is_named(tmp_path: Path, content: bytes, line: int, says: str) -> None:
    source = folder(tmp_path, {"odd.tf": content, "good.tf": 'resource "aws_vpc" "good" {}\n'})
    assert resources(source) == {"aws_vpc.good"}
    assert [(name, number) for name, number, _ in problems(source)] == [("odd.tf", line)]
    assert says in problems(source)[0][2]


@pytest.mark.parametrize(
    ("lost", "hides"),
    [
        ('resource "aws_sqs_queue" "q" {\n  name = "q"\n', False),
        ("locals {\n  a = [\n}\n", False),
        ('resource "aws_security_group_rule" "db" {\n', True),
        ('resource "aws_sqs_queue" "q" {\nresource "aws_iam_role" "r" {}\n', True),
        ('module "network" {\n', True),
    ],
)
def test_a_broken_file_hides_a_reason_only_where_it_speaks_of_what_can_be_one(tmp_path: Path, lost: str, hides: bool) -> None:
    assert [problem.hides for problem in folder(tmp_path, {"broken.tf": lost}).problems] == [hides]


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    source = folder(tmp_path, {"main.tf": 'resource "aws_vpc" "a" {}\n'.encode("utf-8-sig")})
    assert resources(source) == {"aws_vpc.a"}
    assert not source.problems


def test_override_files_replace_arguments_and_nested_blocks(tmp_path: Path) -> None:
    source = folder(
        tmp_path,
        {
            "main.tf": 'resource "aws_lambda_function" "f" {\n  runtime = "a"\n  handler = "h"\n'
            '  vpc_config {\n    subnet_ids = ["x"]\n  }\n}\n',
            "main_override.tf": 'resource "aws_lambda_function" "f" {\n  runtime = "b"\n  vpc_config {\n    subnet_ids = []\n  }\n}\n',
        },
    )
    assert argument(source, "aws_lambda_function.f", "runtime") == "b"
    assert argument(source, "aws_lambda_function.f", "handler") == "h"
    assert len(source.resources["managed", "aws_lambda_function", "f"].blocks) == 1


def test_a_block_defined_twice_is_named(tmp_path: Path) -> None:
    source = folder(tmp_path, {"a.tf": 'resource "aws_vpc" "x" {}\n', "b.tf": '\nresource "aws_vpc" "x" {}\n'})
    assert [(name, line) for name, line, _ in problems(source)] == [("b.tf", 2)]
    assert "resource aws_vpc x a second time" in problems(source)[0][2]


def test_tofu_files_replace_terraform_files_of_their_name(tmp_path: Path) -> None:
    source = folder(tmp_path, {"a.tf": 'resource "aws_vpc" "tf" {}\n', "a.tofu": 'resource "aws_vpc" "tofu" {}\n', "b.tf": ""})
    assert resources(source) == {"aws_vpc.tofu"}
    assert [path.name for path in terraform_files(tmp_path)] == ["a.tofu", "b.tf"]


def test_json_configuration_is_read_like_any_other(tmp_path: Path) -> None:
    source = folder(
        tmp_path,
        {
            "main.tf.json": '{"resource": {"aws_lambda_function": {"f": {"function_name": "${var.x}-f", "timeout": 3, "//": "a comment",'
            '"vpc_config": {"subnet_ids": []}, "dynamic": {"tracing_config": {"for_each": [], "content": {"mode": "Active"}}}}}},'
            '"variable": {"x": {"default": "a"}}, "locals": {"l": 1}}',
            "broken.tf.json": '{"resource": ',
        },
    )
    block = source.resources["managed", "aws_lambda_function", "f"]
    assert argument(source, "aws_lambda_function.f", "timeout") == 3
    assert block.comments[0].text == "a comment"
    assert [nested.labels for nested in block.nested("tracing_config")] == [("tracing_config",)]
    assert set(source.variables) == {"x"}
    assert set(source.locals) == {"l"}
    assert [name for name, _, _ in problems(source)] == ["broken.tf.json"]


def test_comments_belong_to_the_block_they_stand_in_or_directly_above(tmp_path: Path) -> None:
    text = (
        '# of nobody\n\n# above\n// also above\nresource "aws_vpc" "a" {\n'
        "  # inside\n  tags = {\n    # deep inside\n    a = 1\n  }\n  /* block */\n}\n"
        '# after\n\nresource "aws_vpc" "b" {}\n'
    )
    source = folder(tmp_path, {"main.tf": text})
    assert [(c.text, c.line) for c in source.resources["managed", "aws_vpc", "a"].comments] == [
        ("above", 3),
        ("also above", 4),
        ("inside", 6),
        ("deep inside", 8),
        ("block", 11),
    ]
    assert source.resources["managed", "aws_vpc", "b"].comments == []


@pytest.mark.parametrize(
    "path", sorted(path for path in FIXTURES.rglob("*.tf") if "tfparse" not in path.parts), ids=lambda p: str(p.relative_to(FIXTURES))
)
def test_second_opinion_lists_the_same_blocks(path: Path) -> None:
    """Checkov's own HCL parser and ours must see the same resources, data sources and module calls in every fixture."""
    hcl2 = pytest.importorskip("hcl2")
    try:
        with path.open() as file:
            parsed = hcl2.load(file)
    except Exception:  # a file broken on purpose: both must refuse it
        assert any(problem.file.name == path.name for problem in read_folder(path.parent).problems)
        return
    theirs = {
        (mode, kind, name)
        for mode, key in (("managed", "resource"), ("data", "data"))
        for entry in parsed.get(key, [])
        for kind, blocks in entry.items()
        for name in blocks
        if not name.startswith("__")
    }
    calls = {name for entry in parsed.get("module", []) for name in entry if not name.startswith("__")}
    source = read_folder(path.parent)
    assert {key for key, block in source.resources.items() if block.file.name == path.name} == theirs
    assert {name for name, block in source.modules.items() if block.file.name == path.name} == calls


def expressions(block: SourceBlock) -> list[object]:
    own = [(name, attribute.line, attribute.expression) for name, attribute in block.attributes.items()]
    return [*own, *(expressions(nested) for nested in block.blocks)]


@pytest.mark.parametrize("estate", sorted(path for path in (FIXTURES / "estates").iterdir() if path.is_dir()), ids=lambda path: path.name)
def test_a_large_folder_says_the_same(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its expressions are made while its trees are there, those of others when somebody asks."""
    for path in {file.parent for file in estate.rglob("*.tf")}:
        usual = read_folder(path)
        with monkeypatch.context() as patch:
            patch.setattr(source_files, "TREES_KEPT_BELOW_BYTES", 0)
            large = read_folder(path)
        assert not any(attribute._node for block in large.resources.values() for attribute in block.attributes.values())
        for shelf in ("resources", "modules", "variables", "outputs"):
            ours, theirs = getattr(large, shelf), getattr(usual, shelf)
            assert {key: expressions(block) for key, block in ours.items()} == {key: expressions(block) for key, block in theirs.items()}


def test_in_a_large_folder_too_an_odd_expression_costs_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_files, "TREES_KEPT_BELOW_BYTES", 0)
    source = folder(tmp_path, {"main.tf": 'resource "aws_vpc" "a" {\n  odd  = "\\UFFFFFFFF"\n  cidr = "10.0.0.0/8"\n}\n'})
    assert argument(source, "aws_vpc.a", "cidr") == "10.0.0.0/8"
