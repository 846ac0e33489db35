"""What a thing of a special kind takes over from the plain one that it was made as."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from serverful.estate.model import Store


def parts_of(made: Store) -> dict[str, Any]:
    """The parts of a store, by name, for the special kind of it."""
    return {part.name: getattr(made, part.name) for part in fields(made)}
