"""SLS_VPC_9: an API that only the network guards asks who comes, or has a reason."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Api, Estate
from serverful.evidence.private_apis import why_private
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_VPC_9",
    title="A private API before functions asks who comes",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation=(
        "A regional API whose methods ask (AWS_IAM, JWT or Cognito), with a resource policy that names accounts, roles or the organisation."
    ),
    feature="vpc",
)
def private_api_checks_identity(api: Api, estate: Estate) -> Verdict:
    """A private API asks from where a request comes. Who is inside is trusted: one more instance, one more peering, one more VPN.

    The functions behind it have no network to protect. They could be called by a regional API, which asks each caller who it is, and no
    endpoint would have to be paid, routed to and explained. The same is true of an API that takes the way through a VPC link and a balancer
    only to reach a function, which API Gateway calls by itself.

    An API that leads to containers, to instances or on-premises is not asked, and neither is one whose functions need their VPC. Where
    regulation wants a private API, that is a reason: it is recorded at the API.
    """
    return why_private(api, estate)


check = on_checkov(private_api_checks_identity)
