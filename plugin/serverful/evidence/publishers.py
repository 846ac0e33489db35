"""Whose account a layer lies in: a publisher's that is trusted, a stranger's that everybody knows, or nobody knows whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.evidence import reference
from serverful.evidence.layers import known_layers


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes layers from an account. `instead` is what to take instead of those of a stranger."""

    product: str
    is_trusted: bool
    as_of: date
    instead: str = ""


def publisher_of(account: str) -> Publisher | None:
    """The publisher whose account this is, by dated data; None for any other account."""
    return _publishers().get(account)


@cache
def _publishers() -> Mapping[str, Publisher]:
    """Those of extensions.yaml and interpreters.yaml are trusted unless told otherwise, those of community_layers.yaml are not."""
    data = reference.read("community_layers.yaml")
    found = {
        account: Publisher(entry["product"], False, data["as_of"], entry["instead"])
        for entry in data["layers"]
        for account in entry["accounts"]
    }
    found.update((account, Publisher(layer.product, True, layer.as_of)) for layer in known_layers() for account in layer.accounts)
    return found
