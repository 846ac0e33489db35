"""Which database of this root a text names by its address, as the environment of a function does in a plan over what stands."""

from __future__ import annotations

import re

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Database

_HOST = re.compile(r"[\w.-]+")


def database_at(text: str, estate: Estate) -> Database | None:
    """The database whose address stands in a text, alone or in a URL; None where none does, or addresses are not known yet."""
    known = _by_address(estate)
    return next((known[host] for host in _HOST.findall(text) if host in known), None) if known else None


@once_per_estate
def _by_address(estate: Estate) -> dict[str, Database]:
    return {address: database for database in estate.all(Database) for address in database.addresses}
