"""Names at an entry that say who is checked there after all: by the function itself, which no Terraform shows."""

from __future__ import annotations

import re

from serverful.estate.estate import Estate
from serverful.estate.model import Entry, Function
from serverful.estate.value import Known

_CHECKS = re.compile(r"(^|[^a-z0-9])(hmac|signatures?|authori[sz]ers?)([^a-z0-9]|$)", re.IGNORECASE)


def may_check_itself(entry: Entry, estate: Estate) -> bool:
    """Whether the path, the blocks or the function of an entry are named for a check of signatures or callers."""
    return any(_CHECKS.search(name) for name in names_at(entry, estate.find(entry.call.callee.function, Function)))


def names_at(entry: Entry, function: Function | None) -> list[str]:
    """What an entry, its API and the function behind it are called, underscores as blanks."""
    names = [entry.path, entry.by, entry.call.by, entry.api]
    if function is not None:
        names += [function.address, function.name.value if isinstance(function.name, Known) else ""]
    return [name.replace("_", " ") for name in names]
