import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Attached, Estate, Unknown
from serverful.estate.attached import noun
from serverful.evidence.egress import egress_of
from serverful.evidence.public_subnets import instead_of_public, missed_beside, says_public
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_7",
    title="A function in a VPC stays out of public subnets",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation="Leave the VPC; a function that needs it stands in private subnets.",
)
def vpc_function_stays_out_of_public_subnets(subject: Attached, estate: Estate) -> Verdict:
    """A public subnet is one whose default route leads to an internet gateway. It helps only what has a public address.

    Lambda gives the network interfaces of a function none, whatever the subnet's `map_public_ip_on_launch` says. So calls to the internet
    hang until they time out, and the subnet was not chosen for isolation either: the function has neither. With IPv6 it is different:
    in dual-stack subnets, with `ipv6_allowed_for_dual_stack`, traffic does leave through the gateway.
    """
    if isinstance(subject.attachment, Unknown):
        return undecided(f"Whether the {noun(subject)} is attached to a VPC is decided outside this root.", subject.attachment)
    egress = egress_of(subject, estate)
    if egress is None or not egress.ways:
        return not_ours(f"the {noun(subject)} is not attached to any subnet")
    if not egress.public and egress.public_unknown:
        says = f"Whether the {noun(subject)} stands in a public subnet cannot be seen in this root."
        return undecided(says, *egress.public_unknown, path=egress.path)
    if not egress.public:
        return passed(f"No subnet of the {noun(subject)} has a default route to an internet gateway.", *egress.path)
    if egress.ipv6_path:
        return passed("The function's subnets are public, and its IPv6 traffic leaves through them.", *egress.ipv6_path)
    if egress.ipv6_unknown:
        says = "The function stands in a public subnet; whether IPv6 gives it a way out there cannot be seen in this root."
        return undecided(says, *egress.ipv6_unknown, path=egress.public_path)
    return failed(
        says_public(subject, egress),
        *egress.public_path,
        kind=Kind.CONTRADICTED,
        missed=missed_beside(subject, egress),
        instead=instead_of_public(subject, estate),
        argument="vpc_config.subnet_ids",
    )


check = on_checkov(vpc_function_stays_out_of_public_subnets)
