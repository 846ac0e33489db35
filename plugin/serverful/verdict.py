"""The answer of a policy: five outcomes, and no failed or passed without evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from serverful.errors import VerdictWithoutEvidence
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.policy import Severity

if TYPE_CHECKING:
    from serverful.estate.model import Thing
    from serverful.evidence.reasons import RecordedReason


class Outcome(Enum):
    NOT_OURS = "not ours"
    PASSED = "passed"
    JUSTIFIED = "justified"
    UNDECIDED = "undecided"
    FAILED = "failed"


class Kind(Enum):
    """What sort of failure it is, which decides what answers it (catalogue, ruling 1)."""

    UNEXPLAINED = "unexplained"  # a recorded reason for the feature answers it
    CONTRADICTED = "contradicted"  # only a reason that names the policy's id answers it


@dataclass(frozen=True, slots=True)
class Verdict:
    """`says` is a full statement about the subject. `path` is what was followed, in order; `missed` what was looked at and not found.

    `severity` grades a finding below its policy's maximum; `instead` replaces the policy's recommendation where a case has a better one.
    `argument` is the Terraform argument it stands on (part of the fingerprint), `reason` the recorded one behind *justified*.
    `answerable` tells for an undecided verdict that the feature is certainly there, so a recorded reason may justify it.
    `recorded_at` are other things of which the verdict speaks, at which a reason counts as well: the gateway that holds an address.
    `feature` is the key of the reasons that answer it, where its policy asks about several; else the policy's counts.
    """

    outcome: Outcome
    says: str
    path: tuple[Evidence, ...] = ()
    missed: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    kind: Kind | None = None
    severity: Severity | None = None
    instead: str | None = None
    argument: str = ""
    reason: RecordedReason | None = None
    answerable: bool = False
    recorded_at: tuple[Thing, ...] = ()
    feature: str = ""

    def justified_by(self, reason: RecordedReason) -> Verdict:
        """The same answer, given by a person."""
        return replace(self, outcome=Outcome.JUSTIFIED, reason=reason)


def not_ours(says: str) -> Verdict:
    """The feature is absent; nothing to answer."""
    return Verdict(Outcome.NOT_OURS, says)


def passed(says: str, *path: Evidence) -> Verdict:
    """The feature is there and evidence justifies it. Raises VerdictWithoutEvidence when nothing is cited."""
    if not path:
        raise VerdictWithoutEvidence(f"passed({says!r}) cites no evidence")
    return Verdict(Outcome.PASSED, says, path)


def failed(
    says: str,
    *path: Evidence,
    kind: Kind = Kind.UNEXPLAINED,
    missed: tuple[str, ...] = (),
    severity: Severity | None = None,
    instead: str | None = None,
    argument: str = "",
    recorded_at: tuple[Thing, ...] = (),
    feature: str = "",
) -> Verdict:
    """The feature is there and nothing explains it, or the graph contradicts it. Raises VerdictWithoutEvidence when nothing is cited."""
    if not path:
        raise VerdictWithoutEvidence(f"failed({says!r}) cites no evidence")
    return Verdict(
        Outcome.FAILED,
        says,
        path,
        missed,
        kind=kind,
        severity=severity,
        instead=instead,
        argument=argument,
        recorded_at=recorded_at,
        feature=feature,
    )


def undecided(
    says: str,
    *unknown: Unknown,
    path: tuple[Evidence, ...] = (),
    missed: tuple[str, ...] = (),
    answerable: bool = False,
    recorded_at: tuple[Thing, ...] = (),
    feature: str = "",
) -> Verdict:
    """What could decide it lies outside this root; `unknown` names it."""
    return Verdict(Outcome.UNDECIDED, says, path, missed, unknown=unknown, answerable=answerable, recorded_at=recorded_at, feature=feature)
