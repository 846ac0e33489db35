"""E4, policy: an organisation policy or permission boundary of this root demands a VPC of functions.

Source: AWS Lambda Developer Guide, "Configuring a Lambda function to access resources in a VPC", section on IAM condition keys.
"""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Guardrail
from serverful.evidence.edges import graded
from serverful.evidence.evidence import Evidence, Grade

_VPC_KEYS = ("lambda:vpcids", "lambda:subnetids", "lambda:securitygroupids")


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
