import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Attached, Estate, Unknown
from serverful.estate.attached import noun
from serverful.evidence.breadth import width_of
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_10",
    title="A function's VPC attachment is narrow",
    principle=Principle.SMALL_RADIUS,
    severity=Severity.HIGH,  # in the default VPC; MEDIUM elsewhere
    recommendation="Two zones of one tier made for it, and one security group per function.",
)
def vpc_attachment_is_narrow(subject: Attached, estate: Estate) -> Verdict:
    """When a function has to be in a VPC, the next question is how much of the VPC has to be the function's.

    Lambda may use any of the subnets for any invocation, so the function is in all of them at once: two tiers mean two sets of routes and
    two firewalls, and it works or hangs by chance. Every subnet of a VPC is whatever somebody adds next year. The default VPC is where
    everything stands that named no network, in public subnets. Two zones of one tier are enough, and nobody else has to be thought of.

    A list of subnets that a platform team hands to everybody is fine as long as it is one tier.
    """
    if isinstance(subject.attachment, Unknown):
        return undecided(f"Whether the {noun(subject)} is attached to a VPC is decided outside this root.", subject.attachment)
    width = width_of(subject, estate)
    if not width.subnets:
        return not_ours(f"the {noun(subject)} is not attached to any subnet")
    if width.breadths:
        return failed(
            width.says,
            *width.breadth_path,
            kind=Kind.CONTRADICTED,
            severity=width.severity,
            instead=width.instead,
            argument="vpc_config.subnet_ids",
        )
    if width.unknown or width.tier is None:
        says = f"How wide the {noun(subject)}'s attachment is cannot be seen in this root."
        return undecided(says, *width.unknown, path=width.path)
    return passed(f"The {noun(subject)} stands in few subnets of one tier, {width.tier.name}.", *width.path)


check = on_checkov(vpc_attachment_is_narrow)
