"""The README shows what serverful really prints, and names commands that `.ci/run` and a reader really run."""

from __future__ import annotations

import re
import shlex

import pytest

from expectations import REPOSITORY
from serverful.cli import run

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
COMMANDS = [block.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]


PRINTED = re.findall(r"```text\n\$ (serverful .*?)\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), PRINTED, ids=[command for command, _ in PRINTED])
def test_what_is_shown_is_what_is_printed(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Piece by piece; `…` on a line of its own leaves something out. When it differs, paste what is printed now."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setenv("SERVERFUL_TODAY", "2026-11-23")
    run(shlex.split(command)[1:])
    lines = capsys.readouterr().out.splitlines()
    pieces = [piece for piece in re.split(r"^ *…\n", shown, flags=re.MULTILINE) if piece]
    at = 0
    for piece in pieces:
        wanted = piece.rstrip("\n").splitlines()
        at = next((n for n in range(at, len(lines)) if lines[n : n + len(wanted)] == wanted), len(lines))
        assert at < len(lines), f"not printed any more, or not in this order:\n{piece}"


def test_each_question_is_shown_asked_answered_by_evidence_and_by_a_person() -> None:
    section = README[README.index("## The three questions") : README.index("## Two doors")]
    questions = re.split(r"^### ", section, flags=re.MULTILINE)[1:]
    answers = ["Asked", "Answered by evidence", "Answered by a person"]
    assert [re.findall(r"^\*(.+?)\.\*", question, re.MULTILINE) for question in questions] == [answers] * 3
    assert all(question.count("```text") == 3 for question in questions)


def test_ci_runs_the_command_that_the_readme_names() -> None:
    (tests,) = [command for command in COMMANDS if "pytest" in command]
    assert tests in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_first_command_needs_nothing_but_python() -> None:
    assert COMMANDS[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert "--external-checks-dir policies" in COMMANDS[0] and "-d fixtures/estates/legacy_vpc" in COMMANDS[0]
