"""SLS_ID_4: a serverful or public function has a narrow role."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function, Role
from serverful.evidence.narrow_roles import why_elsewhere, why_narrow
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_ID_4",
    title="A function in a VPC, with a file system or on the internet has a narrow role",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.HIGH,  # MEDIUM unless the role allows everything
    recommendation=(
        "Statements that list single actions, and resources by reference (aws_dynamodb_table.orders.arn), or a condition on a tag, an "
        "account or an organisation."
    ),
)
def serverful_function_has_narrow_role(subject: Role | Function, estate: Estate) -> Verdict:
    """A wall around a function does not make it harmless. What it may do with its role, it may do from inside the wall as well.

    Identity has to carry the load that we take off the network: who, which action, on what, under which conditions. A role that allows
    `dynamodb:*` on `*` gives that away. Whoever finds a hole in a function that answers the internet, or reaches one through its subnet or
    its files, may do everything that the role allows, to everything in the account.

    What cannot be narrower is left alone: logs, traces and network interfaces, and each action that no policy can hold to a resource.
    A policy of AWS's with full access is wide like any other. The role is asked once, however many functions have it.
    """
    return why_narrow(subject, estate) if isinstance(subject, Role) else why_elsewhere(subject, estate)


check = on_checkov(serverful_function_has_narrow_role)
