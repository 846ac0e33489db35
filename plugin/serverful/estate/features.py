"""Which serverful features a function has: the layers of the stack that AWS would run and that this function takes back.

One key per feature, the same as those of recorded reasons (`serverful:vpc`). Fixed IP addresses are not among them: they belong to a
gateway or an address, not to a function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.capacity import belonging, certain, fewest_pollers, nobodys, perhaps
from serverful.estate.estate import Estate
from serverful.estate.model import Function, Poller, Provisioned, RuntimeUpdates, Scaling
from serverful.estate.place import Place
from serverful.estate.value import Known, Unknown
from serverful.evidence.extensions import carried
from serverful.evidence.runtimes import Keeper, runtime_named


@dataclass(frozen=True, slots=True)
class Feature:
    """One layer that a function takes back, in one place.

    `says` completes "it …". `known` is False when somebody outside decides whether the feature is there (`unknown` names what).
    What explains it is for the policy that asks about it to say (`evidence/account.py`).
    """

    key: str
    place: Place
    says: str
    known: bool = True
    unknown: Unknown | None = None


def features(function: Function, estate: Estate) -> tuple[Feature, ...]:
    """The serverful features of a function, in the order of the stack from the network to the storage; each key once."""
    found = (
        *_network(function),
        *_capacity(function, estate),
        *_runtime(function),
        *_extensions(function, estate),
        *_file_system(function),
    )
    return tuple({feature.key: feature for feature in reversed(found)}.values())[::-1]


def lacks(function: Function, key: str, estate: Estate) -> bool:
    """Whether it is certain that a function has nothing a reason of this key could speak of: then the reason is stale.

    Asked generously: where the estate might not see the feature (an extension inside an image), the reason stays as good as it was.
    """
    match key:
        case "vpc" | "fixed-ip":
            # A function on managed instances has the network of its capacity provider.
            return _is_none(function.attachment) and _is_none(function.capacity_provider)
        case "provisioned-concurrency":
            has_none = not belonging(function, Provisioned, estate) and not belonging(function, Scaling, estate)
            return has_none and not nobodys(estate, Provisioned)
        case "capacity-provider":
            return _is_none(function.capacity_provider)
        case "poller":
            return not belonging(function, Poller, estate) and not nobodys(estate, Poller)
        case "runtime":
            # A managed runtime whose updates are held is something to speak of too.
            updates = (*belonging(function, RuntimeUpdates, estate), *nobodys(estate, RuntimeUpdates))
            return _is_zip(function) and _is_managed(function) and all(is_updated(each) for each in updates)
        case "image":
            return _is_zip(function)
        case "extension":
            return _is_zip(function) and function.layers.is_empty
        case "file-system":
            return _is_none(function.file_system)
    return False


def is_updated(updates: RuntimeUpdates) -> bool:
    """Whether a runtime certainly gets its updates, sooner or later, without anybody asking for each of them."""
    return isinstance(updates.when, Known) and updates.when.value != "Manual"


def _network(function: Function) -> Iterator[Feature]:
    attachment = function.attachment
    if isinstance(attachment, Unknown):
        yield _perhaps("vpc", "may be attached to a VPC", attachment)
    elif attachment.value is not None:
        yield Feature("vpc", attachment.value.place, "is attached to a VPC")


def _capacity(function: Function, estate: Estate) -> Iterator[Feature]:
    for provisioned in sorted(certain(function, Provisioned, estate), key=lambda thing: perhaps(thing, function) is not None):
        why = perhaps(provisioned, function)
        if why is None:
            yield Feature("provisioned-concurrency", provisioned.place, "has provisioned concurrency")
        else:
            yield _perhaps("provisioned-concurrency", "may have provisioned concurrency", why)
    provider = function.capacity_provider
    if isinstance(provider, Unknown):
        yield _perhaps("capacity-provider", "may run on a capacity provider's instances", provider)
    elif provider.value is not None:
        yield Feature("capacity-provider", provider.place, "runs on a capacity provider's instances")
    for poller in certain(function, Poller, estate):
        minimum = poller.minimum
        if isinstance(minimum, Unknown):
            yield _perhaps("poller", "may keep pollers running on an event source", minimum)
        elif minimum.value > fewest_pollers(poller, estate):
            yield Feature("poller", poller.place, f"keeps {minimum.value} pollers running on an event source")


def _runtime(function: Function) -> Iterator[Feature]:
    package = function.package_type
    if isinstance(package, Unknown):
        yield _perhaps("image", "may be a container image", package)
    elif package.value == "Image":
        yield Feature("image", package.place, "is a container image")
        return
    runtime = function.runtime
    # An unknown runtime is not asked about: nearly all of them are managed.
    if not isinstance(runtime, Unknown) and runtime.value and _is_own(runtime.value):
        yield Feature("runtime", runtime.place, f"runs on a runtime that AWS does not manage ({runtime.value})")


def _extensions(function: Function, estate: Estate) -> Iterator[Feature]:
    found = carried(function, estate).extensions
    if found:
        dates = [extension.layer.as_of for extension in found if extension.layer]
        dated = f" (as of {min(dates)})" if dates else ""
        yield Feature("extension", found[0].place, f"carries an extension: {', '.join(sorted(e.product for e in found))}{dated}")


def _file_system(function: Function) -> Iterator[Feature]:
    mounted = function.file_system
    if isinstance(mounted, Unknown):
        yield _perhaps("file-system", "may mount a file system", mounted)
    elif mounted.value is not None:
        yield Feature("file-system", mounted.place, "mounts a file system")


def _perhaps(key: str, says: str, unknown: Unknown) -> Feature:
    return Feature(key, unknown.place, f"{says} ({unknown.expression} decides that)", known=False, unknown=unknown)


def _is_none(value: Known[object] | Unknown) -> bool:
    return isinstance(value, Known) and value.value is None


def _is_zip(function: Function) -> bool:
    return isinstance(function.package_type, Known) and function.package_type.value != "Image"


def _is_managed(function: Function) -> bool:
    runtime = function.runtime
    return isinstance(runtime, Known) and bool(runtime.value) and not _is_own(runtime.value or "")


def _is_own(runtime: str) -> bool:
    """Whether somebody else than AWS keeps the language in repair; what is not known is not taken for that."""
    known = runtime_named(runtime)
    return known is not None and known.keeper is not Keeper.AWS
