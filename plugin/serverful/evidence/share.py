"""How large a part of a root's functions is serverful, against what is allowed for that root: the account behind SLS_RAD_1."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from serverful.estate.estate import Estate
from serverful.estate.features import Feature
from serverful.estate.globs import is_match
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function
from serverful.estate.settings import Budget
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.radius import Taken, radius
from serverful.evidence.shared_things import Shared, shared_things
from serverful.wording import counted, joined

_SHOWN = 10  # functions that one verdict cites
_SHARED = 5  # things that it says they share
_FINEST = 10_000  # a share as people write it, 1/3 or 0.25, is a fraction with a smaller denominator


@dataclass(frozen=True, slots=True)
class Share:
    """The serverful part of a root. `first` is where it is told, `unknown` what decides elsewhere whether more functions belong to it.

    `shared` is what the serverful functions have in common.
    """

    serverful: tuple[Taken, ...]
    perhaps: tuple[Taken, ...]
    shared: tuple[Shared, ...]
    functions: int
    allowed: Fraction
    budget: Budget | None

    @property
    def first(self) -> Function:
        return (self.serverful or self.perhaps)[0].function

    @property
    def is_too_large(self) -> bool:
        return len(self.serverful) > self.allowed * self.functions

    @property
    def may_be_too_large(self) -> bool:
        return len(self.serverful) + len(self.perhaps) > self.allowed * self.functions

    @property
    def says(self) -> str:
        taken = len(self.serverful)
        takes = "takes" if taken == 1 else "take"
        count = f"{taken} of the {self.functions} functions of this root {takes} layers of the stack back from AWS"
        if not self.is_too_large and self.may_be_too_large:
            more = counted(len(self.perhaps), "more function")
            return f"{count}, and whether {more} {'does' if len(self.perhaps) == 1 else 'do'} is decided outside this root."
        return f"{count}, {'more than' if self.is_too_large else 'no more than'} {self._allowed_in_words}."

    @property
    def _allowed_in_words(self) -> str:
        if self.budget is not None:
            return f"the {_percent(self.allowed)} that the settings allow it ({self.budget.because})"
        return "one third of them" if self.allowed == Fraction(1, 3) else f"the {_percent(self.allowed)} that the settings allow"

    @property
    def path(self) -> tuple[Evidence, ...]:
        told = [_told(one, _layers(one), next(iter(one.layers.values()))) for one in self.serverful[:_SHOWN]]
        told += [_told(one, one.perhaps[0].says, one.perhaps[0]) for one in self.perhaps[: _SHOWN - len(told)]]
        more = len(self.serverful) - _SHOWN
        if more > 0:
            told.append(Evidence(f"and {more} more", self.serverful[_SHOWN].function.place))
        told += [Evidence(one.says, one.functions[0].place) for one in self.shared[:_SHARED]]
        if self.budget is not None:
            told.append(Evidence(f"a budget of {_percent(self.allowed)}: {self.budget.because}", self.budget.place))
        return tuple(told)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        features = (feature for one in self.perhaps for feature in one.perhaps)
        return tuple(dict.fromkeys(feature.unknown or Unknown(feature.says, feature.place) for feature in features))

    @property
    def instead(self) -> str:
        layers = dict.fromkeys(layer.value for one in self.serverful for layer in one.layers)
        return (
            f"Look at what most of them take back ({joined(list(layers))}), and ask of each function what it would lose without. Keep what "
            "does need it in one or two small functions, and let the others hand work to them through a queue, a stream or a bus. If this "
            "root is the place for it, grant it a budget in .serverful.yaml (organisation.budgets: root, share, because)."
        )


@once_per_estate
def share_of(estate: Estate) -> Share | None:
    """The serverful share of a root; None where it is not asked: too few functions, none of them serverful, a reusable child."""
    taken = radius(estate)
    limits = estate.settings.thresholds
    if estate.is_child or len(taken) < limits.serverful_functions:
        return None
    serverful, perhaps = tuple(one for one in taken if one.layers), tuple(one for one in taken if one.may_be_serverful)
    if not serverful and not perhaps:
        return None
    budget = next((budget for budget in estate.settings.budgets if is_match(budget.root, estate.root)), None)
    allowed = Fraction(budget.share if budget is not None else limits.serverful_share).limit_denominator(_FINEST)
    return Share(serverful, perhaps, shared_things(estate), len(taken), allowed, budget)


def _told(one: Taken, says: str, feature: Feature) -> Evidence:
    return Evidence(f"{one.function.address} {says}", feature.place)


def _layers(one: Taken) -> str:
    """`takes networking and storage back: it is attached to a VPC, it mounts a file system`."""
    says = dict.fromkeys(feature.says for feature in one.layers.values())
    return f"takes {joined([layer.value for layer in one.layers])} back: it {', and it '.join(says)}"


def _percent(share: Fraction) -> str:
    return f"{round(float(share) * 100, 1):g} %"
