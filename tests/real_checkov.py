"""Runs the real Checkov in a process of its own, as people do: a plain clone, not installed, given by `--external-checks-dir`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
TODAY = "2026-01-15"

_OUTCOMES = {"passed_checks": "PASSED", "failed_checks": "FAILED", "skipped_checks": "SKIPPED"}

# What Checkov's own listing (`checkov --list`) is made of. `checkov --list` itself does not load external checks (3.3.30).
_LISTING = """
import json, sys
from checkov.terraform.runner import Runner
from checkov.docs_generator import get_checks
for _ in range(int(sys.argv[2])):
    Runner().load_external_checks([sys.argv[1]])
print(json.dumps([[check[0], check[2], check[3]] for check in get_checks(["terraform"]) if check[0].startswith("SLS_")]))
"""


@dataclass(frozen=True)
class Record:
    """One line of Checkov's report. `file` is relative to the scanned folder, `title` the check's name."""

    id: str
    outcome: str
    file: str
    resource: str
    severity: str | None
    details: tuple[str, ...]
    comment: str
    title: str


@dataclass(frozen=True)
class Scan:
    """What one run of Checkov gave: `records` are ours, `built_in` those of its own checks."""

    code: int
    records: tuple[Record, ...]
    stderr: str
    built_in: tuple[Record, ...] = ()

    def of(self, id: str) -> dict[tuple[str, str], str]:
        """(file, resource) -> outcome, for one policy."""
        return {(record.file, record.resource): record.outcome for record in self.records if record.id == id}

    def one(self, id: str, resource: str, file: str | None = None) -> Record:
        """The record of that policy on that resource; fails unless there is exactly one."""
        found = [r for r in self.records if r.id == id and r.resource == resource and (file is None or r.file == file)]
        assert len(found) == 1, f"expected one record of {id} on {resource}, found {found}; stderr: {self.stderr[-2000:]}"
        return found[0]


def clone(to: Path) -> Path:
    """A copy of what a git clone holds of us; its path."""
    for name in ("plugin", "policies"):
        shutil.copytree(REPOSITORY / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return to


def probes(to: Path, *files: Path) -> Path:
    """A clone whose only policies are these files, in one group; its path."""
    clone(to)
    for group in (to / "policies").iterdir():
        if group.is_dir():
            shutil.rmtree(group)
    group = to / "policies" / "probes"
    group.mkdir()
    (group / "__init__.py").write_text('"""Probes."""\n')
    for file in files:
        shutil.copy(file, group)
    return to


def scan(folder: Path | Sequence[str], policies: Path, *options: str, env: Mapping[str, str] | None = None) -> Scan:
    """`checkov -d folder --external-checks-dir policies`, Terraform only unless told; `folder` may be the options that say what to scan.

    Run where no `.checkov.yaml` stands: Checkov would read the one at our top, and its answers would be those of that file.
    """
    what = ["-d", str(folder)] if isinstance(folder, Path) else list(folder)
    framework = [] if "--framework" in options else ["--framework", "terraform"]
    command = [*what, "--external-checks-dir", str(policies), "--skip-download", "-o", "json", *framework, *options]
    with tempfile.TemporaryDirectory() as elsewhere:
        done = subprocess.run(
            [sys.executable, "-m", "checkov.main", *command],
            cwd=elsewhere,
            env=environment(env),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    found = list(_records(done.stdout))
    ours, built_in = (tuple(record for record in found if record.id.startswith("SLS_") is wanted) for wanted in (True, False))
    return Scan(done.returncode, ours, done.stderr, built_in)


def listed(policies: Path, times: int = 1) -> list[tuple[str, str, str]]:
    """(id, resource type, title) of ours as Checkov would list them, after loading the folder that many times in one process."""
    done = subprocess.run(
        [sys.executable, "-c", _LISTING, str(policies), str(times)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [tuple(entry) for entry in json.loads(done.stdout.strip().splitlines()[-1])]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Without PYTHONPATH, so that nothing of ours is found but by `_clone.py`; with a fixed day."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "CHECKOV_GRAPH_FRAMEWORK"}}
    return {**kept, "SERVERFUL_TODAY": TODAY, "LOG_LEVEL": "WARNING", **(more or {})}


def _records(output: str) -> Iterator[Record]:
    start = min((at for at in (output.find("{"), output.find("[")) if at >= 0), default=-1)
    reports: Any = json.loads(output[start:]) if start >= 0 else []
    for report in reports if isinstance(reports, list) else [reports]:
        for name, outcome in _OUTCOMES.items():
            for record in report.get("results", {}).get(name, []):
                yield Record(
                    record["check_id"],
                    outcome,
                    record["file_path"].lstrip("/"),
                    record["resource"],
                    record["severity"],
                    tuple(record["details"]),
                    record["check_result"].get("suppress_comment") or "",
                    record["check_name"],
                )
