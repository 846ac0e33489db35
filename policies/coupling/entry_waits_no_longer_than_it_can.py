import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.patience import how_long_it_takes
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_4",
    title="A function is done before the API that waits for it gives up",
    principle=Principle.WITH_AGILITY,
    severity=Severity.MEDIUM,
    recommendation=(
        "Take the work in, answer 202, and do it behind a queue or in a state machine; push the result, or let it be asked for. Where the "
        "work is short, a timeout that says so."
    ),
)
def entry_waits_no_longer_than_it_can(function: Function, estate: Estate) -> Verdict:
    """API Gateway and AppSync wait about half a minute for a function, and then tell the caller that nothing came.

    A function whose timeout is longer works on: it is paid for, it may write what the caller believes has failed, and the caller tries
    again. Either the work is short, and the timeout should say so, or it is long, and nobody should wait for it: it is taken in, its
    receipt is answered, and its result is pushed or asked for later.

    Where the integration's own timeout was raised to match, or where a function URL streams as long as the function runs, all is well.
    Where a queue or an event calls the same function, its long timeout may be theirs, and we leave it open.
    """
    return how_long_it_takes(function, estate)


check = on_checkov(entry_waits_no_longer_than_it_can)
