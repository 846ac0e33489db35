"""What is given as a plan, by file and by standard input, and the folder it was made from; and what is no plan at all, of any size."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expectations import ESTATES, REPOSITORY
from runs_by_hand import as_console, as_json, outcomes, told
from serverful.doctor import examine_source
from serverful.errors import UsageError
from serverful.estate.read.plan import document
from serverful.gate import decide
from serverful.scan import scan
from serverful.settings_file import Named
from serverful.verdict import Outcome

TODAY = date(2026, 11, 23)
LEGACY = ESTATES / "legacy_vpc" / "plan.json"
QUEUE = ESTATES / "warm_queue" / "plan.json"
RECORDED: Mapping[str, Any] = json.loads(LEGACY.read_text("utf-8"))
BOOK_RETURN = ("SLS_PC_1", "aws_lambda_function.book_return")  # whose reason is a comment in the source


def changed(folder: Path, **changes: Any) -> Path:
    plan = folder / "plan.json"
    plan.write_text(json.dumps({**RECORDED, **changes}), "utf-8")
    return plan


# --- standard input -----------------------------------------------------------------------------------------------------------------


def command(*arguments: str, cwd: Path = REPOSITORY, given: bytes | int = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The real command in a process of its own; `given` is what stands in its standard input, or a file descriptor."""
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin"), "SERVERFUL_TODAY": TODAY.isoformat(), **environment}
    words = [sys.executable, "-m", "serverful", *arguments]
    if isinstance(given, int):
        return subprocess.run(words, cwd=cwd, env=env, stdin=given, capture_output=True, check=False, timeout=60)
    return subprocess.run(words, cwd=cwd, env=env, input=given, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plan_is_read_from_standard_input(encoding: str) -> None:
    done = command("scan", "-", "--format", "json", given=LEGACY.read_text("utf-8").encode(encoding))
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, b"")
    assert said["roots"] == ["<stdin>"]
    by_file = {(f.policy.id, f.address): f.verdict.outcome.value for f in scan([LEGACY], today=TODAY).findings}
    assert {(f["policy"]["id"], f["address"]): f["outcome"] for f in said["findings"]} == by_file


def test_a_piped_plan_beside_its_source_says_file_and_line_and_stands_beside_other_paths() -> None:
    source = ESTATES / "legacy_vpc"
    with LEGACY.open("rb") as stream:
        run = scan([QUEUE], today=TODAY, source=source, piped=stream)
    places = {f.place.file for f in run.findings if f.place.root == "<stdin>"}
    assert places == {f"fixtures/estates/legacy_vpc/{name}.tf" for name in ("functions", "identity", "network", "stores")}
    assert run.roots == ["<stdin>", "fixtures/estates/warm_queue/plan.json"]


def test_a_piped_plan_outside_of_git_is_told_from_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "infra").mkdir()
    for file in LEGACY.parent.glob("*.tf"):
        (tmp_path / "infra" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    reason = "{address: 'aws_lambda_function.*', key: vpc, category: cache, until: 2027-01-31, owner: shop, text: sessions}"
    (tmp_path / "infra" / ".serverful.yaml").write_text(f"reasons:\n  - {reason}\n", "utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    run = scan([], today=TODAY, source=Path("../infra"), piped=io.BytesIO(LEGACY.read_bytes()))
    assert {f.place.file for f in run.findings} == {"functions.tf", "identity.tf", "network.tf", "stores.tf"}
    assert run.settings.file == ".serverful.yaml"
    assert outcomes(run)["SLS_VPC_1", "aws_lambda_function.write_cart"] is Outcome.JUSTIFIED


def test_the_settings_of_a_piped_plan_are_those_of_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".serverful.yaml").write_text("pages_url: https://docs.example.com\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert scan([], today=TODAY, piped=io.BytesIO(LEGACY.read_bytes())).settings.file == ".serverful.yaml"


def test_what_is_piped_and_is_no_plan_is_named_and_the_others_are_judged() -> None:
    run = scan([LEGACY], today=TODAY, piped=io.BytesIO(b""))
    assert [(trouble.file, "it is empty" in trouble.what) for trouble in run.troubles] == [("<stdin>", True)]
    assert run.functions == 8
    assert command("scan", "-").returncode == 2


def test_a_stream_that_breaks_is_named_and_the_others_are_judged() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    run = scan([LEGACY], today=TODAY, piped=Broken())
    assert [trouble.what for trouble in run.troubles] == ["cannot be read: Input/output error."]
    assert run.functions == 8


def test_a_terminal_is_not_waited_for() -> None:
    pty = pytest.importorskip("pty")  # not on Windows
    ours, theirs = pty.openpty()
    try:
        done = command("scan", "-", given=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"nothing is piped into it. Pipe one: terraform show -json tfplan | serverful scan -" in done.stderr


def test_standard_input_holds_one_plan() -> None:
    done = command("scan", "-", "-", given=LEGACY.read_bytes())
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"given more than once" in done.stderr


# --- the folder it was made from ----------------------------------------------------------------------------------------------------


def test_the_environment_names_the_source_and_the_option_beats_it(tmp_path: Path) -> None:
    plan, source = str(QUEUE), str(QUEUE.parent)
    for words, variable in (((), source), (("--source", source), str(tmp_path))):
        said = json.loads(command("scan", plan, *words, "--format", "json", SERVERFUL_SOURCE=variable).stdout)
        answers = {(f["policy"]["id"], f["address"]): f["outcome"] for f in said["findings"]}
        assert answers[BOOK_RETURN] == "justified"
    assert outcomes(scan([QUEUE], today=TODAY))[BOOK_RETURN] is Outcome.FAILED


@pytest.mark.parametrize("by", ["--source", "SERVERFUL_SOURCE"])
def test_a_source_that_is_none_is_never_passed_over(by: str, tmp_path: Path) -> None:
    for path, says in ((tmp_path / "gone", "there is no such folder"), (LEGACY, "no such folder"), (tmp_path, "holds no Terraform")):
        with pytest.raises(UsageError, match=f"{by} names .*{says}"):
            scan([LEGACY], today=TODAY, source=Named(str(path), by))
        examined = examine_source(Named(str(path), by))
        assert (examined.is_well, says in examined.says) == (False, True)
    assert examine_source(Named(str(LEGACY.parent), by)).is_well


def test_a_source_for_a_whole_pipeline_does_not_hinder_a_scan_without_a_plan(tmp_path: Path) -> None:
    assert scan([LEGACY.parent], today=TODAY, source=Named(str(tmp_path), "SERVERFUL_SOURCE")).troubles == []


def test_where_a_source_cannot_be_read_the_reason_may_stand_in_it(tmp_path: Path) -> None:
    """A plan knows every resource, but the comment that explains one may be what is lost."""
    for file in QUEUE.parent.glob("*.tf"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "functions.tf").write_bytes(b"\xff" + (QUEUE.parent / "functions.tf").read_bytes())
    beside, alone = scan([QUEUE], today=TODAY, source=tmp_path), scan([QUEUE], today=TODAY)
    assert {Path(trouble.file).name for trouble in beside.troubles} == {"functions.tf"}
    failed = {key for key, outcome in outcomes(alone).items() if outcome is Outcome.FAILED}
    assert BOOK_RETURN in failed, "what only a comment answers"
    assert {outcomes(beside)[key] for key in failed} == {Outcome.UNDECIDED}
    assert [finding for finding in beside.findings if finding.is_failed] == []
    said = [line for finding in beside.findings for line in told(finding)]
    assert any(line.endswith("may stand in what could not be read: functions.tf.") for line in said)


def test_a_module_of_the_source_that_is_not_here_is_named(tmp_path: Path) -> None:
    """As from source: what stands in it is not seen."""
    plan = ESTATES / "three_modules" / "plan.json"
    (tmp_path / "main.tf").write_text((plan.parent / "main.tf").read_text("utf-8"), "utf-8")
    run = scan([plan], today=TODAY, source=tmp_path)
    assert [trouble.what.partition(" calls ")[0] for trouble in run.troubles] == [
        f'module "{name}"' for name in ("network", "store", "function")
    ]
    assert all("there is no such folder" in trouble.what and trouble.file == "main.tf" for trouble in run.troubles)
    assert not any(finding.is_failed for finding in run.findings)


# --- what is told of a plan ---------------------------------------------------------------------------------------------------------


def test_a_plan_is_cited_by_address_and_no_line_of_it() -> None:
    run = scan([LEGACY], today=TODAY)
    text = as_console(run, verbose=True)
    assert "plan.json:" not in text
    (finding,) = (f for f in run.findings if (f.policy.id, f.address) == ("SLS_VPC_1", "aws_lambda_function.write_cart"))
    lines = told(finding)
    assert "  vpc_config attaches the function · aws_lambda_function.write_cart · fixtures/estates/legacy_vpc/plan.json" in lines
    better = "Better: Remove vpc_config (aws_lambda_function.write_cart in fixtures/estates/legacy_vpc/plan.json)"
    assert any(line.startswith(better) for line in lines)
    assert any("as a tag or in .serverful.yaml (a comment counts where --source" in line for line in lines)
    said = json.loads(as_json(run))
    assert {(f["place"]["line"], f["place"]["end_line"]) for f in said["findings"]} == {(0, 0)}


def test_beside_its_source_a_reason_may_be_a_comment() -> None:
    run = scan([LEGACY], today=TODAY, source=LEGACY.parent)
    said = [line for finding in run.findings for line in told(finding)]
    assert any("record it with an owner and an end date. The lines to paste" in line for line in said)
    assert not any("--source" in line or "plan.json" in line for line in said)


def test_a_tag_of_a_plan_is_cited_by_its_address() -> None:
    run = scan([ESTATES / "three_modules" / "plan.json"], today=TODAY)
    said = [line for finding in run.findings if finding.verdict.reason for line in told(finding)]
    where = 'tag at module.function["print"].aws_lambda_function.this in fixtures/estates/three_modules/plan.json)'
    assert any(line.endswith(where) for line in said)


def test_a_plan_without_a_function_is_clean_and_says_so(tmp_path: Path) -> None:
    """A pipeline that judges every plan must not stop at one that has no function; a plan that cannot be read stops it."""
    plan = changed(tmp_path, resource_changes=[change for change in RECORDED["resource_changes"] if "lambda" not in change["type"]])
    done = command("scan", str(plan))
    assert done.returncode == 0
    assert b"plan.json plans no Lambda function, so no function was asked about." in done.stdout


# --- what is no plan ----------------------------------------------------------------------------------------------------------------


def put(node: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with another value at that place."""
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = put(node[path[0]], path[1:], value)
    return copy


def nodes(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in inner:
        yield from nodes(child, (*path, name))


CALL = ("configuration", "root_module", "module_calls", "function")
MODULES: Mapping[str, Any] = json.loads((ESTATES / "three_modules" / "plan.json").read_text("utf-8"))
LISTS = {
    "resource_changes": (RECORDED, ("resource_changes",)),
    "a change": (RECORDED, ("resource_changes", 12)),
    "its change": (RECORDED, ("resource_changes", 12, "change")),
    "actions": (RECORDED, ("resource_changes", 12, "change", "actions")),
    "after": (RECORDED, ("resource_changes", 12, "change", "after")),
    "address": (RECORDED, ("resource_changes", 12, "address")),
    "root_module": (RECORDED, ("configuration", "root_module")),
    "resources": (RECORDED, ("configuration", "root_module", "resources")),
    "a resource": (RECORDED, ("configuration", "root_module", "resources", 0)),
    "expressions": (RECORDED, ("configuration", "root_module", "resources", 0, "expressions")),
    "variables": (RECORDED, ("variables",)),
    "declared variables": (RECORDED, ("configuration", "root_module", "variables")),
    "prior_state": (RECORDED, ("prior_state",)),
    "prior values": (RECORDED, ("prior_state", "values")),
    "prior root": (RECORDED, ("prior_state", "values", "root_module")),
    "prior resources": (RECORDED, ("prior_state", "values", "root_module", "resources")),
    "child_modules": (MODULES, ("prior_state", "values", "root_module", "child_modules")),
    "module_calls": (MODULES, CALL[:-1]),
    "a call": (MODULES, CALL),
    "a called module": (MODULES, (*CALL, "module")),
    "its inputs": (MODULES, (*CALL, "expressions")),
}


@pytest.mark.parametrize("plan, path", LISTS.values(), ids=LISTS.keys())
def test_null_where_a_list_or_an_object_belongs_is_named_and_the_others_are_judged(
    plan: Mapping[str, Any], path: tuple[str | int, ...], tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(put(plan, path, None)), "utf-8")
    run = scan([tmp_path / "plan.json", LEGACY], today=TODAY)
    name = str(path[-1]) if isinstance(path[-1], str) else f"[{path[-1]}]"
    assert [f"{name} is not a" in trouble.what and "well-formed" in trouble.what for trouble in run.troubles] == [True], run.troubles
    assert (decide(run, None).exit_code, run.functions) == (2, 8)


def test_every_recorded_plan_is_well_formed() -> None:
    for plan in ESTATES.rglob("*plan.json"):
        document.parsed(plan.read_bytes())


def test_planned_values_without_changes_are_refused(tmp_path: Path) -> None:
    cut = {name: part for name, part in RECORDED.items() if name != "resource_changes"}
    (tmp_path / "plan.json").write_text(json.dumps(cut), "utf-8")
    run = scan([tmp_path / "plan.json"], today=TODAY)
    assert ["no resource_changes that lead to them" in trouble.what for trouble in run.troubles] == [True]


TEXT = json.dumps(RECORDED)
ODD: Mapping[str, tuple[bytes, str]] = {
    "a plan in Terraform's own format": (b"PK\x03\x04" + b"\0" * 100, "Terraform's own format"),
    "a name twice": ((TEXT[:-1] + ', "resource_changes": []}').encode(), "'resource_changes' twice in one object"),
    "NaN": (TEXT.replace('"memory_size": 512', '"memory_size": NaN').encode(), "it holds NaN"),
    "Infinity": (TEXT.replace('"memory_size": 512', '"memory_size": -Infinity').encode(), "it holds -Infinity"),
    "an endless number": (TEXT.replace('"memory_size": 512', f'"memory_size": {"9" * 5000}').encode(), "limit (4300 digits)"),
    "deep objects": (b'{"format_version": "1.2", "x": ' + b'{"a": ' * 20_000, "deeply"),
    "many lists": (b'{"format_version": "1.2", "x": [' + b"[]," * 9_000_000 + b"0]}", "more than any plan"),
}


@pytest.mark.parametrize("raw, says", ODD.values(), ids=ODD.keys())
def test_odd_json_is_named_and_the_others_are_judged(raw: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_bytes(raw)
    run = scan([tmp_path / "odd.json", LEGACY], today=TODAY)
    assert [says in trouble.what for trouble in run.troubles] == [True], run.troubles
    assert run.functions == 8


def test_a_stream_without_end_is_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"[" * (size or 1)

    monkeypatch.setattr("serverful.estate.read.plans.MAX_BYTES", 4 * 2**20)
    run = scan([LEGACY], today=TODAY, piped=Endless())
    assert [trouble.what for trouble in run.troubles] == ["is larger than 4 MiB."]
    assert run.functions == 8


@pytest.mark.parametrize("depth", [500, 3_000, 9_000])
@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a": ', "}")])
def test_values_that_are_deep_end_with_a_verdict_or_a_named_trouble(depth: int, opening: str, closing: str, tmp_path: Path) -> None:
    changes = json.loads(json.dumps(RECORDED["resource_changes"]))
    for change in (change["change"] for change in changes if change["type"] == "aws_lambda_function"):
        change["after"].update(tags="@deep@", environment=[{"variables": {"A": "@deep@"}}], vpc_config="@deep@")
        change["after_unknown"].update(environment="@deep@", tags="@deep@")
    whole = json.dumps({**RECORDED, "resource_changes": changes}).replace('"@deep@"', opening * depth + "1" + closing * depth)
    (tmp_path / "deep.json").write_text(whole, "utf-8")
    run = scan([tmp_path / "deep.json", LEGACY], today=TODAY)
    assert all("nested too deeply" in trouble.what for trouble in run.troubles), run.troubles
    assert run.functions == 8 + (0 if run.troubles else 8)


PLANS: Mapping[str, Any] = {
    name: json.loads((ESTATES / name / "plan.json").read_text("utf-8"))
    for name in ("legacy_vpc", "three_modules", "warm_queue", "cqrs_stream")
}
LEFT_OUT = {"planned_values", "relevant_attributes", "timestamp"}
PLACES = {name: [path for path in nodes(plan) if not path or path[0] not in LEFT_OUT] for name, plan in PLANS.items()}
VALUES = [
    None,
    [],
    {},
    "x",
    1,
    True,
    10**300,
    -1,
    [None],
    [[[]]],
    "\ud800",
    "${a",
    "\x00",
    {"references": None},
    {"references": ["x", None]},
]
BESIDE = outcomes(scan([QUEUE], today=TODAY))


@st.composite
def accidents(draw: st.DrawFn) -> tuple[str, list[tuple[tuple[str | int, ...], Any]]]:
    name = draw(st.sampled_from(sorted(PLANS)))
    one = st.tuples(st.sampled_from(PLACES[name]), st.sampled_from(VALUES))
    return name, draw(st.lists(one, min_size=1, max_size=3))


@given(accident=accidents(), has_source=st.booleans())
@example(accident=("legacy_vpc", [((), None)]), has_source=True)
def test_a_plan_with_accidents_ends_with_a_verdict_or_a_named_trouble(
    tmp_path_factory: pytest.TempPathFactory, accident: tuple[str, list[tuple[tuple[str | int, ...], Any]]], has_source: bool
) -> None:
    name, changes = accident
    plan = PLANS[name]
    for path, value in changes:
        try:
            plan = put(plan, path, value)
        except (KeyError, IndexError, TypeError):  # what it stood in is gone
            continue
    file = tmp_path_factory.mktemp("accident") / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    run = scan([file, QUEUE], today=TODAY, source=ESTATES / name if has_source else None)
    troubles = [trouble for trouble in run.troubles if "itself failed" in trouble.what or "could not judge" in trouble.what]
    assert troubles == []
    assert as_console(run, verbose=True)
    as_json(run).encode()
    if not has_source:
        others = {(f.policy.id, f.address): f.verdict.outcome for f in run.findings if f.place.file.endswith("warm_queue/plan.json")}
        assert others == BESIDE
