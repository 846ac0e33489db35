"""Whether a function stays in its VPC: because evidence shows what it reaches there, or because a person has said why.

Who speaks of what the VPC costs asks this first, so that nobody is told to leave who has answered already.
"""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.model import Attached, Function
from serverful.evidence.attachment import explained
from serverful.evidence.categories import POLICIES_ASKING
from serverful.evidence.reasons import for_fixed_address, reasons_of
from serverful.verdict import Outcome, Verdict


def why_it_stays(function: Function, estate: Estate) -> Verdict | None:
    """Passed by evidence, or justified by a recorded reason for the VPC or the fixed address; None without either."""
    verdict = explained(function, estate)
    reasons = reasons_of(function, estate)
    keys = ("vpc", *POLICIES_ASKING["vpc"])
    reason = next((one for one in reasons.valid if one.key in keys), None) or for_fixed_address(reasons)
    if reason is not None:
        return verdict.justified_by(reason)
    return verdict if verdict.outcome is Outcome.PASSED else None


def stays(subject: Attached, estate: Estate) -> bool:
    """The same as a yes or no. A capacity provider cannot leave."""
    return not isinstance(subject, Function) or why_it_stays(subject, estate) is not None
