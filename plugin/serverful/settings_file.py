"""Which settings file counts: the one that is named, else the one found upwards from what is scanned. Imports nothing that is heavy.

Decisions:
- `--config FILE` beats `SERVERFUL_CONFIG`, which beats the search.
- The search climbs from the scanned folder to the git top level. Outside of git it ends at the home directory, or, for a folder that is not
  in it, at the root of the file system.
- One settings file counts for one run. Several scanned paths that would find different ones are refused: a reason or a threshold would hold
  for half of what is judged, and nobody could tell for which. Checkov runs each of its `-d` by itself, so each finds its own.
- A file that is named or found and cannot be used is an error, never left out. So is a `.serverful.yml`, which somebody meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from serverful.errors import UsageError
from serverful.estate.settings import FILE_NAME, Settings
from serverful.report.text import harmless

VARIABLE = "SERVERFUL_CONFIG"
_MISTAKEN = ".serverful.yml"


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody has named; `by` says how: by `--config` or `SERVERFUL_CONFIG`, and so on."""

    path: str
    by: str


def named(environment: Mapping[str, str], option: str | None = None) -> Named | None:
    """The settings file that is named, if any. A variable that is set to nothing names none."""
    if option is not None:
        return Named(option, "--config")
    return Named(environment[VARIABLE], VARIABLE) if environment.get(VARIABLE) else None


def settings_for(paths: Sequence[Path], base: Path, by_name: Named | None = None) -> Settings:
    """The settings of a run over these paths; the defaults where no file counts. `base` is what places are relative to.

    Raises UsageError where a named file is not there or the paths find different ones, SettingsError for what is wrong in the file.
    """
    path = file_for(paths, by_name)
    if path is None:
        return Settings()
    try:
        # Here and not above: pydantic takes longer to import than a small root to judge.
        from serverful.settings import load
    except ImportError as error:
        says = f"The settings in {harmless(str(path))} cannot be read: {harmless(str(error))}."
        raise UsageError(f"{says} What reads them comes with: pip install 'pydantic>=2.8,<3' 'pyyaml>=6.0,<7'") from error
    return load(path, shown(path, base))


def file_for(paths: Sequence[Path], by_name: Named | None = None) -> Path | None:
    """The settings file that counts for these paths; None where there is none. Raises UsageError."""
    if by_name is not None:
        if not by_name.path or not os.path.lexists(by_name.path):
            raise UsageError(f"{by_name.by} names {harmless(by_name.path) or 'nothing'}, and there is no such file. Check the path.")
        return Path(by_name.path)
    found = {path: _upwards(path) for path in paths}
    if len(set(found.values())) > 1:
        each = "".join(f"\n  {harmless(str(path))} finds {harmless(str(file)) if file else 'none'}" for path, file in found.items())
        raise UsageError(
            f"One settings file counts for one run, and the scanned paths find different ones:{each}\n"
            "Name the one that counts by --config FILE, or scan the paths one after the other."
        )
    return next(iter(found.values()), None)


def shown(path: Path, base: Path) -> str:
    """The file as reports name it: relative to the base, with forward slashes."""
    # The folder is resolved and not the file: a link is called by its own name.
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link
    try:
        return Path(os.path.relpath(whole.parent.resolve() / whole.name, base.resolve())).as_posix()
    except ValueError:  # another drive
        return whole.as_posix()


def _upwards(path: Path) -> Path | None:
    for folder in _folders(path):
        file = folder / FILE_NAME
        if os.path.lexists(file):  # a link that leads nowhere is not no file
            if file.exists() and not file.is_file() and not file.is_dir():
                raise UsageError(f"{harmless(str(file))} is no regular file. Remove or replace it.")
            return file
        if (folder / _MISTAKEN).is_file():
            raise UsageError(f"{harmless(str(folder / _MISTAKEN))} would not count: settings are read from {FILE_NAME}. Rename it.")
    return None


def _folders(path: Path) -> Iterator[Path]:
    """The scanned folder and those above it, as far as the search goes."""
    resolved = path.resolve()
    start = resolved if resolved.is_dir() else resolved.parent
    climbed = (start, *start.parents)
    top = next((folder for folder in climbed if (folder / ".git").exists()), None) or _home(climbed)
    for folder in climbed:
        yield folder
        if folder == top:
            return


def _home(climbed: Sequence[Path]) -> Path | None:
    try:
        home = Path.home().resolve()
    except (RuntimeError, OSError):  # no home is known
        return None
    return home if home in climbed else None
