"""What is worth knowing about the settings of a run: what in them counts for nothing. Pure; both doors say it, each in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serverful.estate.globs import is_match
from serverful.estate.place import Place
from serverful.evidence.stated import matching_nothing
from serverful.finding import Note
from serverful.wording import shortened

if TYPE_CHECKING:
    from serverful.estate.read.reader import Reading

_NAMED = 4  # modules in one sentence before "and 7 more"


def notes_of(reading: Reading) -> list[Note]:
    """Reasons that match nothing, in order of lines, then settings files that do not count.

    Where only a part was read of what the settings speak of, a reason for a root of another part is left alone. So is one for a root that
    could not be read: what it means may be there.
    """
    settings = reading.settings
    unread = [root.root for root in reading.roots if root.estate is None]
    estates = [root.estate for root in reading.roots if root.estate is not None]
    notes = []
    for reason in matching_nothing(estates):
        if any(is_match(reason.root, root) for root in unread):
            continue
        if any(is_match(reason.root, estate.root) for estate in estates):
            where = "" if reason.root == "*" else f" in a root like `{reason.root}`"
            notes.append(_idle(f"the reason for `{reason.address}` matches nothing{where}, so it explains nothing.", reason.place))
        elif not settings.is_partial:
            notes.append(_idle(f"no root is like `{reason.root}`, so the reason for `{reason.address}` explains nothing.", reason.place))
    counts = f"and here it is {settings.file}" if settings.file else "and it is looked for from the scanned path upwards"
    others = [file for file in reading.settings_below if file != settings.file]
    return [*notes, *(Note(f"is a settings file that does not count: a run has one, {counts}.", file) for file in others)]


def not_here(reading: Reading) -> str | None:
    """How many calls lead to modules that are not here, and which modules; None where none does. One call that many roots make is one."""
    estates = [root.estate for root in reading.roots if root.estate is not None]
    calls = {(call.place.file, call.place.line): call.source for estate in estates for call in estate.unread_modules}
    if not calls:
        return None
    is_one = len(calls) == 1
    lead = "module call leads to a module that is" if is_one else "module calls lead to modules that are"
    sources = list(dict.fromkeys(calls.values()))
    names = shortened(sources, _NAMED)
    make = "it makes" if is_one else "they make"
    return f"{len(calls)} {lead} not here ({names}), so what {make} was not judged. `terraform init` brings modules."


def _idle(says: str, place: Place) -> Note:
    return Note(says, place.file, place.line)
