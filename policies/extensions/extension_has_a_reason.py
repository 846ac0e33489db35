import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.extensions import why_extension
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_EXT_1",
    title="An extension beside a function has a reason",
    principle=Principle.WITHOUT_EXTENSIONS,
    severity=Severity.MEDIUM,
    recommendation=(
        "Take logs, metrics and traces from CloudWatch and X-Ray, and secrets through the SDK with a cache. Say in the settings what the "
        "whole organisation wants."
    ),
    feature="extension",
)
def extension_has_a_reason(function: Function, estate: Estate) -> Verdict:
    """An extension is a process of somebody else in the execution environment that AWS otherwise runs alone.

    It sees the function's credentials, its memory and its traffic. It starts before the function does, so each cold start waits for it, and
    what it does after the handler is billed. Its version stands in a layer, and stays there until somebody raises it by hand.

    Honest reasons are telemetry that the platform does not give, secrets that a vault hands out, security software that rules demand.
    """
    return why_extension(function, estate)


check = on_checkov(extension_has_a_reason)
