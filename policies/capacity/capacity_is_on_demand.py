"""SLS_PC_5: functions and pollers run on demand, not on capacity that is always on."""

from dataclasses import replace

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import CapacityProvider, Estate, Poller
from serverful.evidence.always_on import why_on_instances, why_polled
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_PC_5",
    title="Functions and their pollers run on demand",
    principle=Principle.WITHOUT_PROVISIONED_CONCURRENCY,
    severity=Severity.MEDIUM,  # for a capacity provider; LOW for pollers
    recommendation=(
        "Lambda's own capacity, which scales to nothing: no capacity_provider_config, and minimum_pollers at the least. A queue takes the "
        "burst, with batch window, parallelization factor and scaling_config."
    ),
    feature="capacity-provider",  # and `poller` for event source mappings
)
def capacity_is_on_demand(subject: CapacityProvider | Poller, estate: Estate) -> Verdict:
    """Managed instances run functions on EC2 in your own VPC. Provisioned pollers read a queue or stream whether it holds anything or not.

    Both hand back what Lambda is for. A capacity provider has subnets, routes, security groups, instance types and a scaling policy to
    look after, and does not scale to nothing; each function on it keeps a few environments day and night. It may be the cheaper way for a
    load that is high and even all day. That is a decision with a calculation behind it, so the calculation's owner should stand beside it.

    Pollers are asked about only above the fewest that their event source needs. A burst is first of all what the queue is there for.
    """
    if isinstance(subject, CapacityProvider):
        return why_on_instances(subject, estate)
    return replace(why_polled(subject, estate), severity=Severity.LOW)


check = on_checkov(capacity_is_on_demand)
