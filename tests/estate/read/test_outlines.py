"""Outlines of registry modules: which calls have one, and that each outline says what it needs and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from serverful.estate.read import outlines
from serverful.estate.read.outlines import outline
from serverful.estate.read.outlines.versions import major_asked, major_of_tag
from serverful.estate.registry import registry_source

FILES = sorted(Path(outlines.__file__).parent.glob("*.hcl"))


def test_every_known_module_has_its_file_and_every_file_its_module() -> None:
    assert {outline.file_of(name).name for name in outline.KNOWN} == {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_outline_uses_what_it_declares(path: Path) -> None:
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    declared = set(re.findall(r'^variable "(\w+)"', text, re.M))
    used = set(re.findall(r"\bvar\.(\w+)", text))
    assert declared == used
    locals_ = set(re.findall(r"^  (\w+) +=", "".join(re.findall(r"^locals \{\n(.*?)^\}", text, re.M | re.S)), re.M))
    assert locals_ == set(re.findall(r"\blocal\.(\w+)", text))
    blocks = set(re.findall(r'^resource "(\w+)" "(\w+)"', text, re.M))
    named = set(re.findall(r"(?<![\w.])(aws_\w+)\.(\w+)[\[.]", text))
    assert named <= blocks | set(re.findall(r'^data "(\w+)" "(\w+)"', text, re.M))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_outline_says_what_it_rests_on(path: Path) -> None:
    assert re.match(r"# [\w-]+/[\w-]+/\w+\S*: .*\bread at\b.*\d{4}-\d{2}", path.read_text("utf-8").replace("\n# ", " "))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("terraform-aws-modules/lambda/aws", ("terraform-aws-modules/lambda/aws", None)),
        ("registry.terraform.io/terraform-aws-modules/lambda/aws", ("terraform-aws-modules/lambda/aws", None)),
        ("registry.opentofu.org/a/b/aws//modules/c", ("a/b/aws//modules/c", None)),
        ("github.com/terraform-aws-modules/terraform-aws-lambda", ("terraform-aws-modules/lambda/aws", None)),
        ("git::https://github.com/a/terraform-aws-b-c.git//modules/d?ref=v1.2.3", ("a/b-c/aws//modules/d", "v1.2.3")),
        ("git::https://github.com/a/terraform-aws-b.git?depth=1&ref=0f3c", ("a/b/aws", "0f3c")),
        ("git@github.com:a/terraform-aws-b.git?ref=v1.0.0", ("a/b/aws", "v1.0.0")),
        ("git::ssh://git@github.com/a/terraform-aws-b.git", ("a/b/aws", None)),
        ("app.terraform.io/a/b/aws", None),
        ("git::https://gitlab.com/a/terraform-aws-b.git", None),
        ("github.com/a/infrastructure", None),
        ("./modules/b", None),
        ("a/b", None),
    ],
)
def test_which_module_a_source_names(source: str, expected: tuple[str, str | None] | None) -> None:
    found = registry_source(source)
    assert ((found.name, found.ref) if found is not None else None) == expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (None, 6),
        ("", 6),
        ("5.1.0", 5),
        ("v5.1.0", 5),
        ("= 4.2", 4),
        ("~> 3.0", 3),
        ("~> 3.19.0", 3),
        ("~> 3", 6),  # of one number, Terraform lets the number itself rise
        (">= 2.0", 6),
        (">= 2.0, < 4.0.0", 3),
        (">= 2.0, < 4.1", 4),
        ("<= 4.0", 4),
        ("> 1.0, != 6.0.0", 6),
        ("latest", None),
        ("${var.version}", None),
    ],
)
def test_the_major_version_a_call_asks_for(constraint: str | None, expected: int | None) -> None:
    assert major_asked(constraint, 6) == expected


@pytest.mark.parametrize(
    ("ref", "expected"), [("v5.1.0", 5), ("tags/0.3.1", 0), ("refs/tags/v2.0.0", 2), ("main", None), ("25322b6b", None), (None, None)]
)
def test_the_major_version_of_a_tag(ref: str | None, expected: int | None) -> None:
    assert major_of_tag(ref) == expected
