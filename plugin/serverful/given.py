"""What a command was given, read: folders and plans in, estates out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from serverful.errors import UsageError
from serverful.finding import Trouble
from serverful.plan_source import VARIABLE, source_folder
from serverful.progress import Watcher, nobody
from serverful.settings_file import Named

if TYPE_CHECKING:
    from serverful.estate.estate import Estate
    from serverful.estate.read.reader import Reading


@dataclass(frozen=True)
class Given:
    """`reading` is everything, `plans` what of it came from plans.

    `folders` are the paths of it that are no plans, `has_plans` says whether there were any, `has_source` whether a folder was named that
    they were made from.
    """

    reading: Reading
    plans: Reading
    folders: tuple[Path, ...]
    has_plans: bool
    has_source: bool

    @property
    def estates(self) -> list[Estate]:
        """The roots that could be read."""
        return [root.estate for root in self.reading.roots if root.estate is not None]


def read_given(
    paths: Sequence[Path],
    *,
    today: date,
    skip: Sequence[str] = (),
    var_files: Sequence[str] = (),
    config: Named | None = None,
    source: Path | Named | None = None,
    piped: BinaryIO | None = None,
    watcher: Watcher = nobody,
) -> Given:
    """Reads the Terraform under `paths`; a file whose name ends in .json is read as a plan, and so is the stream `piped`.

    `skip` are regular expressions of paths to leave out, `var_files` paths of .tfvars files, `source` is the folder that the plans were
    made from. `config` is the settings file that somebody named, else it is looked for (`settings_file.py`). `watcher` is told how
    far it has come.
    Raises UsageError, SettingsError and ReadingUnavailable; what goes wrong with one root is a Trouble of it.
    """
    # Imported here: `serverful --help` and `--version` need none of it.
    from serverful.estate.read.plans import is_plan, read_plans
    from serverful.estate.read.reader import joined, read
    from serverful.estate.read.roots import base_of
    from serverful.settings_file import settings_for

    planned = [path for path in paths if is_plan(path)]
    folders = [path for path in paths if path not in planned]
    written = _written(source, has_plan=bool(planned or piped))
    # A plan is made somewhere on the way; where it was made from is what people know. One that is piped stands where the command does.
    there = [path for path in (*(folders if written else paths), *([written] if written else [])) if path.exists()] or [Path()]
    settings = settings_for(there, base_of(there), config)
    unplanned = read(folders, today=today, skip=skip, var_files=var_files, settings=settings, watcher=watcher) if folders else None
    base = unplanned.base if unplanned is not None else base_of(there)  # one base for all places of a run
    plans = read_plans(planned, today=today, settings=settings, base=base, source=written, piped=piped)
    has_plans = bool(planned or piped)
    return Given(joined(plans, unplanned), plans, tuple(folders), has_plans, written is not None)


def nothing_to_read(paths: Sequence[Path], means: str, hint: str = "") -> Trouble:
    """The trouble of paths under which there is no Terraform at all. `means` and `hint` are the command's own words."""
    return Trouble(
        root=", ".join(str(path) for path in paths),
        what="No Terraform was found here.",
        means=means,
        mend=f"Name a folder that holds .tf, .tofu or .tf.json files{hint}.",
    )


def _written(source: Path | Named | None, *, has_plan: bool) -> Path | None:
    """The folder that the plans were made from. Raises UsageError where it is none, or where it was given beside no plan."""
    if source is None:
        return None
    named = source if isinstance(source, Named) else Named(str(source), "--source")
    if has_plan:
        return source_folder(named)
    if named.by == VARIABLE:  # it may be set for a whole pipeline
        return None
    raise UsageError(f"{named.by} names the folder that a plan was made from, and is given beside that plan; here is none.")
