"""How far serverful reaches in one root: which functions take which layers of the stack back from AWS.

The layers are those of the shared responsibility picture; what counts for each is ruling 9 of the catalogue: a native program on an OS-only
runtime takes no runtime back, and any number of extensions is one layer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from serverful.estate.estate import Estate
from serverful.estate.features import Feature, features
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function
from serverful.evidence.unmanaged import why_unmanaged
from serverful.verdict import Outcome


class StackLayer(Enum):
    """What AWS runs for a function, until somebody takes it back. In the order of the stack."""

    NETWORKING = "networking"
    COMPUTE = "compute"
    ENVIRONMENT = "execution environment"
    RUNTIME = "runtime"
    STORAGE = "storage"


LAYERS = {
    "vpc": (StackLayer.NETWORKING,),
    "provisioned-concurrency": (StackLayer.COMPUTE,),
    "capacity-provider": (StackLayer.NETWORKING, StackLayer.COMPUTE),  # its instances stand in a VPC of the customer's
    "poller": (StackLayer.COMPUTE,),
    "runtime": (StackLayer.RUNTIME,),
    "image": (StackLayer.RUNTIME,),
    "extension": (StackLayer.ENVIRONMENT,),
    "file-system": (StackLayer.STORAGE,),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """The layers that a function takes back, each with the feature that takes it first.

    `certain` are all the features that certainly take one, `perhaps` those of which somebody elsewhere decides.
    """

    function: Function
    layers: dict[StackLayer, Feature]
    perhaps: tuple[Feature, ...]
    certain: tuple[Feature, ...] = ()

    @property
    def may_be_serverful(self) -> bool:
        """Whether it takes none for certain, but something decided elsewhere may."""
        return not self.layers and bool(self.perhaps)


@once_per_estate
def radius(estate: Estate) -> tuple[Taken, ...]:
    """What each function of a root takes back, in order of address. A function whose number is decided elsewhere counts as one."""
    return tuple(_taken(function, estate) for function in sorted(estate.all(Function), key=lambda one: one.address))


def _taken(function: Function, estate: Estate) -> Taken:
    counted = tuple(part for feature in features(function, estate) if (part := _counted(feature, function, estate)) is not None)
    layers: dict[StackLayer, Feature] = {}
    for feature in counted:
        if feature.known:
            for layer in LAYERS[feature.key]:
                layers.setdefault(layer, feature)
    certain = tuple(feature for feature in counted if feature.known)
    return Taken(function, layers, tuple(feature for feature in counted if not feature.known), certain)


def _counted(feature: Feature, function: Function, estate: Estate) -> Feature | None:
    """A feature as far as it takes a layer back: an OS-only runtime does not, where a compiled program runs on it (SLS_RT_1)."""
    if feature.key != "runtime":
        return feature
    verdict = why_unmanaged(function, estate)
    if verdict.outcome is Outcome.UNDECIDED:
        return replace(feature, known=False, unknown=verdict.unknown[0] if verdict.unknown else None)
    return feature if verdict.outcome is Outcome.FAILED else None
