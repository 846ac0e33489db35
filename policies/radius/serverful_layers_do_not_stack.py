"""SLS_RAD_2: serverful layers do not stack on one function."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.stacking import why_stacked
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_RAD_2",
    title="Serverful layers do not stack on one function",
    principle=Principle.SMALL_RADIUS,
    severity=Severity.HIGH,
    recommendation="Two functions with a queue between them, each with what it needs: one answers, the other stands where the work is.",
)
def serverful_layers_do_not_stack(function: Function, estate: Estate) -> Verdict:
    """Each layer that a function takes back has an honest reason. Three on one function mean that it is a server again.

    A network to run, a file system to fill, an image to patch, executions to keep warm: whoever changes one of them has to know the
    others, and what made serverless quick is gone. It is rarely one piece of work that needs all of it. Split along the layers, and most
    of the code needs none.

    Worse is what only looks like two layers: a function that answers the internet, stands in the network, and has a role that allows more
    than it needs. The network protects nothing there, because the door is open, and behind it lies what the role can reach.
    """
    return why_stacked(function, estate)


check = on_checkov(serverful_layers_do_not_stack)
