"""List prices, dated: `reference/prices.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from serverful.evidence import reference


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for one of what `name` says: an hour, a GB, a GB and month."""

    name: str
    usd: Decimal
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one region. `hours` are those of a month."""

    region: str
    hours: int
    prices: dict[str, Price]


@cache
def price_list() -> PriceList:
    """`reference/prices.yaml`."""
    data = reference.read("prices.yaml")
    prices = {name: Price(name, Decimal(price["usd"]), price["as_of"], price["source"]) for name, price in data["prices"].items()}
    return PriceList(data["region"], data["hours_per_month"], prices)


def price(name: str) -> Price:
    """One price. Raises KeyError for a name that the list does not have: that is a mistake in the program."""
    return price_list().prices[name]
