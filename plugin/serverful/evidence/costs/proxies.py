"""What an RDS Proxy costs: for each vCPU of the database behind it and hour, two vCPUs at least (Amazon RDS Proxy pricing)."""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.model import Function, Store
from serverful.estate.value import Known
from serverful.evidence.costs.cost import Cost, cost, hourly

_LEAST_VCPUS = 2


def cost_of_proxy(subject: Store | Function, estate: Estate) -> Cost | None:  # noqa: ARG001 (asked like the others)
    """An RDS Proxy that certainly exists; None for any other store, whose price says nothing about its login."""
    if subject.type != "aws_db_proxy" or not isinstance(subject.exists, Known):
        return None
    return cost([hourly(subject.address, f"the proxy {subject.address}", "rds_proxy_vcpu_hour", (_LEAST_VCPUS, "vCPUs"))])
