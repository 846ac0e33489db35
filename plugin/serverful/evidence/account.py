"""How a function accounts for its serverful features: by evidence, by recorded reasons, or not at all.

What SLS_RAD_3 asks is worked out here; the policy puts it into words. Decisions:
- One question, one finding: a feature whose own policy already failed on this function is not asked about again.
- A reason that names the policy carrying a feature's question (`serverful:SLS_VPC_1`) accounts for the feature as well.
- Where the reason for a feature is faulty, the fault is reported, and not in addition that the feature is unexplained.
- Functions are asked about their own reasons. One that is recorded at an address or a gateway, for all functions behind it, and does not
  hold is told of by SLS_IP_2, which asks addresses.
- A stale reason is reported only when none of the functions that share it (instances, a comment in a module call) has the feature. One of
  the settings is shared by all functions that its glob matches, in whatever root, and reported on the first of them.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.features import Feature, features, lacks
from serverful.estate.memo import once_per_estate
from serverful.estate.model import CapacityProvider, Function
from serverful.estate.value import Known, Unknown
from serverful.evidence.always_on import most_polled, why_on_instances
from serverful.evidence.attachment import why_attached
from serverful.evidence.categories import POLICIES_ASKING, canonical
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.extensions import why_extension
from serverful.evidence.imaged import why_image
from serverful.evidence.reasons import FaultyReason, Problem, Reasons, RecordedReason, reasons_of
from serverful.evidence.stated import idle_at
from serverful.evidence.storage import why_mounted
from serverful.evidence.unmanaged import why_unmanaged
from serverful.evidence.warmth import why_warm
from serverful.verdict import Outcome, Verdict

_ADVICE = {
    Problem.EXPIRED: "Ask the owner; then give the reason a new end date, or let go of what it explained.",
    Problem.MALFORMED: "Write the reason as CATEGORY until=YYYY-MM-DD owner=NAME and a text, under the key of a feature or a policy.",
    Problem.STALE: "Remove the reason that explains nothing any more.",
}

_LACKING = {
    "vpc": "the function is not attached to a VPC",
    "fixed-ip": "the function is not attached to a VPC, so it has no address of its own",
    "provisioned-concurrency": "the function has no provisioned concurrency",
    "capacity-provider": "the function does not run on a capacity provider",
    "poller": "no event source of the function has provisioned pollers",
    "runtime": "the function's runtime is managed by AWS",
    "image": "the function is no container image",
    "extension": "the function has no layers, so no extension",
    "file-system": "the function mounts no file system",
}


@dataclass(frozen=True, slots=True)
class Account:
    """`explained` cites why each accounted feature is there; `unexplained` are those to ask about; `looked_at` tells what was looked for.

    `hints` (E6) speak of a reason without showing it: whoever is asked should see that they were read.
    `undecided` says, and `unknown` names, what may hold a reason and lies elsewhere. `faulty` are the reasons that answer nothing.
    """

    address: str
    explained: tuple[Evidence, ...] = ()
    unexplained: tuple[Feature, ...] = ()
    looked_at: tuple[str, ...] = ()
    hints: tuple[Evidence, ...] = ()
    undecided: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    faulty: tuple[FaultyReason, ...] = ()

    @property
    def open(self) -> tuple[Evidence, ...]:
        """What there is to ask about, faulty reasons first; empty when there is nothing."""
        faults = (Evidence(f"recorded reason serverful:{fault.key}, {fault.problem.value}", fault.place) for fault in self.faulty)
        return (*faults, *(Evidence(feature.says, feature.place) for feature in self.unexplained), *self.hints)

    @property
    def says(self) -> str:
        """The open questions in a few sentences."""
        sentences = [f"The recorded reason serverful:{fault.key} is {fault.problem.value}: {fault.says}." for fault in self.faulty]
        if self.unexplained:
            sentences.append(f"Nothing here says why the function {' and '.join(feature.says for feature in self.unexplained)}.")
        if self.hints:
            sentences.append(f"There are hints at the reason, but no proof: {'; '.join(hint.says for hint in self.hints)}.")
        return " ".join(sentences)

    @property
    def instead(self) -> str:
        """How to go on, with the command that prints the lines to paste."""
        advice = [words for problem, words in _ADVICE.items() if any(fault.problem is problem for fault in self.faulty)]
        if self.unexplained:
            advice.append("Record why, with an owner and an end date.")
        to_write = [fault.key for fault in self.faulty if fault.problem is not Problem.STALE and canonical(fault.key)]
        keys = dict.fromkeys((*to_write, *(feature.key for feature in self.unexplained)))
        if keys:
            start = f"serverful reason {shlex.quote(self.address)} --feature"
            commands = " and ".join(f"`{start} {key} --category … --until … --owner …`" for key in keys)
            advice.append(f"The lines to paste come from {commands}")
        return " ".join(advice)


def account_of(function: Function, estate: Estate) -> Account:
    """Every serverful feature of a function, with its explanation or without."""
    reasons = reasons_of(function, estate)
    explained: list[Evidence] = []
    unexplained: list[Feature] = []
    looked_at: list[str] = []
    hints: list[Evidence] = []
    tried = {fault.key for fault in reasons.faulty}  # somebody has tried to say why: the fault is the finding, not the silence
    undecided: list[str] = []
    unknown: list[Unknown] = []
    for feature in features(function, estate):
        recorded = _recorded(feature, reasons)
        if recorded:
            explained.append(Evidence(f"{recorded.source} serverful:{recorded.key} = {recorded}", recorded.place, grade=Grade.E5))
        elif feature.key in tried:
            continue
        elif feature.unknown:
            undecided.append(f"it {feature.says}")
            unknown.append(feature.unknown)
        elif verdict := _own_answer(feature, function, estate):
            if verdict.outcome is Outcome.PASSED:
                explained.extend(verdict.path)
            elif verdict.outcome is Outcome.UNDECIDED:
                unexplained.append(feature)
                looked_at.extend(verdict.missed)
                hints.extend(seen for seen in verdict.path if seen.grade is Grade.E6)
        else:
            unexplained.append(feature)
    file = f", and an entry in {estate.settings.file}" if estate.settings.file else ""
    written = "a tag or a comment" if function.place.has_line else "a tag"  # a plan holds no comments
    looked_at[:0] = [f"{written} serverful:{feature.key}{file}" for feature in unexplained]
    if unexplained and reasons.unknown:
        # A reason may be among the tags that somebody else decides.
        undecided.extend(f"it {feature.says}, and a reason may be among its tags" for feature in unexplained)
        unknown.extend(reasons.unknown)
        unexplained.clear()
        looked_at.clear()
        hints.clear()
    return Account(
        address=function.address,
        explained=tuple(explained),
        unexplained=tuple(unexplained),
        looked_at=tuple(looked_at),
        hints=tuple(hints),
        undecided=tuple(undecided),
        unknown=tuple(unknown),
        faulty=(*reasons.faulty, *_stale(function, reasons, estate)),
    )


def _own_answer(feature: Feature, function: Function, estate: Estate) -> Verdict | None:
    """What the feature's own policy answers before recorded reasons; None for a feature that has none yet."""
    match feature.key:
        case "vpc":
            return why_attached(function, estate)
        case "provisioned-concurrency":
            return why_warm(function, estate)
        case "runtime":
            return why_unmanaged(function, estate)
        case "image":
            return why_image(function, estate)
        case "extension":
            return why_extension(function, estate)
        case "capacity-provider":
            provider = (
                estate.find(function.capacity_provider.value, CapacityProvider) if isinstance(function.capacity_provider, Known) else None
            )
            return why_on_instances(provider, estate) if provider is not None else None
        case "poller":
            return most_polled(function, estate)
        case "file-system":
            return why_mounted(function, estate)
    return None


def _recorded(feature: Feature, reasons: Reasons) -> RecordedReason | None:
    keys = (feature.key, *POLICIES_ASKING[feature.key])
    return next((reason for reason in reasons.valid if reason.key in keys), None)


def _stale(function: Function, reasons: Reasons, estate: Estate) -> list[FaultyReason]:
    idle = [
        FaultyReason(reason.key, Problem.STALE, f"it is for {reason.address}, and no function there has what it explains", reason.place)
        for reason in idle_at(function, estate)
    ]
    stale = [reason for reason in reasons.valid if reason.source != "settings" and lacks(function, reason.key, estate)]
    if not stale:
        return idle
    used = _in_use(estate)
    unused = [reason for reason in stale if _spot(reason) not in used]
    return [*(FaultyReason(reason.key, Problem.STALE, _LACKING[reason.key], reason.place) for reason in unused), *idle]


@once_per_estate
def _in_use(estate: Estate) -> frozenset[tuple[str, int, str]]:
    """The spots of all reasons that at least one function has a feature for, or may have."""
    return frozenset(
        _spot(reason)
        for function in estate.all(Function)
        for reason in reasons_of(function, estate).valid
        if not lacks(function, reason.key, estate)
    )


def _spot(reason: RecordedReason) -> tuple[str, int, str]:
    return reason.place.file, reason.place.line, f"{reason.key} {reason}"
