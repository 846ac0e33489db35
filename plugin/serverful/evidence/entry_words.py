"""Names at an entry that say who is checked there after all: by the function itself, which no Terraform shows."""

from __future__ import annotations

import re

from serverful.estate.estate import Estate
from serverful.estate.model import Entry, Function
from serverful.estate.value import Known

_CHECKS = re.compile(r"(^|[^a-z0-9])(hmac|signatures?|authori[sz]ers?)([^a-z0-9]|$)", re.IGNORECASE)


def may_check_itself(entry: Entry, estate: Estate) -> bool:
    """Whether the path, the blocks or the function of an entry are named for a check of signatures or callers."""
    function = estate.find(entry.call.callee.function, Function)
    names = [entry.path, entry.by, entry.call.by, entry.api]
    if function is not None:
        names += [function.address, function.name.value if isinstance(function.name, Known) else ""]
    return any(_CHECKS.search(name.replace("_", " ")) for name in names)
