"""The README shows what serverful really prints, and names commands that `.ci/run` and a reader really run."""

from __future__ import annotations

import re
from datetime import date

from expectations import ESTATES, REPOSITORY
from serverful.gate import decide
from serverful.policy import Severity
from serverful.report.console import to_console
from serverful.scan import scan

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
COMMANDS = [block.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]


def test_the_picture_is_what_is_printed() -> None:
    """The first block, piece by piece; `…` on a line of its own leaves something out. When it differs, paste what is printed now."""
    run = scan([ESTATES / "legacy_vpc"], today=date(2026, 11, 23))
    printed = to_console(run, decide(run, Severity.MEDIUM), width=100, painted=False)
    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert shown
    command, *pieces = re.split(r"^ *…\n|(?<=legacy_vpc)\n", shown[1], flags=re.MULTILINE)
    assert command == "$ serverful scan fixtures/estates/legacy_vpc"
    assert len(pieces) > 1
    lines = printed.splitlines()
    at = 0
    for piece in pieces:
        wanted = piece.rstrip("\n").splitlines()
        at = next((n for n in range(at, len(lines)) if lines[n : n + len(wanted)] == wanted), len(lines))
        assert at < len(lines), f"not printed any more, or not in this order:\n{piece}"


def test_ci_runs_the_command_that_the_readme_names() -> None:
    (tests,) = [command for command in COMMANDS if "pytest" in command]
    assert tests in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_first_command_needs_nothing_but_python() -> None:
    assert COMMANDS[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert "--external-checks-dir policies" in COMMANDS[0] and "-d fixtures/estates/legacy_vpc" in COMMANDS[0]
