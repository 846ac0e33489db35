"""E4, policy: an organisation policy or permission boundary of this root, or a rule in the settings, demands a VPC of functions.

A rule in the settings speaks of functions with a tag. Where somebody outside decides the tags, the rule may hold for the function, and a
VPC is not called unexplained. Provider `default_tags` are no tags of the function here, as they are none for recorded reasons.

Source: AWS Lambda Developer Guide, "Configuring a Lambda function to access resources in a VPC", section on IAM condition keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Guardrail
from serverful.estate.settings import VpcDemand
from serverful.estate.value import Unknown
from serverful.evidence.edges import graded
from serverful.evidence.evidence import Evidence, Grade

_VPC_KEYS = ("lambda:vpcids", "lambda:subnetids", "lambda:securitygroupids")


def demanded(function: Function, estate: Estate) -> Iterator[Evidence]:
    """The rules of the settings that demand a VPC of this function."""
    for demand in estate.settings.vpc_required:
        tagged = function.tags.known.get(demand.tag)
        if tagged is None or (demand.value is not None and (isinstance(tagged, Unknown) or tagged.value != demand.value)):
            continue
        says = f"the organisation demands a VPC of functions with the tag {_shown(demand)}: {demand.because}"
        yield Evidence(says, demand.place, grade=Grade.E4)


def perhaps_demanded(function: Function, estate: Estate) -> Iterator[tuple[str, Unknown]]:
    """What outside decides whether a rule of the settings holds for this function, with a phrase that says so."""
    for demand in estate.settings.vpc_required:
        tagged = function.tags.known.get(demand.tag)
        deciding = function.tags.unknown if tagged is None else (tagged,)
        for unknown in deciding:
            if isinstance(unknown, Unknown):
                yield f"whether it has the tag {_shown(demand)}, of which the organisation demands a VPC ({demand.place.spot})", unknown


def _shown(demand: VpcDemand) -> str:
    return demand.tag if demand.value is None else f"{demand.tag} = {demand.value}"


@once_per_estate
def guardrails(estate: Estate) -> tuple[Evidence, ...]:
    """The rules that demand a VPC. They hold for every function alike."""
    found = []
    for guardrail in estate.all(Guardrail):
        for statement in guardrail.document.statements:
            key = next((condition.key for condition in statement.conditions if condition.key.lower() in _VPC_KEYS), None)
            if key is not None:
                says = f"{guardrail.address} demands a VPC of functions ({key})"
                found.append(graded(Grade.E4, says, guardrail, statement.place))
                break
    return tuple(found)
