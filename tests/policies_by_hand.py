"""The policies as the catalogue has them, and what they find in an estate that was made by hand.

POLICY = policy_of("SLS_VPC_1")
(finding,) = judged(estate(function("aws_lambda_function.a")), POLICY)
"""

from __future__ import annotations

from serverful import catalogue
from serverful.estate.estate import Estate
from serverful.finding import Finding
from serverful.judge import judge
from serverful.policy import Policy


def policy_of(id: str) -> Policy:
    """The one policy with this id."""
    (found,) = (policy for policy in catalogue.load() if policy.id == id)
    return found


def judged(whole: Estate, *policies: Policy) -> list[Finding]:
    """What they find; none may be in trouble, which would find nothing as well."""
    findings, troubles = judge([whole], policies)
    assert not troubles
    return findings
