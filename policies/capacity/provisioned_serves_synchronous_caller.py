import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.costs.executions import cost_of_executions
from serverful.evidence.warmth import why_warm
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_PC_1",
    title="Provisioned concurrency serves a synchronous caller",
    principle=Principle.WITHOUT_PROVISIONED_CONCURRENCY,
    severity=Severity.HIGH,
    recommendation=(
        "Ask three times whether it can be asynchronous. Where it is, remove provisioned concurrency and let a queue take the burst; "
        "where somebody waits, let them call the alias that it stands on."
    ),
    feature="provisioned-concurrency",
    cost=cost_of_executions,
)
def provisioned_serves_synchronous_caller(function: Function, estate: Estate) -> Verdict:
    """Provisioned concurrency keeps executions ready day and night, so that a caller who waits is spared the second of a cold start.

    It is paid by the hour, whether anybody calls or not, and gives back what serverless took away: a number of servers to plan. Behind a
    queue, a stream, a schedule or a notification nobody waits. The event lies safely where it is, and a cold start is a second among many.

    It also stands on one alias or version. Whoever calls the function without a qualifier goes past it, and then it serves nobody at all.
    """
    return why_warm(function, estate)


check = on_checkov(provisioned_serves_synchronous_caller)
