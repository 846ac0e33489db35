"""Why is this capacity always on? What SLS_PC_5 asks of capacity providers and provisioned pollers, and SLS_RAD_3 goes by.

Decisions:
- A capacity provider is asked once, at its own block, and answers for the functions on it. A reason stands there, or at each of them.
- One without a function in this root is there for those of another: what they would say is not known here.
- Pollers are asked where there are more of them than their event source needs in provisioned mode. A maximum alone costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.attached import attachment_of, functions_on, unseen_on
from serverful.estate.capacity import certain, fewest_pollers
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import CapacityProvider, Function, Poller
from serverful.estate.value import Unknown
from serverful.evidence import reference
from serverful.evidence.evidence import Evidence
from serverful.evidence.reasons import RecordedReason, reasons_of
from serverful.verdict import Outcome, Verdict, failed, passed, undecided
from serverful.wording import counted, joined, shortened

ID = "SLS_PC_5"
_PROVIDER, _POLLER = "capacity-provider", "poller"
_SHOWN = 5
_WORST_FIRST = (Outcome.FAILED, Outcome.UNDECIDED, Outcome.PASSED)


@dataclass(frozen=True, slots=True)
class ManagedInstances:
    """What they keep, and what AWS takes for managing them."""

    environments: int
    fee_percent: int
    as_of: date
    source: str


@cache
def managed_instances() -> ManagedInstances:
    """`reference/managed_instances.yaml`."""
    data = reference.read("managed_instances.yaml")
    return ManagedInstances(data["environments"], data["fee_percent"], data["as_of"], data["source"])


@once_per_subject  # SLS_PC_5 and, for each function on it, SLS_RAD_3 ask
def why_on_instances(provider: CapacityProvider, estate: Estate) -> Verdict:
    """Failed (unexplained) where functions of this root run on it, unless each has a recorded reason; undecided where none is seen."""
    functions, known = functions_on(provider, estate), managed_instances()
    path = tuple(_path(provider, functions))
    missed = ("a tag or a comment serverful:capacity-provider, at the provider or at each function on it",)
    if not functions:
        hidden = unseen_on(provider, estate)
        names = joined([part.expression for part in hidden])
        says = f"Which functions run on these instances, and why, is decided outside this root: {names}."
        return undecided(says, *hidden, path=path, missed=missed, answerable=True)
    reasons = [_reason(function, estate) for function in functions]
    if reasons[0] is not None and None not in reasons:
        says = "Each function on these instances has a recorded reason for them."
        return passed(says, *path).justified_by(reasons[0])
    who = shortened([function.address for function in functions], _SHOWN)
    return failed(
        f"{who} {'runs' if len(functions) == 1 else 'run'} on EC2 instances in your VPC: network, instance types and "
        f"scaling are yours again, and by default {known.environments} environments of each function stay (as of {known.as_of}) "
        "when nobody calls it.",
        *path,
        missed=missed,
        instead=_on_demand(functions, provider),
        argument="capacity_provider",
    )


def _path(provider: CapacityProvider, functions: tuple[Function, ...]) -> list[Evidence]:
    path = [Evidence("capacity provider", provider.place)]
    attachment = attachment_of(provider)
    if attachment is not None:
        path.append(Evidence("its instances stand in your subnets", attachment.place))
    path += [Evidence(f"{function.address} runs on it", function.capacity_provider.place) for function in functions[:_SHOWN]]
    return path


def _reason(function: Function, estate: Estate) -> RecordedReason | None:
    return next((reason for reason in reasons_of(function, estate).valid if reason.key in (_PROVIDER, ID)), None)


def _on_demand(functions: tuple[Function, ...], provider: CapacityProvider) -> str:
    blocks = joined([f"{function.address} ({function.capacity_provider.place.where})" for function in functions[:_SHOWN]])
    return (
        f"Take capacity_provider_config out of {blocks}, and then {provider.address} away: on demand, Lambda runs and scales the function, "
        "down to nothing. Where the load is high and even all day, compare the bills, with the "
        f"{managed_instances().fee_percent} % that AWS takes on top of the instances (as of {managed_instances().as_of}), and record it as "
        "steady-throughput."
    )


@once_per_subject
def why_polled(poller: Poller, estate: Estate) -> Verdict:
    """Failed (unexplained, LOW in the policy) with more pollers than needed, passed with the fewest, undecided where it cannot be told."""
    fewest, minimum = fewest_pollers(poller, estate), poller.minimum
    function = estate.find(poller.function, Function)
    beside = (function,) if function is not None else ()
    if isinstance(minimum, Unknown):
        says = f"How many pollers always run on the event source is decided outside this root: {minimum.expression}."
        is_certain = not (isinstance(poller.exists, Unknown) and poller.exists == minimum)
        return undecided(says, minimum, answerable=is_certain, recorded_at=beside, feature=_POLLER)
    seen = Evidence(f"minimum_pollers is {minimum.value}", minimum.place)
    if minimum.value <= fewest:
        return passed(f"Provisioned mode keeps the fewest pollers that it can ({counted(minimum.value, 'poller')}).", seen)
    return failed(
        f"{counted(minimum.value, 'poller')} run on the event source day and night, where {fewest} would do.",
        seen,
        missed=("a tag or a comment serverful:poller, at the mapping or at its function",),
        instead=(
            "Let the mapping scale by itself: take provisioned_poller_config out, or leave minimum_pollers at the least and set "
            "maximum_pollers only. Bursts are taken by batch_size and maximum_batching_window_in_seconds, a stream's rate by "
            "parallelization_factor, and a queue's by scaling_config { maximum_concurrency }."
        ),
        argument="provisioned_poller_config",
        recorded_at=beside,
        feature=_POLLER,
    )


def most_polled(function: Function, estate: Estate) -> Verdict | None:
    """The worst answer of the pollers of a function; None where it certainly has none."""
    verdicts = [why_polled(poller, estate) for poller in certain(function, Poller, estate)]
    return min(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.outcome), default=None)
