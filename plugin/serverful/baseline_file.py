"""The file of a baseline: JSON, one entry on a line, so that a diff shows what came and went. Read with suspicion, written in one piece.

    {
      "kind": "serverful baseline",
      "version": 1,
      "serverful": "0.1.0",
      "written": "2026-11-23",
      "findings": [
        {"fingerprint": "…", "policy": "SLS_VPC_1", "severity": "MEDIUM", "root": "shop", "address": "…", "argument": "vpc_config"}
      ]
    }

Decisions:
- A file that cannot be understood as a whole is refused, and is never taken for an empty baseline: old findings would be told as new ones.
  Unknown keys too: what is written beside an entry would be lost when the file is written again, and a reason belongs where it has an owner
  and an end date.
- The fingerprint has to be that of what stands beside it. Who reads the file in a review sees what it covers.
- Nothing is written from a run with trouble: what was not judged would be missing, and be told as new by the run after it. Nor over a file
  that is no baseline, which somebody named by mistake.
- Where the entries are the same, the file stays as it is; version and day in it do not make a change of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from serverful.baseline import Baseline, Entry, begun, entries_of, ordered
from serverful.errors import UsageError
from serverful.finding import Run
from serverful.gate import TROUBLE, decide
from serverful.policy import Severity
from serverful.report.text import harmless
from serverful.whole_file import write_whole
from serverful.wording import counted, shortened

KIND, VERSION = "serverful baseline", 1
MAX_BYTES = 25_000_000  # about a hundred thousand entries, which take some seconds to read

_TOP = ("kind", "version", "serverful", "written", "findings")
_ENTRY = ("fingerprint", "policy", "severity", "root", "address", "argument")
_FINGERPRINT = re.compile(r'"fingerprint"\s*:\s*"([0-9a-f]{16})"')
_CONFLICT = re.compile(r"^(<<<<<<<|=======|>>>>>>>)", re.MULTILINE)
_NEW = "`serverful scan PATH --write-baseline FILE` writes one anew"


@dataclass(frozen=True, slots=True)
class Written:
    """`run` is what is told of the run now that its baseline is written; `says` is what became of the file, for people."""

    run: Run
    says: str


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises UsageError that says what is wrong with it and how to go on."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(path, "there is no such file", "`--write-baseline` beside the paths writes one")
    except (OSError, ValueError) as error:
        _refuse(path, f"cannot be read: {getattr(error, 'strerror', None) or error}", "Name a file that can")
    return parse_baseline(content, path)


def parse_baseline(content: bytes, path: Path) -> Baseline:
    """The baseline in these bytes, which stand in the file `path`. Raises UsageError."""
    if len(content) > MAX_BYTES:
        _refuse(
            path, f"is larger than {MAX_BYTES // 1_000_000} MB", "Write one for each part of the estate, and scan the parts by themselves"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(path, "is no UTF-8 text", "Save it as UTF-8")
    try:
        data = json.loads(text, object_pairs_hook=_pairs)
    except _TwiceError as error:
        _refuse(path, f"holds the key {error.args[0]!r} twice in one place", "Keep one of them")
    except RecursionError:
        _refuse(path, "is nested deeper than a baseline ever is", _NEW)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        if conflict := _CONFLICT.search(text):
            line = text.count("\n", 0, conflict.start()) + 1
            _refuse(path, f"holds a merge that nobody has finished (line {line})", "Keep the entries of both sides, or write it anew")
        _refuse(path, f"is no valid JSON{f' (line {line})' if line else ''}", f"Mend it. {_NEW}")
    return Baseline(_entries(data, _Lines(text), path), str(path))


def write_baseline(run: Run, path: Path, *, today: date, tool_version: str) -> Written:
    """Writes the baseline of a run: what fails in it; or, where it was given one, what is left of that, so that it can only shrink.

    Raises UsageError where the run cannot have one or the file cannot be written. Then the file is what it was before.
    """
    decision = decide(run, None)
    if decision.exit_code == TROUBLE:
        says = f"The baseline {_shown(path)} was not written: {decision.because}."
        raise UsageError(f"{says} What was not judged would be missing in it. Mend what the report names.")
    if run.baseline is None:
        entries, told = entries_of(run.findings), begun(run)
        number, next_ = counted(len(entries), "finding"), " The next run heeds it by --baseline."
    else:
        entries, told = run.baseline.entries, run
        number = f"{counted(len(entries), 'finding is', 'findings are')} left of it"
        next_ = "" if entries else " It is not needed any more."
    before = _there(path)
    if before is not None and before.entries == entries:
        return Written(told, f"The baseline {_shown(path)} stays as it is: {number}.{next_}")
    _replace(path, text_of(entries, today=today, tool_version=tool_version))
    return Written(told, f"The baseline {_shown(path)} is written: {number}.{next_}")


def text_of(entries: Sequence[Entry], *, today: date, tool_version: str) -> str:
    """The file. Same entries in, same text out; ASCII, so that neither a terminal nor an editor meets a character that acts."""
    head = {"kind": KIND, "version": VERSION, "serverful": tool_version, "written": today.isoformat()}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    rows = [f"    {json.dumps(_row(entry))}" for entry in ordered(entries)]
    return "\n".join(["{", *lines, '  "findings": [', *([",\n".join(rows)] if rows else []), "  ]", "}", ""])


def _row(entry: Entry) -> dict[str, str]:
    return {
        "fingerprint": entry.fingerprint,
        "policy": entry.policy,
        "severity": entry.severity.name,
        "root": entry.root,
        "address": entry.address,
        "argument": entry.argument,
    }


# --- reading ----------------------------------------------------------------------------------------------------------------------------


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for key, value in pairs:
        if key in made:
            raise _TwiceError(key[:60])
        made[key] = value
    return made


class _Lines:
    """On which lines of the file a fingerprint stands. JSON itself does not tell."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[int]] = {}
        for number, line in enumerate(text.split("\n"), 1):
            for match in _FINGERPRINT.finditer(line):
                self._lines.setdefault(match[1], []).append(number)

    def of(self, fingerprint: object) -> list[int]:
        return self._lines.get(fingerprint, []) if isinstance(fingerprint, str) else []


def _entries(data: object, lines: _Lines, path: Path) -> tuple[Entry, ...]:
    if not isinstance(data, dict) or data.get("kind") != KIND:
        _refuse(path, "is no baseline of serverful", f'A baseline says `"kind": "{KIND}"`. {_NEW}')
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        what = f"version {version}" if type(version) is int else "no version that can be read"
        _refuse(path, f"is a baseline of {what}, and this serverful reads version {VERSION}", f"Use the serverful that wrote it. {_NEW}")
    _check_keys(data, _TOP, "the baseline", path)
    findings = data["findings"]
    if not isinstance(findings, list):
        _refuse(path, "does not hold a list under `findings`", _NEW)
    entries: dict[str, Entry] = {}
    for number, row in enumerate(findings, 1):
        entry = _entry(row, number, lines, path)
        if entry.fingerprint in entries:
            at = shortened([str(line) for line in lines.of(entry.fingerprint)], 4)
            _refuse(
                path, f"holds one finding twice: {str(entry)[:200]} (lines {at})", "Keep one of them, as a merge may have brought the other"
            )
        entries[entry.fingerprint] = entry
    return ordered(list(entries.values()))


def _entry(row: object, number: int, lines: _Lines, path: Path) -> Entry:
    at = lines.of(row.get("fingerprint")) if isinstance(row, dict) else []
    where = f"entry {number} of `findings`" + (f" (line {at[0]})" if at else "")
    if not isinstance(row, dict):
        _refuse(path, f"holds something that is no entry: {where}", f"Remove it. {_NEW}")
    _check_keys(row, _ENTRY, where, path)
    for key in _ENTRY:
        if not isinstance(row[key], str):
            _refuse(path, f"holds a `{key}` that is no text in {where}", f"Mend or remove the entry. {_NEW}")
    if row["severity"] not in Severity.__members__:
        severities = ", ".join(severity.name for severity in Severity)
        _refuse(path, f"holds a severity that there is not, in {where}: {row['severity'][:40]!r}", f"It is one of {severities}")
    entry = Entry(row["policy"], row["root"], row["address"], row["argument"], Severity[row["severity"]], at[0] if at else 0)
    if entry.fingerprint != row["fingerprint"]:
        says = f"holds a fingerprint that is not that of what stands beside it: {where}, {str(entry)[:200]}"
        _refuse(path, says, f"Nobody can see what it covers. Remove the entry, or write the baseline anew. {_NEW}")
    return entry


def _check_keys(data: dict[str, object], wanted: Sequence[str], where: str, path: Path) -> None:
    if missing := [key for key in wanted if key not in data]:
        _refuse(path, f"lacks {shortened([f'`{key}`' for key in missing], 6)} in {where}", f"Mend it. {_NEW}")
    if strange := [key[:60] for key in data if key not in wanted]:
        says = f"holds the key {strange[0]!r} in {where}, which no baseline has"
        _refuse(
            path,
            says,
            "Remove it; a reason goes into a tag, a comment or .serverful.yaml, with an owner and an end date (serverful reason)",
        )


# --- writing ----------------------------------------------------------------------------------------------------------------------------


def _there(path: Path) -> Baseline | None:
    """The baseline that is there already; None for nothing, or an empty file. Raises UsageError for anything else."""
    try:
        is_there, is_file = path.exists(), path.is_file()
        is_empty = is_file and path.stat().st_size == 0
    except (OSError, ValueError) as error:
        raise UsageError(f"The baseline {_shown(path)} was not written: {_why(error)}. Name another file.") from error
    if not is_there or is_empty:
        return None
    if not is_file:
        what = "a folder" if path.is_dir() else "no regular file"
        raise UsageError(f"The baseline was not written: {_shown(path)} is {what}. Name a file.")
    try:
        return read_baseline(path)
    except UsageError as error:
        says = f"The baseline was not written: {_shown(path)} is there, and only a baseline is written over."
        raise UsageError(f"{says} Remove it first, or name another file.\n{error}") from error


def _replace(path: Path, content: str) -> None:
    """Puts a whole new file in the place of the old one. Raises UsageError where that is not possible."""
    if len(content) > MAX_BYTES:  # it is ASCII
        limit = f"{MAX_BYTES // 1_000_000} MB, more than any run would read"
        raise UsageError(f"The baseline {_shown(path)} was not written: it would be larger than {limit}. Write one for each part.")
    try:
        write_whole(path, (content,))
    except FileNotFoundError as error:
        folder = path.resolve().parent if path.is_symlink() else path.parent
        raise UsageError(f"The baseline was not written: there is no folder {_shown(folder)}. Make it first.") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"The baseline {_shown(path)} was not written: {_why(error)}. Name a file that can be written.") from error


def _why(error: Exception) -> str:
    return harmless(getattr(error, "strerror", None) or str(error))


def _shown(path: Path) -> str:
    return harmless(str(path))


def _refuse(path: Path, says: str, mend: str) -> NoReturn:
    """Nothing is judged beside a baseline that is not understood: as if it were empty, all that is old would be told as new."""
    raise UsageError(harmless(f"The baseline {path}: {says}. {mend}."))
