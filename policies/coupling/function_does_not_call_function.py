import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.chained import whom_it_calls
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_3",
    title="A function calls no other function",
    principle=Principle.WITH_AGILITY,
    severity=Severity.MEDIUM,
    recommendation=(
        "An aws_sfn_state_machine that calls both in turn, a queue, an event bus or a destination between them; and a library for the code "
        "that both need."
    ),
)
def function_does_not_call_function(function: Function, estate: Estate) -> Verdict:
    """A function that calls another one and waits is paid for waiting. Its timeout must be longer than the other's, its retry repeats what
    the other has done, and when the other is throttled, both are. The two are one system with two names.

    Something that lies between them takes all of that: a state machine waits without being paid by the millisecond, a queue keeps what
    cannot be done now, an event has as many listeners as you like. What the second function was a subroutine for belongs into a library.

    We see a call where the environment names a function and the role may invoke it. IAM does not tell whether the program waits; a call
    that only hands an event over is a decision to record, with the place where its failures land.
    """
    return whom_it_calls(function, estate)


check = on_checkov(function_does_not_call_function)
