"""SLS_ID_2: a permission to call a function names who may, or what for."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, LayerPermission, Permission
from serverful.evidence.permitted import who_may_call, who_may_take
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_ID_2",
    title="A permission to call a function names who may call, or from what",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.HIGH,  # MEDIUM for a service without a source, and for layers
    recommendation=(
        "source_arn of the one rule, topic, bucket or route, and source_account where the ARN names no account; the account, role or "
        "organisation where people or other accounts call."
    ),
)
def invoke_permission_names_its_source(permission: Permission | LayerPermission, estate: Estate) -> Verdict:
    """A service calls a function for whoever has told it to. A permission that names the service alone lets strangers tell it, too.

    They need only the function's ARN: a bucket, a topic or a rule of their own account then calls the function of yours, with an event
    that they have written. The function believes it, since only the service may call. The source's ARN or account shuts them out.

    `*` lets everybody call who has an AWS account. Where an organisation is meant, principal_org_id says so. All conditions are read that a
    permission can state, and an ARN that is known after an apply only is an ARN. A layer that everybody may take is asked about as well.
    """
    return who_may_take(permission) if isinstance(permission, LayerPermission) else who_may_call(permission, estate)


check = on_checkov(invoke_permission_names_its_source)
