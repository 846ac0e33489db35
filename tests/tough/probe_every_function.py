"""A policy for tests of the door: it fails every function, so that a function without a record is one that nobody answered for."""

import _clone  # noqa: F401
from serverful.estate import Estate, Function
from serverful.evidence.evidence import Evidence
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed


@policy(
    id="SLS_VPC_903",
    title="There is no function",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.INFO,
    recommendation="Nothing.",
)
def probe_every_function(function: Function, estate: Estate) -> Verdict:  # noqa: ARG001 - a policy takes both
    """Only what is always answered can be seen to be missing."""
    return failed("it is one", Evidence("a function", function.place), kind=Kind.CONTRADICTED)


check = on_checkov(probe_every_function)
