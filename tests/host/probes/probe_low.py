"""A second policy for tests of the door: it fails every function whose name is bad, at LOW."""

import _clone  # noqa: F401
from serverful.estate import Estate, Function
from serverful.evidence.evidence import Evidence
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours


@policy(
    id="SLS_VPC_902",
    title="A probe has no bad name",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.LOW,
    recommendation="Name it otherwise.",
)
def probe_low(function: Function, estate: Estate) -> Verdict:  # noqa: ARG001 - a policy takes both
    """Only a filter by severity can tell the two apart."""
    if getattr(function.name, "value", "").startswith("bad"):
        return failed("the name is bad", Evidence("its name", function.place), kind=Kind.CONTRADICTED)
    return not_ours("has no bad name")


check = on_checkov(probe_low)
