import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Attached, Estate, Unknown
from serverful.estate.attached import attachment_of, noun
from serverful.evidence.own_group import group_account
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_8",
    title="A function in a VPC owns a closed security group",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,  # for a default group; LOW for everything else
    recommendation="One security group per function: no ingress, egress to what it calls, and named as source by the store's group.",
)
def function_owns_a_closed_security_group(subject: Attached, estate: Estate) -> Verdict:
    """In a VPC, a security group is the closest thing to an identity that the network has.

    A function's own group says who is calling, and the database that admits it says whom it serves: that edge explains an attachment better
    than any document. A group that many share says neither. Functions need no ingress rule, because nothing can connect to them, and an
    egress rule for everything lets out what nobody meant. Functions with one role may share a group: they may do the same anyway.

    Outside the VPC none of this has to be looked after, and IAM says who may do what.
    """
    if isinstance(subject.attachment, Unknown):
        return undecided(f"Whether the {noun(subject)} is attached to a VPC is decided outside this root.", subject.attachment)
    if attachment_of(subject) is None:
        return not_ours(f"the {noun(subject)} is not attached to a VPC")
    account = group_account(subject, estate)
    if account.faults:
        return failed(
            account.says,
            *account.fault_path,
            kind=Kind.CONTRADICTED,
            severity=account.severity,
            instead=account.instead,
            argument="vpc_config.security_group_ids",
        )
    if account.unknown:
        says = f"Whether the {noun(subject)} owns a closed security group cannot be seen in this root."
        return undecided(says, *account.unknown, path=account.path)
    return passed(f"The {noun(subject)}'s security groups are its own, let nothing in, and do not let everything out.", *account.path)


check = on_checkov(function_owns_a_closed_security_group)
