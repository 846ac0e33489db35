"""What provisioned concurrency costs: for every GB of memory and hour that an execution is kept ready, called or not.

Decisions:
- A configuration costs what it says. Where something scales it as well, the least of all the minima counts, and nothing where one of them
  is unknown or zero: what is scaled down at night is not paid then.
- Memory that is decided elsewhere counts as the least there is, an architecture that is, as the cheaper one.
"""

from __future__ import annotations

from decimal import Decimal

from serverful.estate.capacity import Capacity, capacities_of
from serverful.estate.estate import Estate
from serverful.estate.model import Function, Means, Provisioned, Scaling
from serverful.estate.qualifiers import standing
from serverful.estate.value import Known
from serverful.evidence.costs.cost import Charge, Cost, cost, hourly
from serverful.evidence.movers import is_there, may_move
from serverful.wording import counted

_LEAST_MEMORY_MB = 128  # "memory_size": 128 unless told, and never less (Lambda service model in botocore 1.43.67, 2026-08-07)


def cost_of_executions(function: Function, estate: Estate) -> Cost | None:
    """What a function's provisioned concurrency costs at least; None where none is certainly kept ready all month."""
    return cost([charge for capacity in capacities_of(function, estate) for charge in _charges(capacity, function, estate)])


def _charges(capacity: Capacity, function: Function, estate: Estate) -> list[Charge]:
    kept = _kept_all_month(capacity, function, estate)
    if not kept:
        return []
    memory = function.memory_mb.value if isinstance(function.memory_mb, Known) else _LEAST_MEMORY_MB
    is_x86 = isinstance(function.architecture, Known) and function.architecture.value == "x86_64"
    name = "provisioned_concurrency_x86_gb_hour" if is_x86 else "provisioned_concurrency_arm_gb_hour"
    item = f"{counted(kept, 'execution')} of {memory} MB kept ready on {standing(capacity.callee)}"
    factors = ((kept, "execution" if kept == 1 else "executions"), (Decimal(memory) / 1024, "GB"))
    return [hourly(capacity.provisioned[0].address, item, name, *factors)]


def _kept_all_month(capacity: Capacity, function: Function, estate: Estate) -> int:
    """How many executions are certainly ready at every hour."""
    things: tuple[Provisioned | Scaling, ...] = (*capacity.provisioned, *capacity.scaling)
    scaled = [thing for thing in things if thing.means in (Means.TARGET, Means.SCHEDULE)]
    if scaled:
        minima = [thing.executions if isinstance(thing, Provisioned) else thing.minimum for thing in scaled]
        # A schedule that states no minimum leaves it as it is.
        numbers = [(minimum.value if isinstance(minimum, Known) else 0) for minimum in minima]
        stated = [number for number in numbers if number is not None]
        certain = all(is_there(thing, function) for thing in scaled if isinstance(thing, Provisioned))
        return min(stated, default=0) if certain else 0
    if capacity.scaling or may_move(capacity, function, estate):
        return 0
    sizes = [thing.executions.value for thing in capacity.provisioned if is_there(thing, function) and isinstance(thing.executions, Known)]
    return max(sizes, default=0)
