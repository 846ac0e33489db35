"""SLS_ID_1: each way from the internet to a function asks who comes."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.public_entries import who_may_come
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_ID_1",
    title="Each way from the internet to a function asks who comes",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.HIGH,  # MEDIUM where the function has neither a VPC nor a file system
    recommendation=(
        "An authorizer on the route (JWT, Cognito, a Lambda authorizer) or AWS_IAM; CloudFront with an origin access control before a "
        "function URL; mutual TLS for machines."
    ),
)
def public_entry_checks_identity(function: Function, estate: Estate) -> Verdict:
    """Without a network around it, a function is guarded by who is asked to come in, and by nothing else. That is enough, if somebody asks.

    An HTTP route without an authorizer, a method with `NONE`, a function URL with `NONE` and a listener that only forwards let everybody
    call the function, as often as they like. What the function may do, everybody may then make it do. Where it stands in a VPC or mounts a
    file system, it is the door to what was put in there to be safe.

    An API key is no identity, and neither is an address. `OPTIONS` is free. What is meant for everybody, a health check or a page, is named
    in the settings; a login or a webhook whose sender signs records why, naming this policy.
    """
    return who_may_come(function, estate)


check = on_checkov(public_entry_checks_identity)
