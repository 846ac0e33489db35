"""How many functions of one module have provisioned concurrency: how far it has spread."""

from __future__ import annotations

from collections.abc import Mapping

from serverful.estate.capacity import capacities_of, perhaps
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function
from serverful.estate.naming import module_of
from serverful.estate.value import Known


def crowd_of(function: Function, estate: Estate) -> Mapping[str, None]:
    """The addresses, in order, of the functions with more than a few executions kept ready in the module that a function is counted in.

    That is its own module; where this makes no other function, it is a way of writing one, and the module that calls it counts.
    """
    return _crowds(estate).get(_homes(estate)[function.address], {})


@once_per_estate
def _crowds(estate: Estate) -> dict[str, dict[str, None]]:
    """The functions with more than a little provisioned concurrency, by the module that they are counted in."""
    small = estate.settings.thresholds.provisioned_small
    found: dict[str, dict[str, None]] = {}
    for function in estate.all(Function):
        things = [thing for capacity in capacities_of(function, estate) for thing in capacity.provisioned]
        certain = [thing.executions for thing in things if perhaps(thing, function) is None]
        if any(isinstance(size, Known) and size.value > small for size in certain):
            found.setdefault(_homes(estate)[function.address], {})[function.address] = None
    return found


@once_per_estate
def _homes(estate: Estate) -> dict[str, str]:
    """The module that each function is counted in: its own, or where that makes no other function, the one that calls it."""
    modules = {function.address: module_of(function.address) for function in estate.all(Function)}
    alone: dict[str, int] = {}
    for module in modules.values():
        while True:
            alone[module] = alone.get(module, 0) + 1
            if not module:
                break
            module = module_of(module)
    homes = {}
    for address, module in modules.items():
        while module and alone[module] == 1:
            module = module_of(module)
        homes[address] = module
    return homes
