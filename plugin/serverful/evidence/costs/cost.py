"""A monthly cost at list price, as a sum that can be checked line by line.

It is what is *at least* paid: what Terraform shows to be there all month. What is decided elsewhere counts with the least that it can be,
and what is paid by use stands beside the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from serverful.evidence.costs.prices import Price, price, price_list
from serverful.wording import joined

_CENT = Decimal("0.01")
_SHOWN = 4  # charges that one sentence names


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the sum: what a block costs a month. `item` names it for people, `arithmetic` shows how `usd` comes about."""

    address: str
    item: str
    arithmetic: str
    usd: Decimal
    price: Price


@dataclass(frozen=True, slots=True)
class ByUse:
    """What is paid besides, by use: `usd` per `unit`."""

    address: str
    unit: str
    price: Price


@dataclass(frozen=True, slots=True)
class Cost:
    """The charges of what a finding is about, and what is paid by use. One of them at least.

    `sharing` is how many functions and capacity providers pay for the same thing together; each of their findings says so.
    """

    charges: tuple[Charge, ...]
    by_use: tuple[ByUse, ...] = ()
    sharing: int = 1

    @property
    def usd_a_month(self) -> Decimal:
        """At least so much, in USD, to the cent."""
        return sum((charge.usd for charge in self.charges), Decimal("0.00"))

    @property
    def prices(self) -> tuple[Price, ...]:
        """The prices it rests on, each once."""
        parts: tuple[Charge | ByUse, ...] = (*self.charges, *self.by_use)
        return tuple(dict.fromkeys(part.price for part in parts))

    @property
    def as_of(self) -> date:
        """The date of the oldest price in it."""
        return min(price.as_of for price in self.prices)

    def __str__(self) -> str:
        """The sentence for people: the sum, what it is made of, what comes on top."""
        listed = f"at list price in {price_list().region} (as of {self.as_of})"
        use = joined(list(dict.fromkeys(f"{part.price.usd} USD {part.unit}" for part in self.by_use)))
        if not self.charges:
            return f"{use} {listed}."
        top = f", and {use} on top" if use else ""
        once = f" It is paid once, by all {self.sharing} that share it." if self.sharing > 1 else ""
        return f"at least {dollars(self.usd_a_month)} USD a month {listed}: {self._parts()}{top}.{once}"

    def _parts(self) -> str:
        shown = [f"{dollars(charge.usd)} for {charge.item}" for charge in self.charges[:_SHOWN]]
        rest = self.charges[_SHOWN:]
        more = [f"{dollars(sum((charge.usd for charge in rest), Decimal(0)))} for {len(rest)} more"] if rest else []
        return joined([*shown, *more])


def cost(charges: Sequence[Charge], by_use: Sequence[ByUse] = (), *, sharing: int = 1) -> Cost | None:
    """The cost made of them; None where nothing of it has a price."""
    return Cost(tuple(charges), tuple(by_use), sharing) if charges or by_use else None


def hourly(address: str, item: str, name: str, *factors: tuple[Decimal | int, str]) -> Charge:
    """What is paid for every hour of the month: `factors`, each with its unit ("2 zones", "1.5 GB"), times the price called `name`."""
    return _charge(address, item, name, (*factors, (price_list().hours, "h")))


def monthly(address: str, item: str, name: str, *factors: tuple[Decimal | int, str]) -> Charge:
    """What has a price by the month."""
    return _charge(address, item, name, factors)


def by_use(address: str, unit: str, name: str) -> ByUse:
    """What is paid by use; `unit` says of what ("per GB through it")."""
    return ByUse(address, unit, price(name))


def dollars(usd: Decimal) -> str:
    """`1,095.00`."""
    return f"{usd:,.2f}"


def _charge(address: str, item: str, name: str, factors: Sequence[tuple[Decimal | int, str]]) -> Charge:
    paid, usd = price(name), price(name).usd
    for number, _ in factors:
        usd *= number
    usd = usd.quantize(_CENT, ROUND_HALF_UP)
    sum_ = " × ".join([*(f"{number} {unit}" for number, unit in factors), f"{paid.usd} USD"])
    return Charge(address, item, f"{sum_} = {usd} USD", usd, paid)
