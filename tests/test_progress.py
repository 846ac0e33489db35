"""A person who waits sees how far it has come; nobody else sees anything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from expectations import ESTATES, REPOSITORY
from serverful.progress import watched
from serverful.report.progress_bar import ProgressBar
from serverful.scan import scan

pty = pytest.importorskip("pty", reason="a terminal cannot be made here")


def everything(terminal: int) -> bytes:
    """What was written to a terminal whose other side is closed."""
    pieces = []
    try:
        while piece := os.read(terminal, 4096):
            pieces.append(piece)
    except OSError:  # Linux's way of saying that nobody writes any more
        pass
    finally:
        os.close(terminal)
    return b"".join(pieces)


def test_a_watcher_is_told_of_each_step_and_of_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    assert list(watched("ab", "Reading", lambda *step: told.append(step))) == ["a", "b"]
    assert told == [("Reading", 0, 2), ("Reading", 1, 2), ("Reading", 2, 2)]


def test_a_scan_tells_how_far_it_has_come() -> None:
    told: list[tuple[str, int, int]] = []
    scan([ESTATES / "cqrs_stream"], today=date(2026, 11, 23), watcher=lambda *step: told.append(step))
    assert list(dict.fromkeys(doing for doing, _, _ in told)) == ["Reading roots", "Evaluating roots", "Judging"]
    judging = [(done, total) for doing, done, total in told if doing == "Judging"]
    assert judging == [(number, 44) for number in range(45)], "44 policies, one root"


def test_the_bar_stands_on_the_terminal_and_goes_again() -> None:
    main, other = pty.openpty()
    with open(other, "w", encoding="utf-8") as terminal, ProgressBar(terminal, patience=0) as bar:  # noqa: PTH123 (a descriptor)
        bar("Judging", 3, 44)
        time.sleep(0.5)  # a few of its own refreshes
    shown = everything(main).decode()
    assert "Judging" in shown and "3/44" in shown
    assert shown.rstrip("\r\n").endswith("\x1b[2K"), "the line it stood on is cleared"


def test_what_is_done_in_a_moment_shows_nothing() -> None:
    main, other = pty.openpty()
    with open(other, "w", encoding="utf-8") as terminal:  # noqa: PTH123 (a descriptor)
        with ProgressBar(terminal, patience=60) as bar:
            bar("Judging", 3, 44)
        terminal.write("end")
    assert everything(main) == b"end"


def test_nothing_is_drawn_where_nobody_looks() -> None:
    command = [sys.executable, "-m", "serverful", "scan", "fixtures/estates/many_roots"]
    environment = {**os.environ, "PYTHONPATH": str(Path(REPOSITORY) / "plugin")}
    ended = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, timeout=300)
    assert ended.stderr == b""
    assert b"\x1b" not in ended.stdout
