import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.adapters import what_it_does
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_5",
    title="An API reaches a queue, a bus or a table directly",
    principle=Principle.WITH_AGILITY,
    severity=Severity.INFO,
    recommendation=(
        'An integration of the API with the service itself: integration_subtype on an HTTP API, type = "AWS" on a REST API, a data source '
        "of its own in AppSync."
    ),
)
def api_reaches_queue_directly(function: Function, estate: Estate) -> Verdict:
    """The fastest function is the one that does not run. An API can put a message into a queue, an event on a bus or an item into a table
    by itself, and say who may.

    A function that does nothing else is code to patch, a cold start for somebody who waits, and one more thing that can fail before the
    order is safe. Where it checks or changes what comes in, it has its reason: that is why this is only a question (INFO). It is asked
    where one such call to one target is all that the function's role allows.
    """
    return what_it_does(function, estate)


check = on_checkov(api_reaches_queue_directly)
