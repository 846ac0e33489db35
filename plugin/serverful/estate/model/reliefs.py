"""What stands in front of functions and takes load from them: a CDN, a cache, a rate limit, an answer that needs no function."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.place import Place
from serverful.estate.value import Unknown, Value


@dataclass(frozen=True, slots=True)
class Relief:
    """One block that relieves what stands behind it. `says` is a noun: "a CDN", "a cache", "a rate limit".

    `fronts` are the addresses of the APIs, function URLs and load balancers that it stands before. `unknown` names what decides elsewhere
    whether it relieves anything, or what; with `fronts`, whether these, without, anything of this root may be meant.
    """

    by: str
    place: Place
    exists: Value[bool]
    says: str
    fronts: tuple[str, ...]
    unknown: Unknown | None = None
