"""AWS services that call functions, by the principal that a permission or a trust policy names.

The data stands in `reference/callers.yaml`, dated, and is read on first use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.evidence import reference

_REGION = re.compile(r"\.([a-z]{2}(-[a-z]+)+-\d)?$")


@dataclass(frozen=True, slots=True)
class Service:
    """`name` is what people call it; `style` how it calls: "synchronous", "asynchronous", "polled" or "either"."""

    name: str
    style: str
    as_of: date


def service_of(principal: str) -> Service | None:
    """The service behind a principal, also a regional one (`logs.eu-central-1.amazonaws.com`, `s3.amazonaws.com.cn`).

    None for accounts, ARNs, `*`, and services that are not known to call functions.
    """
    name = re.sub(r"\.(amazonaws\.com(\.cn)?|amazon\.com)$", "", principal.strip().lower())
    if name == principal:
        return None
    return _read().get(name) or _read().get(_REGION.sub("", name))


@cache
def _read() -> dict[str, Service]:
    data = reference.read("callers.yaml")
    return {
        principal: Service(entry["service"], entry["style"], data["as_of"])
        for entry in data["callers"]
        for principal in entry["principals"]
    }
