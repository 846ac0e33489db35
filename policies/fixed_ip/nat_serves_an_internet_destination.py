import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Attached, Estate, Unknown
from serverful.estate.attached import noun
from serverful.evidence.costs.gateways import cost_of_way_out
from serverful.evidence.egress import egress_of
from serverful.evidence.nat_account import nat_account
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_IP_1",
    title="The NAT gateway on a function's way serves an internet destination",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.HIGH,
    recommendation="Leave the VPC, or keep it and do without the default route; let a function outside the VPC call the internet.",
    feature="fixed-ip",  # also answered by serverful:vpc with category fixed-ip or private-service, not by the VPC's other reasons
    cost=cost_of_way_out,
)
def nat_serves_an_internet_destination(subject: Attached, estate: Estate) -> Verdict:
    """A function in a VPC has no way to the internet, so a NAT gateway is put on its way: paid by the hour, with an address to look after.

    Outside the VPC the same function reaches AWS APIs and the internet by itself. So the gateway is worth its price only if somebody on
    the internet wants to see its address, or if the function needs something private *and* the internet, which two functions with a
    queue between them do with less. An AWS API is no reason: endpoints serve it, S3 and DynamoDB even free of charge.
    """
    if isinstance(subject.attachment, Unknown):
        return undecided(f"Whether the {noun(subject)} is attached to a VPC is decided outside this root.", subject.attachment)
    egress = egress_of(subject, estate)
    if egress is None:
        return not_ours(f"the {noun(subject)} is not attached to a VPC")
    if not egress.nats and egress.nat_unknown:
        says = f"Whether a NAT gateway is on the {noun(subject)}'s way to the internet cannot be seen in this root."
        return undecided(says, *egress.nat_unknown, path=egress.path)
    if not egress.nats:
        return not_ours("no default route of its subnets leads to a public NAT gateway")
    account = nat_account(subject, egress, estate)
    if account.destinations:
        return passed(account.serves, *(found.evidence for found in account.destinations), *egress.nat_path)
    if account.openings:
        return undecided(account.undecided, *account.unknown, path=egress.nat_path, missed=account.missed, answerable=True)
    # A gateway that instances or containers need as well would stay; then the function only rides along.
    severity = Severity.HIGH if account.users.is_functions_only else Severity.LOW
    return failed(
        account.unexplained, *egress.nat_path, missed=account.missed, severity=severity, instead=account.instead, argument="vpc_config"
    )


check = on_checkov(nat_serves_an_internet_destination)
