"""Which major version of a module a call asks for.

In: the `version` constraint of a call of the registry, or the `ref` of one of git. Out: a number, or None where that cannot be told.
Terraform takes the newest version that the constraint allows; modules are not in the lock file ("Version Constraints", Terraform 1.14).
"""

from __future__ import annotations

import re

_CONSTRAINT = re.compile(r"(?P<operator>=|!=|>=|<=|>|<|~>)?\s*v?(?P<major>\d+)(?P<minor>\.\d+)?(?P<rest>[\w.+-]*)")
_TAG = re.compile(r"^(?:tags/|refs/tags/)?v?(\d+)\.\d+")


def major_asked(constraint: str | None, newest: int) -> int | None:
    """The major version that a registry's constraint leads to, where `newest` is the newest there is. None where it cannot be read."""
    if constraint is None or not constraint.strip():
        return newest
    highest = newest
    for part in constraint.split(","):
        found = _CONSTRAINT.fullmatch(part.strip())
        if found is None:
            return None
        highest = min(highest, _highest(found, newest))
    return highest if highest >= 0 else None


def _highest(found: re.Match[str], newest: int) -> int:
    """The highest major version that one part of a constraint allows."""
    major = int(found["major"])
    match found["operator"]:
        case ">=" | ">" | "!=":
            return newest
        case "~>" if found["minor"] is None:  # `~> 5` allows 6
            return newest
        case "<" if not found["minor"] or not re.search(r"[1-9]", found["minor"] + found["rest"]):
            return major - 1
    return major


def major_of_tag(ref: str | None) -> int | None:
    """The major version that a git tag names, `v8.8.1` or `tags/0.3.0`; None for a branch, a commit, and where none is named."""
    found = _TAG.match(ref or "")
    return int(found[1]) if found else None
