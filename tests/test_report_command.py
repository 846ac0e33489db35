"""`serverful report`: the same text as the scan it comes from; and one report that fails keeps none of the others from being written."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from expectations import ESTATES, REPOSITORY
from runs_by_hand import as_json, asks_for_private_things, finding, recorded, trouble, unexplained, well, whole_run
from serverful import cli
from serverful.finding import Run
from serverful.policy import Severity
from serverful.record.v1 import DecisionV1
from serverful.report.console import to_console
from serverful.report.formats import FORMATS, Look
from serverful.report.json_v1 import to_json

TODAY = "2026-01-15"
THERE = [name for name, one in FORMATS.items() if find_spec(f"serverful.report.{one.module}")]
DESIGNS = sorted(folder for folder in ESTATES.iterdir() if folder.is_dir())


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERFUL_TODAY", TODAY)


def write(file: Path, run: Run, fail_on: Severity | None = Severity.MEDIUM) -> str:
    file.write_text(as_json(run, fail_on), encoding="utf-8")
    return str(file)


def one(name: str, *findings: Any, troubles: Iterable[Any] = ()) -> Run:
    asked = [asks_for_private_things]
    return Run(list(findings), list(troubles), roots=[name], functions=1, policies=1, asked=asked, scanned=[name], paths=name)


def answered(*words: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "serverful", *words],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin"), "COLUMNS": "100"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


# --- the same as a scan -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_a_report_says_what_the_scan_said(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at_once = [f"--format={name}={tmp_path / name}" for name in THERE]
    told = cli.run(["scan", str(design), *at_once])
    afterwards = [f"--format={name}={tmp_path / name}.again" for name in THERE]
    assert cli.run(["report", str(tmp_path / "json"), *afterwards]) == told
    assert capsys.readouterr() == ("", "")
    for name in THERE:
        assert (tmp_path / f"{name}.again").read_bytes() == (tmp_path / name).read_bytes(), name


@pytest.mark.parametrize("look", [[], ["--verbose"], ["--quiet"]])
def test_the_console_is_the_same_too(look: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "run.json", whole_run())
    assert cli.run(["report", file, *look]) == 2
    shown = Look(verbose="--verbose" in look, quiet="--quiet" in look)
    assert capsys.readouterr().out == "".join(to_console(recorded(whole_run()), shown)) + "\n"


# --- level and exit code -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "recorded_level", "options", "code"),
    [
        (one("a", finding("a", well())), Severity.MEDIUM, [], 0),
        (one("a", finding("a", unexplained())), Severity.MEDIUM, [], 1),
        (one("a", finding("a", unexplained())), None, [], 0),
        (one("a", finding("a", unexplained())), Severity.HIGH, [], 0),
        (one("a", finding("a", unexplained())), Severity.HIGH, ["--fail-on", "low"], 1),
        (one("a", finding("a", unexplained())), Severity.MEDIUM, ["--fail-on", "never"], 0),
        (one("a", troubles=[trouble()]), None, ["--fail-on", "never"], 2),
        (Run(policies=1), None, [], 2),
    ],
)
def test_exit_codes(
    run: Run, recorded_level: Severity | None, options: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "run.json", run, recorded_level)
    assert cli.run(["report", file, "--format", "json", *options]) == code
    said = json.loads(capsys.readouterr().out)["decision"]
    level = options[1].upper().replace("NEVER", "never") if options else recorded_level.name if recorded_level else "never"
    assert (said["exit_code"], said["fail_on"]) == (code, level)


def test_several_are_reported_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = write(tmp_path / "shop.json", one("shop", finding("a", unexplained())))
    stock = write(tmp_path / "stock.json", one("stock", finding("b", well(), root="stock")))
    assert cli.run(["report", shop, stock, "--format", "json"]) == 1
    made = json.loads(capsys.readouterr().out)
    assert (made["roots"], len(made["findings"]), made["notes"]) == (["shop", "stock"], 2, [])


def test_records_of_several_days_are_remarked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = recorded(one("old", finding("a", well(), root="old")))
    old = replace(old, today="2025-12-01", parts=[replace(old.parts[0], today="2025-12-01")])
    (tmp_path / "old.json").write_text(to_json(old))
    new = write(tmp_path / "new.json", one("new", finding("a", well(), root="new")))
    assert cli.run(["report", str(tmp_path / "old.json"), new, "--format", "json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert note["file"] == f"{tmp_path / 'old.json'}, {new}"
    assert "several days, 2025-12-01 to 2026-01-15; the older ones are those about old." in note["says"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = as_json(whole_run())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert cli.run(["report", "-", "--format", "json"]) == 2
    assert capsys.readouterr().out == text + "\n"
    assert cli.run(["report", "-", "-"]) == 2
    assert "more than once" in capsys.readouterr().err


# --- what is wrong -----------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_named_and_nothing_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = write(tmp_path / "good.json", whole_run())
    (tmp_path / "cut.json").write_text(as_json(whole_run())[:999])
    (tmp_path / "two.json").write_text('{"version": 2}')
    none = tmp_path / "none.json"
    bad = [str(tmp_path / "cut.json"), str(tmp_path / "two.json"), str(none)]
    assert cli.run(["report", good, *bad, "--format", f"json={tmp_path / 'out.json'}"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and not (tmp_path / "out.json").exists()
    assert [line.partition(" ")[0] for line in said.err.splitlines()] == bad
    assert "cut off" in said.err and "version 2" in said.err and "is not there" in said.err


def test_a_mistyped_format_is_told_before_anything_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["report", str(tmp_path / "none.json"), "--format", "sarfi=x"]) == 2
    assert "Did you mean sarif?" in capsys.readouterr().err


@pytest.fixture
def run_json(tmp_path: Path) -> str:
    return write(tmp_path / "run.json", one("shop", finding("a", well())))


def test_one_that_cannot_be_written_costs_no_other(run_json: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    bad = [tmp_path / "folder", tmp_path / "none" / "x.json", Path(run_json) / "x.json"]
    good = tmp_path / "good.json"
    formats = [f"--format=json={file}" for file in (*bad, good)]
    assert cli.run(["report", run_json, *formats, "--format", "console"]) == 2
    said = capsys.readouterr()
    assert "The gate is open" in said.out or said.out.strip(), "the console comes last and comes all the same"
    assert good.read_text() == Path(run_json).read_text() + "\n"
    for file in bad:
        assert str(file) in said.err
    assert "is a folder" in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here: a full disk cannot be tried")
def test_a_record_that_says_clean_of_trouble_is_not_believed(tmp_path: Path) -> None:
    record = replace(recorded(whole_run()), decision=DecisionV1(0, "no findings", "never"))
    file = tmp_path / "run.json"
    file.write_text(to_json(record))
    assert cli.run(["report", str(file), "--format", "github"]) == 2


def test_a_full_disk_is_named(run_json: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.json"
    assert cli.run(["report", run_json, "--format=json=/dev/full", f"--format=json={good}"]) == 2
    assert "/dev/full could not be written: No space left on device" in capsys.readouterr().err
    assert json.loads(good.read_text())["version"] == 1


def test_a_format_that_breaks_costs_no_other(
    run_json: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterable[str]:
        yield "half of it"
        raise RuntimeError("a bug\x1b[2J")

    monkeypatch.setattr("serverful.report.console.to_console", broken)
    (tmp_path / "old.txt").write_text("what stood here")
    assert cli.run(["report", run_json, f"--format=console={tmp_path / 'old.txt'}", f"--format=json={tmp_path / 'good.json'}"]) == 2
    said = capsys.readouterr().err
    assert "The report console failed." in said and "RuntimeError: a bug\\x1b[2J" in said
    assert (tmp_path / "old.txt").read_text() == "what stood here"
    assert json.loads((tmp_path / "good.json").read_text())["version"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.json", "old.txt", "run.json"], "nothing half is left"


@pytest.mark.skipif(os.name != "posix", reason="how a shell closes standard output")
def test_a_closed_standard_output_is_no_success(run_json: str, tmp_path: Path) -> None:
    line = f'"{sys.executable}" -m serverful report "{run_json}" --format console --format json="{tmp_path / "good.json"}" >&-'
    done = subprocess.run(
        ["sh", "-c", line], env={**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin")}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "standard output is closed" in done.stderr) == (2, True)
    assert json.loads((tmp_path / "good.json").read_text())["version"] == 1


def test_the_command_as_people_call_it(run_json: str) -> None:
    done = answered("report", run_json)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(to_console(recorded(one("shop", finding("a", well()))), Look())) + "\n"
    assert answered("report").returncode == 2
