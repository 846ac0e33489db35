"""SLS_PC_3: load is taken from a public function before executions are kept ready for it."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.costs.executions import cost_of_executions
from serverful.evidence.edge_relief import what_relieves
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_PC_3",
    title="Relief at the edge comes before provisioned concurrency",
    principle=Principle.WITHOUT_PROVISIONED_CONCURRENCY,
    severity=Severity.LOW,
    recommendation=(
        "First a CDN or a cache for what many ask alike, a rate limit for what nobody should ask so often, and direct integrations for "
        "plain reads. Then count how many executions are still to be kept ready."
    ),
    feature="provisioned-concurrency",
    cost=cost_of_executions,
)
def edge_relief_comes_before_provisioned(function: Function, estate: Estate) -> Verdict:
    """Every request that is answered before the function, or turned away there, needs no execution that somebody keeps ready.

    A CDN answers from a place near whoever asks, and a cold start that nobody meets need not be prevented. A rate limit keeps a burst from
    becoming a capacity that is paid for day and night. Reads that AWS services answer themselves start no function at all. Provisioned
    concurrency is for what is left, and the number is smaller then.

    Some paths are personal or only written to, and nothing can be cached there. That is a reason, and one line records it.
    """
    return what_relieves(function, estate)


check = on_checkov(edge_relief_comes_before_provisioned)
