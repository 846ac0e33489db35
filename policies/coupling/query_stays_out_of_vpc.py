import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.segregation import why_queries_wait
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_1",
    title="Queries from the internet stay out of the VPC",
    principle=Principle.WITH_AGILITY,
    severity=Severity.MEDIUM,
    recommendation=(
        "A denormalised table in DynamoDB, fed by a stream or queue from where the writes are, and read by a function without a VPC or by "
        "the API itself."
    ),
)
def query_stays_out_of_vpc(function: Function, estate: Estate) -> Verdict:
    """Most requests only read, and what they read was the same a second ago. They need no transaction, and so no database in a VPC.

    Commands and queries may go separate ways: writes by way of a queue into the database that keeps the truth, and from there, by a stream,
    into a table that is made for the page that shows it. A function outside the VPC reads it at any scale; the VPC keeps the one function
    that writes, and its radius stays small.

    We ask only about routes that certainly read and that the internet reaches, whoever is let in there. A route that takes every method is
    left to SLS_FLOW_2, and steps of a login and questions for the function's health are not asked about. A page that must show the very
    latest has a reason, which names this policy.
    """
    return why_queries_wait(function, estate)


check = on_checkov(query_stays_out_of_vpc)
