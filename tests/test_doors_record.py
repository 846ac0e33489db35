"""Two doors, one record: what the real Checkov leaves with SERVERFUL_RESULT is what `serverful scan` writes of the same folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from both_doors import Doors
from expectations import ESTATES
from real_checkov import REPOSITORY, TODAY, environment, scan
from serverful.policy import Severity
from serverful.record.made import record_of
from serverful.record.read import read_record
from serverful.record.v1 import RunV1
from serverful.scan import scan as scan_ourselves

POLICIES = REPOSITORY / "policies"

# Roots in which Checkov has no block to ask about: to us they look like those that it was told to leave out. No function stands there.
WITHOUT_A_BLOCK = ("tfparse/type_with_a_dot",)


def left(file: Path) -> RunV1:
    assert [path.name for path in file.parent.glob(".*run.json*")] == []
    return read_record(file)


def ours(*paths: Path, **chosen: Any) -> RunV1:
    run = scan_ourselves(list(paths), today=date.fromisoformat(TODAY), **chosen)
    return record_of(run, fail_on=Severity.MEDIUM, today=date.fromisoformat(TODAY), tool_version="0.1.0")


def comparable(record: RunV1) -> dict[str, Any]:
    """All of a record but how it came about: which door, where from, and what was left out on the way."""
    parts = [replace(part, door="scan", scanned=[], paths="") for part in record.parts]
    return asdict(replace(record, parts=parts))


def differences(one: RunV1, other: RunV1) -> dict[str, tuple[Any, Any]]:
    first, second = comparable(one), comparable(other)
    return {key: (first[key], second[key]) for key in first if first[key] != second[key]}


def checkov(there: Path, *words: str, result: str = "run.json") -> subprocess.Popen[bytes]:
    """Checkov as a pipeline calls it there, with our policies only, on its way; what it prints is not looked at."""
    command = [sys.executable, "-m", "checkov.main", *words, "--external-checks-dir", str(POLICIES), "--skip-download", "--check", "SLS_*"]
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=there, env=environment({"SERVERFUL_RESULT": result}), stdout=silent, stderr=silent)


def told(record: RunV1, root: str) -> list[Any]:
    return [asdict(replace(finding, part=0)) for finding in record.findings if finding.place.root == root]


def test_all_fixtures(doors: Doors) -> None:
    record, expected = left(doors.record), ours(doors.fixtures, skip_path=[f"^{root}$" for root in WITHOUT_A_BLOCK])
    assert {root for root in expected.roots if told(expected, root)}, "nothing was compared"
    # Also those of Terraform in JSON and OpenTofu, about which Checkov does not ask.
    assert [root for root in expected.roots if told(record, root) != told(expected, root)] == []
    assert differences(record, expected) == {}


def test_only_what_checkov_was_to_check(tmp_path: Path) -> None:
    folder, file = ESTATES / "legacy_vpc", tmp_path / "run.json"
    shown = scan(folder, POLICIES, "--check", "SLS_VPC_1,SLS_VPC_6", env={"SERVERFUL_RESULT": str(file)})
    record, expected = left(file), ours(folder, check=["SLS_VPC_1", "SLS_VPC_6"])
    assert [finding.fingerprint for finding in record.findings] == [finding.fingerprint for finding in expected.findings]
    assert record.counts.failed == sum(one.outcome == "FAILED" for one in shown.records) > 0
    assert {"SLS_VPC_1", "SLS_VPC_6"} <= {policy.id for policy in record.policies} < {policy.id for policy in ours(folder).policies}


def test_only_what_it_was_not_to_skip(tmp_path: Path) -> None:
    folder, file = ESTATES / "legacy_vpc", tmp_path / "run.json"
    scan(folder, POLICIES, "--skip-check", "SLS_VPC_1,SLS_RUN_1", env={"SERVERFUL_RESULT": str(file)})
    assert differences(left(file), ours(folder, skip_check=["SLS_VPC_1"])) == {}


def test_only_where_it_was_to_look(tmp_path: Path) -> None:
    for name in ("legacy_vpc", "warm_queue"):
        shutil.copytree(ESTATES / name, tmp_path / "designs" / name)
    scan(tmp_path / "designs", POLICIES, "--skip-path", "warm", env={"SERVERFUL_RESULT": str(tmp_path / "run.json")})
    assert left(tmp_path / "run.json").roots == ["legacy_vpc"]


def test_frameworks_and_folders_of_one_run(tmp_path: Path) -> None:
    """Checkov forks a process for each framework; each of its folders is a graph of its own."""
    for name in ("legacy_vpc", "warm_queue"):
        shutil.copytree(ESTATES / name, tmp_path / name)
    frameworks = ["--framework", "terraform", "terraform_plan", "secrets"]
    assert checkov(tmp_path, "-d", "legacy_vpc", "-d", "warm_queue", *frameworks).wait(timeout=600) == 1
    record = left(tmp_path / "run.json")
    planned = {path.name for name in ("legacy_vpc", "warm_queue") for path in (tmp_path / name).glob("*plan*.json")}
    assert sorted(record.roots) == sorted({".", *planned})
    assert sorted(part.kind for part in record.parts) == ["plan", "plan", "source", "source"]
    # Outside of git both folders are called `.`; each keeps what was said of it.
    sources = [number for number, part in enumerate(record.parts) if part.kind == "source"]
    assert [len([one for one in record.findings if one.part == number]) for number in sources] == [
        len(ours(tmp_path / name).findings) for name in ("legacy_vpc", "warm_queue")
    ]


def test_two_runs_at_once(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()  # names are relative to it
    running = []
    for name in ("legacy_vpc", "warm_queue"):
        shutil.copytree(ESTATES / name, tmp_path / name)
        running.append(checkov(tmp_path / name, "-d", ".", "--framework", "terraform", result="../run.json"))
    assert [process.wait(timeout=600) for process in running] == [1, 1], "both have findings"
    whole = left(tmp_path / "run.json")
    assert whole.roots == ["legacy_vpc", "warm_queue"]
    expected = ours(tmp_path / "legacy_vpc", tmp_path / "warm_queue")
    assert [one.fingerprint for one in whole.findings] == [one.fingerprint for one in expected.findings]


def test_two_halves_of_one_list_of_files(tmp_path: Path) -> None:
    """As pre-commit hands long lists to several processes. A root is recorded whole, whichever of its files are named."""
    (tmp_path / ".git").mkdir()
    for name in ("legacy_vpc", "warm_queue"):
        shutil.copytree(ESTATES / name, tmp_path / name)
        files = [word for file in ("functions.tf", "network.tf") if (tmp_path / name / file).exists() for word in ("-f", f"{name}/{file}")]
        assert checkov(tmp_path, *files, "--framework", "terraform").wait(timeout=600) == 1
    whole = left(tmp_path / "run.json")
    expected = ours(tmp_path / "legacy_vpc", tmp_path / "warm_queue")
    assert whole.roots == expected.roots
    assert [one.fingerprint for one in whole.findings] == [one.fingerprint for one in expected.findings]


def test_a_record_that_cannot_be_left_fails(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"version": 2}')
    shown = scan(ESTATES / "legacy_vpc", POLICIES, "--check", "SLS_*", env={"SERVERFUL_RESULT": str(tmp_path / "run.json")})
    (record,) = [record for record in shown.records if record.id == "SLS_RUN_1"]
    assert (record.outcome, record.severity, shown.code) == ("FAILED", "HIGH", 1)
    assert any("version 2" in line for line in record.details)
    assert "version 2" in shown.stderr
    assert (tmp_path / "run.json").read_text() == '{"version": 2}'


def test_where_there_is_no_terraform_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    scan(tmp_path / "empty", POLICIES, env={"SERVERFUL_RESULT": str(tmp_path / "run.json")})
    assert not (tmp_path / "run.json").exists()
    done = subprocess.run(
        [sys.executable, "-m", "serverful", "report", str(tmp_path / "run.json")],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not there" in done.stderr and "found no Terraform" in done.stderr


def test_a_design_alone_and_as_the_command_reports_it(tmp_path: Path) -> None:
    folder, file = Path(shutil.copytree(ESTATES / "legacy_vpc", tmp_path / "legacy_vpc")), tmp_path / "run.json"
    scan(folder, POLICIES, env={"SERVERFUL_RESULT": str(file)})
    assert differences(left(file), ours(folder)) == {}
    done = subprocess.run(
        [sys.executable, "-m", "serverful", "report", str(file), "--format", "json"],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == left(file).decision.exit_code == 1
    assert json.loads(done.stdout) == json.loads(file.read_text())
