import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.landing import how_failures_land
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_7",
    title="Asynchronous failures land where somebody finds them",
    principle=Principle.WITH_AGILITY,
    severity=Severity.MEDIUM,
    recommendation=(
        "An on_failure destination in aws_lambda_function_event_invoke_config or in the event source mapping, a redrive_policy on the "
        "queue, and an alarm on what lands there."
    ),
)
def asynchronous_failures_land(function: Function, estate: Estate) -> Verdict:
    """Nobody waits for an asynchronous function, so nobody sees that it failed. Whoever asks for asynchrony owes it a place to fail to.

    Lambda tries an event that was handed over twice more, and drops it. A message of a queue comes back until its retention ends; a batch
    of a stream holds up its shard until it expires. Each is gone then, an order or a payment, and no log says which one it was.

    We ask only functions to which something visibly hands events: S3, SNS, EventBridge, a schedule, a queue, a stream. Where everybody
    waits for the answer, a dead-letter queue never sees anything, so we do not ask for one. A schedule's next tick mends much, so it counts
    less.
    """
    return how_failures_land(function, estate)


check = on_checkov(asynchronous_failures_land)
