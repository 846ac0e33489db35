"""What a record has to say besides its findings: troubles, notes, which files counted. One text for all formats, not yet made harmless."""

from __future__ import annotations

from serverful.explain import RUN_ID
from serverful.gate import TROUBLE
from serverful.record.v1 import NoteV1, RunV1, TroubleV1
from serverful.report.details import sentence

READ_ON = f"Read on: serverful explain {RUN_ID}"


def troubles_of(record: RunV1) -> list[TroubleV1]:
    """The troubles; where the gate says that nothing was judged and none is named for it, one that says so: it is never a silent pass."""
    if record.decision.exit_code == TROUBLE and not record.troubles:
        return [TroubleV1(".", None, 0, sentence(record.decision.because), "That is no pass.", "", None, None, 0)]
    return record.troubles


def trouble_spot(trouble: TroubleV1) -> str:
    """`stock/main.tf:7`, or the root where it is at no one file."""
    return _spot(trouble.file or trouble.root, trouble.line)


def trouble_about(trouble: TroubleV1) -> str:
    """`SLS_VPC_1 of aws_lambda_function.a`: whose answer about what is missing; empty where it is not one policy's about one block."""
    return " of ".join(part for part in (trouble.policy, trouble.address) if part)


def note_line(note: NoteV1) -> str:
    """`.serverful.yaml:7 the reason for `*` matches nothing.`"""
    return f"{note_spot(note)} {note.says}"


def note_spot(note: NoteV1) -> str:
    """`.serverful.yaml:7`, or the file where it is about all of it."""
    return _spot(note.file, note.line)


def files_that_counted(record: RunV1) -> list[tuple[str, str]]:
    """`("Settings", ".serverful.yaml")`: which file decided what, each once."""
    settings = dict.fromkeys(part.settings for part in record.parts if part.settings)
    baselines = dict.fromkeys(part.baseline for part in record.parts if part.baseline)
    return [*(("Settings", file) for file in settings), *(("Baseline", file) for file in baselines)]


def _spot(file: str, line: int) -> str:
    return f"{file}:{line}" if line else file
