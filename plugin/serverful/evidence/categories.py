"""The words a recorded reason may use: the features it can speak of, and the categories each of them has.

The categories are the honest reasons of the talk "Is Serverless getting Serverful?" (21 November 2021, slides 24-45); `steady-throughput`
is ours, for capacity that AWS has offered only since then (managed instances, provisioned pollers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

PREFIX = "serverful:"

EVERYWHERE = ("regulation", "other")
"""Categories of every feature and every policy. `other` needs a text of three words or more."""

_CAPACITY = ("cold-start-ux", "burst-scale", "synchronous-system")

FEATURES: Mapping[str, tuple[str, ...]] = {
    "vpc": ("relational-database", "cache", "file-system", "fixed-ip", "security-software", "private-service"),
    "fixed-ip": ("fixed-ip", "private-service"),
    "provisioned-concurrency": _CAPACITY,
    "capacity-provider": (*_CAPACITY, "steady-throughput"),
    "poller": (*_CAPACITY, "steady-throughput"),
    "runtime": ("performance", "team-language", "regulated-language"),
    "image": ("package-size", "native-libraries", "image-supply-chain"),
    "extension": ("observability", "secrets", "security-software"),
    "file-system": ("file-api", "proprietary-software", "file-exchange"),
}

_FEATURES_OF_GROUP: Mapping[str, tuple[str, ...]] = {
    "SLS_VPC": ("vpc",),
    "SLS_IP": ("fixed-ip",),
    "SLS_ID": (),
    "SLS_PC": ("provisioned-concurrency", "capacity-provider", "poller"),
    "SLS_RT": ("runtime", "image"),
    "SLS_EXT": ("extension",),
    "SLS_FS": ("file-system",),
    "SLS_FLOW": (),
    "SLS_RAD": (),
}

# It stands beside the file systems, and asks functions that have none.
_OF_NO_FEATURE = frozenset({"SLS_FS_4"})

# What each feature's reason answers beyond its own key: the policies that carry the question about it.
POLICIES_ASKING: Mapping[str, tuple[str, ...]] = {
    "vpc": ("SLS_VPC_1", "SLS_VPC_2"),
    "fixed-ip": ("SLS_IP_2",),
    "provisioned-concurrency": ("SLS_PC_1", "SLS_PC_3"),
    "capacity-provider": ("SLS_PC_5",),
    "poller": ("SLS_PC_5",),
    "runtime": ("SLS_RT_1",),
    "image": ("SLS_RT_2",),
    "extension": ("SLS_EXT_1",),
    "file-system": ("SLS_FS_1",),
}

POLICY_ID = re.compile(r"(SLS_[A-Z]{2,4})_[1-9][0-9]{0,2}")


def features_of(key: str) -> tuple[str, ...]:
    """The features that a canonical key speaks of: itself, or those of the policy's group; none where policy or group have none."""
    if key in _OF_NO_FEATURE:
        return ()
    return (key,) if key in FEATURES else _FEATURES_OF_GROUP.get(key.rpartition("_")[0], ())


def canonical(name: str) -> str | None:
    """`VPC` -> `vpc`, `sls_vpc_8` -> `SLS_VPC_8`; None for what is neither a feature nor a policy's id.

    Whether a policy with that number exists is not asked here: the reason may be read by a version that does not have it yet.
    """
    if name.lower() in FEATURES:
        return name.lower()
    match = POLICY_ID.fullmatch(name.upper())
    return name.upper() if match and match.group(1) in _FEATURES_OF_GROUP else None


def categories_of(key: str) -> tuple[str, ...]:
    """The categories that a canonical key (feature or policy id) takes, in the order they are shown."""
    if key in FEATURES:
        return (*FEATURES[key], *EVERYWHERE)
    group = key.rpartition("_")[0]
    words = [category for feature in _FEATURES_OF_GROUP.get(group, ()) for category in FEATURES[feature]]
    return (*dict.fromkeys(words), *EVERYWHERE)


def nearest(word: str, words: tuple[str, ...]) -> str | None:
    """The word somebody may have meant."""
    # A word longer than any of ours is no typing error, and comparing a very long one would take very long.
    if not 3 <= len(word) <= 40:
        return None
    part = next((known for known in words if word.lower() in known), None)
    return part or next(iter(get_close_matches(word.lower(), words, n=1)), None)
