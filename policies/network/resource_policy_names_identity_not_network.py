"""SLS_VPC_5: the policy of what a function reaches asks who comes, not only through which network."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Api, Endpoint, Estate, PolicyHolder, SearchDomain, Secret, Source
from serverful.evidence.network_named import names_network_only
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_VPC_5",
    title="A resource's policy names identities, not only a network",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation=(
        "Name the execution roles as principals, with aws:PrincipalOrgID beside them, and keep aws:SourceVpc and aws:SourceVpce for people "
        "and instances: a statement that leaves the roles out by aws:PrincipalArn."
    ),
)
def resource_policy_names_identity_not_network(
    holder: PolicyHolder | Api | Source | Secret | Endpoint | SearchDomain, estate: Estate
) -> Verdict:
    """A bucket that answers only through one VPC endpoint pulls every function that reads it into that VPC.

    The function needs subnets, security groups and an endpoint then, though it would have signed its request with a role that the policy
    could have named. And the policy is weaker for it: whoever gets into the network, with whatever role, has met the condition. A role, an
    organisation or a tag says who may come, and holds wherever the request starts.

    A data perimeter asks for both, network and identity, and leaves out those who come from elsewhere by right. That is left alone here.
    """
    return names_network_only(holder, estate)


check = on_checkov(resource_policy_names_identity_not_network)
