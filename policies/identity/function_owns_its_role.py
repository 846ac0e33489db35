"""SLS_ID_3: a function owns its role."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Role
from serverful.evidence.shared_roles import why_shared
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_ID_3",
    title="A function owns its role",
    principle=Principle.SMALL_RADIUS,
    severity=Severity.HIGH,  # MEDIUM unless a function on the internet shares it with one in a VPC
    recommendation="An aws_iam_role for each function, with the statements that this function needs.",
)
def function_owns_its_role(role: Role, estate: Estate) -> Verdict:
    """A role says what a function is trusted with. When several have one role, each is trusted with what any of them needs.

    It starts with two functions that need nearly the same, and ends with a role that nobody dares to narrow, because nobody knows any more
    which function a statement was for. The thumbnail function may write orders then, and a hole in it is a hole in the ledger. Worst is a
    function that answers the internet with the role of one inside the VPC.

    Instances of one block that run the same code are one function with several names, and may share. So may functions whose role only lets
    them write their logs.
    """
    return why_shared(role, estate)


check = on_checkov(function_owns_its_role)
