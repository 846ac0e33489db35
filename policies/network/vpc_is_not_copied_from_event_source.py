import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.attachment import explained
from serverful.evidence.copied_network import copies, instead
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Outcome, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_3",
    title="An attachment to a VPC is not copied from an event source",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation="Leave the event source's network to the event source mapping, and run the function outside the VPC.",
)
def vpc_is_not_copied_from_event_source(function: Function, estate: Estate) -> Verdict:
    """Kafka, a message broker and a database's change stream live in a VPC, so the function that they trigger seems to belong there too.

    It does not. The event source mapping polls them, from their own subnets and security groups, and hands the records to the function by
    the Lambda API. A load balancer in front of a function calls the same API. The copied network serves nobody: every other call of the
    function now needs a NAT gateway or an endpoint, and a group that the brokers trust has one more member.

    A function that opens a connection of its own is another matter: it produces to the broker, manages its topics, queries the database
    whose changes it hears of. Its environment, its role or a rule between its own group and theirs says so, and that is enough.
    """
    beside = copies(function, estate)
    if not beside:
        return not_ours("nothing with a network of its own calls the function, or it is not attached to a VPC")
    attached = explained(function, estate)
    if attached.outcome is Outcome.PASSED:
        return passed("The function is called from a VPC, and reaches something private there by itself.", *attached.path)
    copied = next((copy for copy in beside if copy.shared and not copy.unknown), None)
    unknown = [part for copy in beside for part in copy.unknown]
    if copied is None and unknown:
        says = f"Whether the function stands in the network of {beside[0].source.what} is decided outside this root."
        return undecided(says, *unknown, path=beside[0].path)
    if copied is None:
        return passed("The function stands in a network of its own, not in that of what calls it.", *beside[0].path)
    if attached.outcome is Outcome.UNDECIDED:
        says = f"The function stands in {copied.says}, which triggers it; whether it needs them for itself cannot be seen in this root."
        return undecided(says, *attached.unknown, path=copied.path, missed=attached.missed, answerable=True)
    return failed(
        f"The function stands in {copied.says}, which triggers it, and nothing shows that it connects to anything there by itself.",
        *copied.path,
        kind=Kind.CONTRADICTED,
        missed=attached.missed,
        instead=instead(function, copied, estate),
        argument="vpc_config",
    )


check = on_checkov(vpc_is_not_copied_from_event_source)
