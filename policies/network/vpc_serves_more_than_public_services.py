import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.attachment import serves_more
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_VPC_2",
    title="An attachment to a VPC serves more than public AWS services",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.HIGH,
    recommendation=(
        "Remove vpc_config and the role's permission for network interfaces. Put the boundary into IAM: ARNs of resources, "
        "aws:PrincipalOrgID, aws:ResourceOrgID, lambda:SourceFunctionArn."
    ),
)
def vpc_serves_more_than_public_services(function: Function, estate: Estate) -> Verdict:
    """DynamoDB, S3, SQS and the other public AWS services ask on every request who is calling, wherever the call comes from.

    A function that talks to nothing else is attached to a VPC only to get out of it again: by endpoints or a NAT gateway, each with a bill
    and a rule that can be wrong. Here the network stands in for identity, and whoever reads the rules may think that it protects the data.
    It does not: anybody with the same permission reads the same table from anywhere.

    We say so only on positive evidence. All actions of the role and all references of the environment belong to such services, and its
    security groups let out HTTPS, prefix lists of AWS or the groups of endpoints, and no more. A secret, an address on the internet or an
    action that we do not know is no such evidence; then SLS_VPC_1 asks its more modest question. A `*` leaves this one open.

    An endpoint whose policy keeps data from leaving is a reason for the VPC that no other resource shows: record it, by this policy's id.
    """
    return serves_more(function, estate)


check = on_checkov(vpc_serves_more_than_public_services)
