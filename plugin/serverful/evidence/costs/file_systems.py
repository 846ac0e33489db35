"""What a file system costs. Storage is paid by what it holds, which Terraform does not show, and provisioned throughput by the month."""

from __future__ import annotations

from decimal import Decimal

from serverful.estate.estate import Estate
from serverful.estate.file_systems import EFS, mount_of, service_of
from serverful.estate.model import FileSystem, Function
from serverful.estate.value import Known
from serverful.evidence.costs.cost import Cost, by_use, cost, monthly


def cost_of_files(subject: FileSystem | Function, estate: Estate) -> Cost | None:
    """An EFS file system, whoever mounts it, or the one that a function mounts; None for S3 Files, whose price is not known here."""
    if isinstance(subject, FileSystem):
        return _cost_of(subject) if service_of(subject.type) == EFS else None
    mount = mount_of(subject, estate)
    if mount is None or mount.service != EFS:
        return None
    if mount.file_system is not None:
        return _cost_of(mount.file_system)
    return cost([], [by_use(mount.link.expression, "per GB and month, or more,", "efs_one_zone_gb_month")])


def _cost_of(system: FileSystem) -> Cost | None:
    is_in_all_zones = isinstance(system.zone, Known) and system.zone.value is None
    stored = by_use(system.address, "per GB and month", "efs_standard_gb_month" if is_in_all_zones else "efs_one_zone_gb_month")
    throughput = system.provisioned_mibps
    if not isinstance(throughput, Known) or not throughput.value or not isinstance(system.exists, Known):
        return cost([], [stored])
    item = f"the provisioned throughput of {system.address}"
    return cost([monthly(system.address, item, "efs_provisioned_mibps_month", (Decimal(throughput.value), "MiB/s"))], [stored])
