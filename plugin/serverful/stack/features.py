"""Why the layers are taken that a function's own features take: networking, compute, execution environment, runtime, storage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from serverful.estate.capacity import belonging, fewest_pollers
from serverful.estate.estate import Estate
from serverful.estate.features import Feature, is_updated
from serverful.estate.file_systems import mount_of
from serverful.estate.model import CapacityProvider, Function, Poller, Provisioned, RuntimeUpdates, Thing
from serverful.estate.value import Known, Unknown
from serverful.evidence.extensions import carried
from serverful.evidence.radius import LAYERS, StackLayer, Taken
from serverful.evidence.reasons import RecordedReason, reasons_of
from serverful.stack.answers import Answer, Answers, answer_of, cell_of
from serverful.stack.cell import Cell, Layer, Standing
from serverful.wording import shortened

# Who carries the question why a function has a feature, in the order in which they answer.
_CARRYING = {
    "vpc": ("SLS_VPC_1", "SLS_VPC_2"),
    "provisioned-concurrency": ("SLS_PC_1",),
    "runtime": ("SLS_RT_1",),
    "image": ("SLS_RT_2",),
    "extension": ("SLS_EXT_1",),
    "file-system": ("SLS_FS_1",),
}
# Who asks whether there is a better way than a feature that somebody needs; a recorded reason for the feature answers that as well.
_BETTER_WAY = {"vpc": ("SLS_VPC_4",), "provisioned-concurrency": ("SLS_PC_3",)}
_ALWAYS_ON, _HELD = "SLS_PC_5", "SLS_RT_3"
_PERHAPS = frozenset({"poller", "provisioned-concurrency", "extension", "runtime"})
"""What may be there though no feature speaks of it."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A layer that a function's own features take.

    `features` are the keys of those that take it, `beside` the policies about how it is run and with questions, `without` the cell of a
    function that takes nothing there.
    """

    layer: Layer
    features: tuple[str, ...]
    beside: tuple[str, ...]
    without: Cell


def _column(layer: Layer, known: StackLayer, without: str, beside: tuple[str, ...] = ()) -> _Column:
    features = tuple(key for key, layers in LAYERS.items() if known in layers)
    return _Column(layer, features, beside, cell_of(layer, (), without))


_COLUMNS = (
    _column(
        Layer.NETWORKING,
        StackLayer.NETWORKING,
        "It is not attached to a VPC.",
        ("SLS_VPC_3", "SLS_VPC_4", "SLS_VPC_6", "SLS_VPC_7", "SLS_VPC_8", "SLS_VPC_10"),
    ),
    _column(
        Layer.COMPUTE,
        StackLayer.COMPUTE,
        "It runs on demand: nothing is kept ready for it.",
        ("SLS_PC_2", "SLS_PC_3", "SLS_PC_4"),
    ),
    _column(Layer.ENVIRONMENT, StackLayer.ENVIRONMENT, "No layer brings an extension.", ("SLS_EXT_2",)),
    _column(Layer.RUNTIME, StackLayer.RUNTIME, "AWS patches what it runs on."),
    _column(Layer.STORAGE, StackLayer.STORAGE, "It mounts no file system.", ("SLS_FS_2", "SLS_FS_3")),
)
_SHOWN = 3


def cells_of_features(function: Function, taken: Taken, answers: Answers, estate: Estate) -> Iterator[Cell]:
    """The cells of networking, compute, execution environment, runtime and storage."""
    features = {feature.key: feature for feature in (*taken.perhaps, *taken.certain)}  # each key once
    about = answers.about(function)
    told: dict[str, tuple[Answer, ...]] = {}
    for key in LAYERS:
        if key in features or key in _PERHAPS or not about.keys().isdisjoint(_CARRYING.get(key, ())):
            told[key] = tuple(_told(key, features.get(key), function, answers, estate))
    for column in _COLUMNS:
        deciding = [answer for key in column.features for answer in told.get(key, ())]
        if column.layer is Layer.RUNTIME:
            deciding += _held(function, answers, estate)
        if deciding:
            yield cell_of(column.layer, deciding, "", answers.questions(_things(function, column.layer, estate), column.beside))
        elif column.layer is Layer.RUNTIME and "SLS_RT_1" in about:
            # Why an OS-only runtime takes nothing back: a compiled program.
            yield cell_of(column.layer, (), about["SLS_RT_1"].verdict.says)
        else:
            yield column.without


def provider_of(function: Function, estate: Estate) -> CapacityProvider | None:
    """The capacity provider of this root that a function certainly runs on."""
    provider = function.capacity_provider
    return estate.find(provider.value, CapacityProvider) if isinstance(provider, Known) else None


def _things(function: Function, layer: Layer, estate: Estate) -> tuple[Thing, ...]:
    """Of what it is asked how a layer is run: the function, and what it shares with others."""
    shared: Thing | None = None
    if layer is Layer.NETWORKING:
        shared = provider_of(function, estate)
    elif layer is Layer.STORAGE:
        mount = mount_of(function, estate)
        shared = mount.file_system if mount is not None else None
    return (function, shared) if shared is not None else (function,)


def _told(key: str, feature: Feature | None, function: Function, answers: Answers, estate: Estate) -> Iterable[Answer]:
    """The answers about one feature; none where the function certainly does not have it."""
    if key == "poller":
        return _polled(function, answers, estate)
    if key == "capacity-provider":
        if feature is None:
            return ()
        return _on_instances(function, feature, answers, estate) if feature.known else (_open(feature),)
    asked = _CARRYING[key]
    found = answers.why(function, asked, _BETTER_WAY.get(key, ()))
    if feature is not None and feature.known:
        found = found or (answers.silence(feature.says, asked),)
        return [_with_faults(answer, (key, *asked), function, estate) for answer in found]
    if found:
        # A feature that is not certain explains nothing, whoever passes it: a compiled program takes no runtime back.
        return [answer for answer in found if answer.standing is not Standing.EVIDENCE]
    return (_open(feature),) if feature is not None else _perhaps(key, function, estate)


def _open(feature: Feature) -> Answer:
    return Answer(Standing.UNDECIDED, f"It {feature.says}.")


def _perhaps(key: str, function: Function, estate: Estate) -> tuple[Answer, ...]:
    """What keeps a layer open of which no feature speaks: blocks that may not exist, and what is decided elsewhere."""
    if key == "provisioned-concurrency" and (blocks := belonging(function, Provisioned, estate)):
        unknown = [part for block in blocks for part in (block.exists, block.callee.unknown) if isinstance(part, Unknown)]
        return (_decided_elsewhere("Whether executions are kept ready for it", unknown),)
    if key == "extension" and (layers := carried(function, estate).unknown):
        return (_decided_elsewhere("Whether it carries an extension", layers),)
    if key == "runtime" and isinstance(function.runtime, Unknown) and not _is_image(function):
        return (_decided_elsewhere("On which runtime it runs", (function.runtime,)),)
    return ()


def _decided_elsewhere(what: str, unknown: list[Unknown] | tuple[Unknown, ...]) -> Answer:
    names = list(dict.fromkeys(part.expression for part in unknown))
    by = f": {shortened(names, _SHOWN)}" if names else ""
    return Answer(Standing.UNDECIDED, f"{what} is decided outside this root{by}.")


def _is_image(function: Function) -> bool:
    return isinstance(function.package_type, Known) and function.package_type.value == "Image"


def _with_faults(answer: Answer, keys: tuple[str, ...], function: Function, estate: Estate) -> Answer:
    """An unexplained feature with what somebody has tried to say for it."""
    if answer.standing is not Standing.UNEXPLAINED:
        return answer
    fault = next((fault for fault in reasons_of(function, estate).faulty if fault.key in keys), None)
    if fault is None:
        return answer
    return replace(answer, says=f"{answer.says} The recorded reason serverful:{fault.key} is {fault.problem.value}.")


# --- what stands elsewhere than at the function -----------------------------------------------------------------------------------------


def _on_instances(function: Function, feature: Feature, answers: Answers, estate: Estate) -> Iterator[Answer]:
    """The provider is asked for all functions on it; what one of them has recorded for itself explains that one."""
    provider, own = provider_of(function, estate), _own_reason(function, estate)
    finding = answers.of(_ALWAYS_ON, provider) if provider is not None else None
    if own is not None:
        yield Answer(Standing.JUSTIFIED, f"{own}", (_ALWAYS_ON,) if finding is not None else (), own)
    elif finding is not None:
        yield _with_faults(answer_of(finding), ("capacity-provider", _ALWAYS_ON), function, estate)
    elif provider is None:
        where = function.capacity_provider.value if isinstance(function.capacity_provider, Known) else None
        unknown = (Unknown(where.expression, where.place),) if where is not None else ()
        yield _decided_elsewhere(f"It {feature.says}, and why", unknown)
    else:
        yield answers.silence(feature.says, (_ALWAYS_ON,))


def _own_reason(function: Function, estate: Estate) -> RecordedReason | None:
    valid = reasons_of(function, estate).valid
    return next((reason for reason in valid if reason.key in ("capacity-provider", _ALWAYS_ON)), None)


def _polled(function: Function, answers: Answers, estate: Estate) -> Iterator[Answer]:
    """The mappings are asked; one with the fewest pollers that it can have takes nothing back."""
    for poller in belonging(function, Poller, estate):
        minimum = poller.minimum
        if isinstance(minimum, Known) and minimum.value <= fewest_pollers(poller, estate):
            continue
        finding = answers.of(_ALWAYS_ON, poller)
        if finding is not None:
            yield _with_faults(answer_of(finding), ("poller", _ALWAYS_ON), function, estate)
        elif isinstance(minimum, Unknown):
            yield _decided_elsewhere("How many pollers are kept running for it", (minimum,))
        elif isinstance(poller.exists, Unknown):
            yield _decided_elsewhere("Whether pollers are kept running for it", (poller.exists,))
        else:
            yield answers.silence(f"keeps {minimum.value} pollers running on an event source", (_ALWAYS_ON,))


def _held(function: Function, answers: Answers, estate: Estate) -> Iterator[Answer]:
    """A managed runtime that is held at one version gets no patches: its keeping is the customer's again, though no feature says so."""
    for updates in belonging(function, RuntimeUpdates, estate):
        if is_updated(updates):
            continue
        finding = answers.of(_HELD, updates)
        if finding is not None:
            yield _with_faults(answer_of(finding), ("runtime", _HELD), function, estate)
        elif isinstance(updates.when, Unknown):
            yield _decided_elsewhere("Whether its runtime is held at one version", (updates.when,))
        else:
            yield answers.silence("holds its runtime at one version", (_HELD,))
