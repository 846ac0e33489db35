import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.segregation import why_commands_wait
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_2",
    title="Commands from the internet reach a function inside a VPC asynchronously",
    principle=Principle.WITH_AGILITY,
    severity=Severity.HIGH,
    recommendation=(
        "Let the route write into a queue or a stream, and a function inside the VPC read it; or into a DynamoDB table, whose stream a "
        "function inside the VPC reads."
    ),
)
def command_reaches_vpc_asynchronously(function: Function, estate: Estate) -> Verdict:
    """Whoever places an order wants to know that it is noted. Whether the ledger has it already is nobody's hurry.

    A route that calls a function inside a VPC ties the shop's door to subnets, connections and the database behind them. When one of them
    is slow, customers wait; when one is down, orders are lost. Something that lies between takes the order at any time and in any number,
    and the one function that really speaks SQL works it off as fast as the database bears.

    With provisioned concurrency on such a function the price of waiting is paid twice (HIGH). A route that takes every method hides
    whether it writes, so it counts little (LOW). Steps of a login and what is asked by POST, such as a search, are no commands. Who must
    read what was just written, or take a payment, says so in a reason that names this policy.
    """
    return why_commands_wait(function, estate)


check = on_checkov(command_reaches_vpc_asynchronously)
