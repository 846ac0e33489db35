"""A policy for tests of the door: what it says follows from the function's name."""

import _clone  # noqa: F401
from serverful.estate import Estate, Function
from serverful.evidence.evidence import Evidence
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_901",
    title="A probe is named well",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.HIGH,
    recommendation="Name it otherwise.",
    feature="vpc",
)
def probe_by_name(function: Function, estate: Estate) -> Verdict:  # noqa: ARG001 - a policy takes both
    """Only what is named badly can be seen to be judged."""
    name = getattr(function.name, "value", "")
    seen = Evidence(f"is named {name}", function.place)
    if name.startswith("bad"):
        return failed("the name is bad", seen, missed=("a good name",))
    if name.startswith("low"):
        return failed("the name is not quite good", seen, severity=Severity.LOW)
    if name.startswith("good"):
        return passed("the name is good", seen)
    if name.startswith("open"):
        return undecided("the name comes from outside")
    if name.startswith("raises"):
        raise RuntimeError("a bug in the probe\x1b[31m")
    return not_ours("has no such name")


check = on_checkov(probe_by_name)
