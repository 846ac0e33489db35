"""Leaves the whole Run in a file, where SERVERFUL_RESULT names one: what Checkov's own report cannot carry.

Each of Checkov's graphs that is judged is written at once, joined with what other graphs, folders, frameworks and processes have written
there (`record/joined.py`). So it is there when Checkov is stopped, and a record that cannot be written is trouble in time for SLS_RUN_1.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from serverful.distribution import version
from serverful.errors import UsageError
from serverful.finding import Run, Trouble
from serverful.host.locked import locked
from serverful.outputs import write
from serverful.policy import Severity
from serverful.record.joined import joined
from serverful.record.made import record_of
from serverful.record.v1 import RunV1
from serverful.report.json_v1 import to_json_pieces

VARIABLE = "SERVERFUL_RESULT"

# At which level the record says that the gate closes: that of `serverful scan` unless told. Checkov's own exit code is Checkov's.
FAIL_ON = Severity.MEDIUM


def result_file(environment: Mapping[str, str]) -> Path | None:
    """The file that is to hold the Run, or None where nobody asked for one. A relative one is relative to where Checkov works."""
    named = environment.get(VARIABLE, "")
    return Path(named).absolute() if named else None


def leave(run: Run, today: date, file: Path) -> None:
    """Join the run with what the file holds. Raises UsageError, in which case what stands there has stayed as it is."""
    record = record_of(run, fail_on=FAIL_ON, today=today, tool_version=version(), door="checkov")
    try:
        if file.exists() and not file.is_file():
            what = "a folder" if file.is_dir() else "no ordinary file"
            raise UsageError(f"{file} is {what}, so the record of this run could not be joined with what it holds.")
        target = Path(os.path.realpath(file))  # of a link, what it leads to: the lock stands beside that
        with locked(target):
            before = _before(target)
            write(target, to_json_pieces(joined(before, _as_read(record)) if before is not None else record))
    except OSError as error:
        raise UsageError(f"The record could not be written to {file}: {error.strerror or error}.") from error


def unwritten(error: Exception, file: Path) -> Trouble:
    """A pipeline that reads the record afterwards would find an old one, or none: that is no green run."""
    return Trouble(
        root=".",
        what=f"The record of this run could not be left in {file} ({VARIABLE}): {error}",
        means="What is reported from that file is old, or says nothing of this run. Checkov's own report is whole.",
        mend=f"Name a file in a folder that can be written, or remove the one that stands there; or unset {VARIABLE}.",
    )


def _before(file: Path) -> RunV1 | None:
    """What the file holds already; None where there is nothing, also in an empty file, as `mktemp` makes it."""
    from serverful.record.read import read_record  # pydantic, which only a second reading needs

    if not file.exists() or not file.stat().st_size:
        return None
    return read_record(file)


def _as_read(record: RunV1) -> RunV1:
    """The record as it is once it has been written and read: a name of bytes that are no UTF-8 is written out there (`report/json_v1.py`),
    and roots are the same by their names.
    """
    from serverful.record.read import record_from

    if all(root.isprintable() for root in record.roots):  # a lone surrogate is not
        return record
    return record_from("".join(to_json_pieces(record)).encode(), "the record")
