import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.company import who_calls
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FLOW_6",
    title="A function has one kind of caller",
    principle=Principle.WITH_AGILITY,
    severity=Severity.MEDIUM,
    recommendation="A function for each kind of caller, and a library for what they share; or at least an alias for each.",
)
def function_has_one_kind_of_caller(function: Function, estate: Estate) -> Verdict:
    """Who waits wants an answer in a second and tries again by itself. A queue wants batches, a long timeout and a place for what fails.

    A function that serves both is a compromise: its timeout is too long for the one and too short for the other, a burst in the queue takes
    the concurrency that customers wait for, and every change has to be tested for all of them. With three services or more nobody knows any
    longer whom a change touches. Functions cost nothing while they are not called, so there may be one for each.

    Inside a VPC they also share its connections, so it counts more there (MEDIUM).
    """
    return who_calls(function, estate)


check = on_checkov(function_has_one_kind_of_caller)
