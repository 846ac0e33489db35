import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Attached, Estate, Unknown
from serverful.estate.attached import noun
from serverful.evidence.zone_spread import zone_spread
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_6",
    title="A function in a VPC stands in two availability zones",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.LOW,
    recommendation="First ask whether it needs the VPC at all; if it does, give it subnets of one tier in two zones.",
)
def vpc_function_spans_zones(subject: Attached, estate: Estate) -> Verdict:
    """Outside a VPC, AWS runs a function in all availability zones of the region, and nobody has to think of it.

    An attachment takes that over: the function runs where its subnets are. With one subnet, or with several in one zone, it stands still
    when that zone fails, and also when the addresses of that one subnet are used up. Two zones are what AWS advises ("ensure that the
    function has access to at least two Availability Zones", AWS Lambda Operator Guide); more are rarely needed.
    """
    if isinstance(subject.attachment, Unknown):
        return undecided(f"Whether the {noun(subject)} is attached to a VPC is decided outside this root.", subject.attachment)
    spread = zone_spread(subject, estate)
    if not spread.subnets:
        return not_ours(f"the {noun(subject)} is not attached to any subnet")
    if spread.two:
        return passed(f"The {noun(subject)}'s subnets lie in two availability zones at least.", *spread.path)
    if spread.unknown:
        says = f"Whether the {noun(subject)}'s subnets lie in more than one availability zone cannot be seen in this root."
        return undecided(says, *spread.unknown, path=spread.path)
    return failed(spread.says, *spread.path, kind=Kind.CONTRADICTED, instead=spread.instead, argument="vpc_config.subnet_ids")


check = on_checkov(vpc_function_spans_zones)
