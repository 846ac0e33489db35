"""SLS_FS_4: what arrives somewhere is an event, and nobody has to look for it on a schedule."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.polling import looks_on_schedule
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FS_4",
    title="What arrives in a bucket, table or queue is an event",
    principle=Principle.WITH_AGILITY,
    severity=Severity.LOW,  # INFO for tables, and where it looks more rarely than once an hour
    recommendation="A bucket notification or EventBridge, a DynamoDB stream, or an event source mapping, in place of the schedule.",
)
def object_arrival_is_an_event(function: Function, estate: Estate) -> Verdict:
    """A function that looks every five minutes whether something has arrived is a habit from servers: mostly it finds nothing.

    When there is something, it has waited for minutes, and the function has to remember what it has already seen. S3, DynamoDB and SQS can
    say so themselves: one event for each object, change or message, at once, with retries and a place for what fails.

    We ask where a schedule starts a function several times a day, its role may list and read something of this root, and nothing tells of
    what arrives there. Reports, clean-ups and batch windows mean the clock: their names say so, or the schedule does.
    """
    return looks_on_schedule(function, estate)


check = on_checkov(object_arrival_is_an_event)
