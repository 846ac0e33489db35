"""How much lies on one function? The account behind SLS_RAD_2.

Decisions:
- Three layers of the stack on one function are too many, whatever explains each of them.
- So are the internet in front, a network or a file system around, and a wide role behind: each of these takes away what would have held the
  next. Wide is what SLS_ID_4 means by it, which does not ask about the role of such a function again.
- What a role from elsewhere allows is for SLS_ID_4 to leave open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.features import Feature
from serverful.estate.identity import role_of
from serverful.estate.memo import once_per_estate, once_per_subject
from serverful.estate.model import Function
from serverful.evidence.evidence import Evidence
from serverful.evidence.exposure import PUBLIC, Exposure, exposures
from serverful.evidence.radius import LAYERS, StackLayer, Taken, radius
from serverful.evidence.reasons import reasons_of
from serverful.evidence.shared_things import told_at
from serverful.evidence.wide import Wide, wide_permissions
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

ID = "SLS_RAD_2"
_TOO_MANY = 3
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Open:
    """A function with the internet in front and a network or a file system around it, and what is wide in its role."""

    entry: Exposure
    around: tuple[Exposure, ...]
    wide: tuple[Wide, ...]

    @property
    def is_certain(self) -> bool:
        return all(part.doubt is None for part in (self.entry, self.around[0], self.wide[0]))

    @property
    def says(self) -> str:
        around = joined([one.says for one in self.around if one.doubt is None] or [self.around[0].says])
        return f"It answers the internet, it {around}, and its role {joined(_distinct(self.wide))}"

    @property
    def path(self) -> tuple[Evidence, ...]:
        exposed = (one.evidence for one in (self.entry, *self.around))
        return (*exposed, *(one.evidence for one in self.wide[:_SHOWN]))


@once_per_subject
def opened(function: Function, estate: Estate) -> Open | None:
    """The second way to stack, certain or not; None where one of its three parts is certainly missing."""
    found = exposures(function, estate)
    entry = next((one for one in found if one.key == PUBLIC), None)
    around = tuple(one for one in found if one.key != PUBLIC)
    role = role_of(function, estate)
    wide = wide_permissions(estate, role.address) if role is not None else ()
    return Open(entry, around, wide) if entry is not None and around and wide else None


def asks_about_role(function: Function, estate: Estate) -> bool:
    """Whether this policy asks about the wide role of a function, so that nobody else has to. Whoever has answered it is asked again."""
    found = opened(function, estate)
    return found is not None and found.is_certain and not any(reason.key == ID for reason in reasons_of(function, estate).valid)


def why_stacked(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where three layers lie on the function, or internet, network or file system and a wide role meet on it."""
    taken = _taken(estate)[function.address]
    layers, open_ = tuple(taken.layers), opened(function, estate)
    is_open = open_ is not None and open_.is_certain
    if len(layers) >= _TOO_MANY or is_open:
        return _failed(taken, open_ if is_open else None, estate)
    unknown = [feature.unknown for feature in taken.perhaps if feature.unknown is not None]
    more = dict.fromkeys((*layers, *(layer for feature in taken.perhaps for layer in LAYERS[feature.key])))
    if len(more) >= _TOO_MANY and unknown:
        says = f"Whether three layers or more lie on the function is decided elsewhere: {joined([part.expression for part in unknown])}."
        return undecided(says, *unknown, path=_path(taken))
    if open_ is not None:
        doubts = [part.doubt for part in (open_.entry, open_.around[0], open_.wide[0]) if part.doubt is not None]
        says = "Whether the internet, a network or file system and a wide role meet on the function is decided elsewhere"
        says = f"{says}: {joined([doubt.expression for doubt in doubts])}."
        return undecided(says, *doubts, path=open_.path)
    # Where it may answer the internet, there is something that its one layer could have met.
    if len(layers) > 1 or (layers and any(one.key == PUBLIC for one in exposures(function, estate))):
        return passed(f"The function takes {_back(layers)} back, and no more.", *_path(taken))
    return not_ours("one layer stacks on nothing" if layers else "the function takes no layer of the stack back")


def _failed(taken: Taken, open_: Open | None, estate: Estate) -> Verdict:
    layers = tuple(taken.layers)
    says: list[str] = []
    if len(layers) >= _TOO_MANY:
        says.append(f"{len(layers)} layers of the stack lie on this one function: it takes {_back(layers)} back.")
    if open_ is not None:
        says.append(f"{open_.says}: whoever gets in from outside is inside, with all of that.")
    return failed(
        " ".join(says),
        *(_path(taken) if len(layers) >= _TOO_MANY else ()),
        *(open_.path if open_ is not None else ()),
        *told_at(taken.function, estate),
        kind=Kind.CONTRADICTED,
        instead=_instead(taken, open_),
        argument="role" if open_ is not None and len(layers) < _TOO_MANY else "function_name",
    )


def _instead(taken: Taken, open_: Open | None) -> str:
    parts: list[str] = []
    if open_ is not None:
        parts.append(
            "Narrow the role to single actions on named resources. Let a function without vpc_config and file_system_config answer the "
            f"internet, and hand over to {taken.function.address} through an aws_sqs_queue or a stream what has to be done inside."
        )
    if len(taken.layers) >= _TOO_MANY:
        features = list(dict.fromkeys(feature.says for feature in taken.layers.values()))
        parts.append(
            f"Ask which part of the work needs what: it {', and it '.join(features)}. Split the function there, with an aws_sqs_queue "
            "between the parts, so that each of them takes back one layer at most."
        )
    return " ".join(parts)


def _path(taken: Taken) -> tuple[Evidence, ...]:
    """Each feature once, with the layers that it takes back."""
    by_feature: dict[Feature, list[StackLayer]] = {}
    for layer, feature in taken.layers.items():
        by_feature.setdefault(feature, []).append(layer)
    return tuple(Evidence(f"{_back(layers)}: it {feature.says}", feature.place) for feature, layers in by_feature.items())


def _back(layers: Sequence[StackLayer]) -> str:
    return joined([layer.value for layer in layers])


def _distinct(wide: Sequence[Wide]) -> list[str]:
    certain = [one.says for one in wide if one.doubt is None] or [wide[0].says]
    distinct = list(dict.fromkeys(certain))
    return [*distinct[:_SHOWN], *(["more of the kind"] if len(distinct) > _SHOWN else [])]


@once_per_estate
def _taken(estate: Estate) -> dict[str, Taken]:
    return {taken.function.address: taken for taken in radius(estate)}
