"""Texts that are compared with files: what a report says, letter for letter. `UPDATE_SNAPSHOTS=1 pytest tests/report` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

SNAPSHOTS = Path(__file__).resolve().parent / "report" / "snapshots"


def agrees_with_snapshot(text: str, name: str) -> None:
    """Fails where the text is another than that of the file `tests/report/snapshots/NAME`, or where there is none."""
    file = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.is_file(), f"{file} is not there; UPDATE_SNAPSHOTS=1 writes it"
    assert text == file.read_text(encoding="utf-8"), f"{file} says otherwise; UPDATE_SNAPSHOTS=1 writes it anew"
