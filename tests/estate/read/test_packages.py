"""What a function's package is made of, and what builds it."""

from __future__ import annotations

from typing import Any

import pytest
from blocks_by_hand import block, nested, ref, text, undecided

from serverful.estate.model import Build, Function, Other
from serverful.estate.read.block import Block
from serverful.estate.read.build import things

ARCHIVE = block("data.archive_file.a", source_dir="src", output_path="out/a.zip")
OBJECT = block("aws_s3_object.a", key="a.zip", source=ref(ARCHIVE, "output_path"))


def sources(*more: Block, **given: Any) -> tuple[list[str], list[str]]:
    made = things([block("aws_lambda_function.a", function_name="a", **given), *more])["aws_lambda_function.a"]
    assert isinstance(made, Function)
    return [source.value for source in made.sources], [part.expression for part in made.sources.unknown]


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({}, ([], [])),
        ({"filename": "a.zip"}, (["a.zip"], [])),
        ({"filename": text(undecided("var.dir"), "/a.zip")}, (["*/a.zip"], [])),
        ({"filename": undecided("var.zip")}, ([], ["var.zip"])),
        ({"filename": ref(ARCHIVE, "output_path")}, (["src", "out/a.zip"], [])),
        ({"s3_key": ref(OBJECT, "key")}, (["src", "out/a.zip", "a.zip"], [])),
        ({"source_path": [{"path": "src", "commands": ["go build", undecided("var.command")]}]}, (["src", "go build"], ["var.command"])),
        ({"filename": None, "s3_key": "a.zip"}, (["a.zip"], [])),
    ],
)
def test_a_package(given: dict[str, Any], seen: tuple[list[str], list[str]]) -> None:
    assert sources(ARCHIVE, OBJECT, **given) == seen


def test_a_circle_ends() -> None:
    around = block("aws_s3_object.b", key="b.zip")
    around._given["source"] = ref(around, "source")
    assert sources(around, s3_key=ref(around, "key"))[0] == ["b.zip"]


@pytest.mark.parametrize("type_", ["null_resource", "terraform_data"])
def test_a_provisioner_is_a_build(type_: str) -> None:
    made = things(
        [block(f"{type_}.a", provisioner=[nested(command=text("go build ", undecided("var.flags"))), nested(command=undecided("var.c"))])]
    )
    build = made[f"{type_}.a"]
    assert isinstance(build, Build)
    assert ([c.value for c in build.commands], [c.expression for c in build.commands.unknown]) == (["go build *"], ["var.c"])


@pytest.mark.parametrize("given", [{}, {"provisioner": nested(script="x")}, {"triggers": {"a": "b"}}])
def test_what_runs_no_command_is_none(given: dict[str, Any]) -> None:
    assert isinstance(things([block("null_resource.a", **given)])["null_resource.a"], Other)


def test_a_program_that_runs_with_each_plan() -> None:
    build = things([block("data.external.a", program=["go", "build"])])["data.external.a"]
    assert isinstance(build, Build) and [command.value for command in build.commands] == ["go build"]
