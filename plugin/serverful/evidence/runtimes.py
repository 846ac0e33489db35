"""What is known of the identifiers that `runtime` takes, by dated data (`reference/runtimes.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache

from serverful.evidence import reference


class Keeper(Enum):
    """Who keeps the language that a function runs on in repair."""

    AWS = "managed"
    NOBODY = "os-only"  # AWS keeps the operating system, and the customer whatever runs on it
    PUBLISHER = "customer-managed"


@dataclass(frozen=True, slots=True)
class Runtime:
    """One identifier. `ends` is the day on which AWS stops patching it, None where none is known; `as_of` dates both."""

    name: str
    keeper: Keeper
    ends: date | None
    as_of: date

    def has_ended(self, today: date) -> bool:
        return self.ends is not None and self.ends <= today


def runtime_named(name: str) -> Runtime | None:
    """The runtime with this identifier; None for one that is newer than the data, or none at all."""
    return runtimes().get(name)


@cache
def runtimes() -> Mapping[str, Runtime]:
    """`reference/runtimes.yaml`."""
    data = reference.read("runtimes.yaml")
    return {name: Runtime(name, Keeper(entry["kind"]), entry.get("ends"), data["as_of"]) for name, entry in data["runtimes"].items()}
