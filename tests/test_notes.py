"""What in the settings counts for nothing is noted, and changes no verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from estates_by_hand import TODAY, estate, function, place
from expectations import FIXTURES
from serverful.estate.read.reader import Reading, RootReading, read
from serverful.estate.settings import Settings, StatedReason, Thresholds
from serverful.finding import Note, Run
from serverful.gate import decide
from serverful.notes import not_here, notes_of
from serverful.scan import scan
from serverful.settings_file import Named


def stated(address: str, root: str = "*", line: int = 1) -> StatedReason:
    return StatedReason(address, root, "vpc", "cache", TODAY, "shop", "", place("reasons[0]", ".serverful.yaml", line))


def noted(
    reasons: Sequence[StatedReason], *, roots: Sequence[str] = ("shop",), unread: Sequence[str] = (), whole: bool = True
) -> list[str]:
    settings = Settings(reasons=tuple(reasons), file=".serverful.yaml", is_partial=not whole)
    estates = [replace(estate(function("aws_lambda_function.a", root=root), root=root), settings=settings) for root in roots]
    readings = [RootReading(one.root, one, ()) for one in estates] + [RootReading(name, None, ()) for name in unread]
    return [str(note) for note in notes_of(Reading(tuple(readings), (), (), Path(), settings))]


def test_a_reason_that_matches_nothing() -> None:
    assert noted([stated("*.a"), stated("*.b", line=7)]) == [
        ".serverful.yaml:7 the reason for `*.b` matches nothing, so it explains nothing."
    ]
    assert noted([stated("*.b", "sh*", 7)]) == [
        ".serverful.yaml:7 the reason for `*.b` matches nothing in a root like `sh*`, so it explains nothing."
    ]


def test_one_for_a_root_that_is_not_there() -> None:
    says = [".serverful.yaml:7 no root is like `stock`, so the reason for `*` explains nothing."]
    assert noted([stated("*", "stock", 7)]) == says
    assert noted([stated("*", "stock", 7)], whole=False) == [], "it may be in the part that was not scanned"


def test_what_could_not_be_read_may_hold_it() -> None:
    assert noted([stated("*.b")], unread=["stock"]) == []
    assert noted([stated("*.b", "shop")], unread=["stock"]) != []


def test_settings_files_that_do_not_count(tmp_path: Path) -> None:
    for name in ("shop", "stock"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text('resource "aws_lambda_function" "a" {}')
    (tmp_path / "shop" / ".serverful.yaml").touch()
    below = Note(
        "is a settings file that does not count: a run has one, and it is looked for from the scanned path upwards.", "shop/.serverful.yaml"
    )
    assert scan([tmp_path], today=TODAY).notes == [below]
    (tmp_path / ".serverful.yaml").touch()
    run = scan([tmp_path], today=TODAY)
    assert run.settings.file == ".serverful.yaml"
    assert [note.says for note in run.notes] == ["is a settings file that does not count: a run has one, and here it is .serverful.yaml."]
    assert scan([tmp_path / "shop"], today=TODAY).notes == []
    other = tmp_path / "other.yaml"
    other.touch()
    named = scan([tmp_path / "shop"], today=TODAY, config=Named(str(other), "--config"))
    assert [note.file for note in named.notes] == [".serverful.yaml"]


def test_a_note_changes_no_exit_code() -> None:
    run = Run(roots=["shop"], functions=1, policies=1, notes=[Note("says", "file", 1)])
    assert decide(run, None).exit_code == 0


def test_every_estate_has_the_settings_of_the_run() -> None:
    settings = Settings(thresholds=Thresholds(vpc_subnets=1))
    reading = read([FIXTURES / "run_is_complete", FIXTURES / "estates" / "many_roots"], today=date(2026, 1, 15), settings=settings)
    estates = [root.estate for root in reading.roots if root.estate is not None]
    assert {one.evaluated for one in estates} == {True, False}, "also where evaluation failed"
    assert {one.settings.thresholds for one in estates} == {reading.settings.thresholds} == {settings.thresholds}


def test_what_is_read_in_part_is_known_as_such(tmp_path: Path) -> None:
    for folder in (".git", "shop", "stock"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.tf").write_text('resource "aws_lambda_function" "a" {}')
    inside, outside = Settings(file="shop/.serverful.yaml"), Settings(file="../.serverful.yaml")

    def is_partial(*names: str, settings: Settings = inside, skip: Sequence[str] = ()) -> bool:
        reading = read([tmp_path / name for name in names], today=TODAY, settings=settings, skip=skip)
        assert all(root.estate is not None and root.estate.settings == reading.settings for root in reading.roots)
        return reading.settings.is_partial

    assert not is_partial(".") and not is_partial("shop", ".")
    assert is_partial("shop") and is_partial("shop", "stock") and is_partial(".", skip=["stock"])
    assert is_partial(".", settings=outside), "it may speak of other repositories"


def test_a_copy_of_an_estate_has_answers_of_its_own() -> None:
    one = estate(function("aws_lambda_function.a"))
    one._cache["question"] = "answer"
    assert replace(one, evaluated=False)._cache == {}


def test_variables_files_of_the_settings_come_before_those_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "name" {}\nvariable "size" {}\nprovider "aws" {}\n'
        'resource "aws_lambda_function" "a" {\n  function_name = "${var.name}-${var.size}"\n}\n'
    )
    (tmp_path / "first.tfvars").write_text('name = "first"\nsize = "small"\n')
    (tmp_path / "second.tfvars").write_text('name = "second"\n')
    settings = Settings(var_files=(str(tmp_path / "first.tfvars"),))
    (root,) = read([tmp_path], today=TODAY, var_files=[str(tmp_path / "second.tfvars")], settings=settings).roots
    assert root.estate is not None
    name = root.estate.things["aws_lambda_function.a"].name  # type: ignore[attr-defined]
    assert name.value == "second-small"


LEGACY = FIXTURES / "estates" / "legacy_vpc"


def notes_on(plan: Path, source: Path | None = None) -> list[str]:
    return [note.says for note in scan([plan], today=TODAY, source=source).notes]


def test_a_plan_alone_says_what_its_source_would_decide() -> None:
    (says,) = notes_on(FIXTURES / "estates" / "shared_everything" / "plan.json")
    assert re.match(r"was judged alone: \d\d answers are undecided and \d have failed\. A plan holds neither locals nor", says)
    assert "--source DIR" in says
    assert notes_on(LEGACY / "plan.json", LEGACY) == []


def test_a_plan_in_which_all_is_well_is_not_talked_about() -> None:
    table = FIXTURES / "estates" / "cqrs_table" / "second_plan.json"
    run = scan([table], today=TODAY)
    assert run.findings
    assert run.notes == []


def test_an_incomplete_plan_is_named(tmp_path: Path) -> None:
    plan = json.loads((LEGACY / "plan.json").read_text("utf-8"))
    plan["resource_changes"] = [change for change in plan["resource_changes"] if change["type"] != "aws_route"]
    (tmp_path / "plan.json").write_text(json.dumps({**plan, "complete": False}), "utf-8")
    assert any(says.startswith("leaves out a part of what is configured (complete: false)") for says in notes_on(tmp_path / "plan.json"))
    (tmp_path / "plan.json").write_text(json.dumps({**plan, "complete": True}), "utf-8")
    assert not any("complete: false" in says for says in notes_on(tmp_path / "plan.json"))


def test_calls_of_modules_that_are_not_here_are_counted(tmp_path: Path) -> None:
    known, unknown = "terraform-aws-modules/lambda/aws", "acme/lambda/aws"
    calls = [f'module "m{number}" {{ source = "{source}" }}' for number, source in enumerate([known, unknown, unknown])]
    (tmp_path / "main.tf").write_text("\n".join(['provider "aws" {}', *calls]), "utf-8")
    assert not_here(read([tmp_path], today=TODAY)) == (
        "2 module calls lead to modules that are not here (acme/lambda/aws), so what they make was not judged. "
        "`terraform init` brings modules."
    )
    (tmp_path / "main.tf").write_text("\n".join(['provider "aws" {}', calls[0]]), "utf-8")
    assert not_here(read([tmp_path], today=TODAY)) is None
