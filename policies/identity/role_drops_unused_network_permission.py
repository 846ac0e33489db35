"""SLS_ID_5: a role drops the permission for network interfaces that no function needs."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Role, Unknown
from serverful.evidence import leftovers
from serverful.evidence.evidence import Evidence
from serverful.evidence.leaving import needs_interfaces
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_ID_5",
    title="A role drops the permission for network interfaces that no function needs",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.LOW,  # INFO where the role is handed on to others
    recommendation="AWSLambdaBasicExecutionRole, or a policy for its own log group, in place of AWSLambdaVPCAccessExecutionRole.",
)
def role_drops_unused_network_permission(role: Role, estate: Estate) -> Verdict:
    """A function in a VPC needs to make network interfaces. Once it has left, the permission stays behind, and nobody misses or uses it.

    Whoever takes over such a function can put interfaces into subnets that it has nothing to do with, so the way out of the VPC is complete
    only when the role has let go as well. Often the policy was never needed: it came along with a copied role.

    Functions that are polled for in a VPC, by MSK, Amazon MQ, DocumentDB or a Kafka of your own, do need it without being attached.
    """
    functions, permissions = leftovers.wearing(role, estate), leftovers.network_permissions(role)
    if not permissions or leftovers.taken_by_others(role):
        return not_ours("the role has no permission that is only for network interfaces, or others than functions may take it")
    path = tuple(permission.evidence for permission in permissions)
    if not functions:
        takers = leftovers.may_wear(role, estate)
        says = "Whether a function has the role, which may make network interfaces, is decided outside this root."
        return undecided(says, *takers, path=path) if takers else not_ours("no function of this root has the role")
    users = [f for f in functions if not isinstance(f.attachment, Unknown) and needs_interfaces(f, estate)]
    if users:
        says = f"A function with the role needs its network interfaces: {users[0].address}."
        return passed(says, *path, Evidence("needs network interfaces", users[0].place))
    unknown = (*leftovers.may_be_used(role, estate), *(item.exists for item in permissions if item.exists is not None))
    if unknown:
        names = ", ".join(part.expression for part in unknown[:5])
        says = f"Whether somebody needs the role's permission for network interfaces is decided outside this root: {names}."
        return undecided(says, *unknown, path=path)
    seen = tuple(Evidence("has the role, and no VPC", function.place) for function in functions[:5])
    more = f" and {len(functions) - 5} more" if len(functions) > 5 else ""
    return failed(
        f"The role may make network interfaces, and none of the functions that have it is in a VPC: "
        f"{', '.join(function.address for function in functions[:5])}{more}.",
        *path,
        *seen,
        kind=Kind.CONTRADICTED,
        severity=Severity.INFO if leftovers.is_handed_on(role, estate) else Severity.LOW,
        instead=leftovers.take_away(role, permissions),
        argument="managed_policy_arns",
    )


check = on_checkov(role_drops_unused_network_permission)
