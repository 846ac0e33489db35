import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.attachment import why_attached
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_VPC_1",
    title="A function attached to a VPC reaches something private there",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation=(
        "Default Lambda networking and an execution role that says who may do what: identity instead of a perimeter. "
        "Move the one call that needs the VPC to a small second function behind a queue."
    ),
    feature="vpc",
)
def vpc_reaches_something_private(function: Function, estate: Estate) -> Verdict:
    """An attachment hands the network back to you: subnets in several zones, routes, security groups, NAT gateways and their bill.

    It is worth that when the function reaches something which exists only there: a relational database, a cache, a file system, a service
    of your own, another network behind a transit gateway. DynamoDB, S3, SQS, SNS, EventBridge, Kinesis, Secrets Manager and the other AWS
    APIs are none of these. They check who is calling by IAM, on every request, and reaching them from inside a VPC makes nothing safer.

    So we ask what the function reaches, and look for the answer in your Terraform first: rules between its security groups and those of a
    store, its environment, its role, its file system, the routes of its subnets. Names alone never settle it, and what is decided outside
    the root leaves the question open instead of failing it.
    """
    return why_attached(function, estate)


check = on_checkov(vpc_reaches_something_private)
