"""SLS_FS_1: which answer each situation gets. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estates_by_hand import access_point, estate, file_system, function, known, link, unknown
from policies_by_hand import policy_of
from serverful.estate.file_systems import mount_of
from serverful.estate.model import Thing
from serverful.evidence.storage import storage
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_FS_1")
SYSTEM = file_system("aws_efs_file_system.files")
POINT = access_point("aws_efs_access_point.files", SYSTEM.address)
EFS_ARN = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0a1b2c3d"
S3_ARN = "arn:aws:s3files:eu-central-1:123456789012:file-system/fs-0a1b/access-point/fsap-0a1b2c3d"


def asked(file_system: Any, *things: Thing, **given: Any) -> Verdict:
    subject = function("aws_lambda_function.f", file_system=file_system, **given)
    return POLICY(subject, estate(subject, *things))


@pytest.mark.parametrize(
    ("arn", "service"),
    [
        ("aws_efs_access_point.files.arn", "EFS"),
        ("aws_s3files_access_point.files.arn", "S3 Files"),
        ("data.aws_efs_access_point.files.arn", "EFS"),
        ("data.aws_s3files_access_point.files.arn", "S3 Files"),
        (EFS_ARN, "EFS"),
        (S3_ARN, "S3 Files"),
        ("var.access_point_arn", ""),
    ],
)
def test_which_service_it_is(arn: str, service: str) -> None:
    subject = function("aws_lambda_function.f", file_system=link(arn))
    mount = mount_of(subject, estate(subject))
    assert mount is not None and mount.service == service
    verdict = asked(link(arn))
    assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.UNEXPLAINED, "file_system_config")
    assert f"mounts {f'an {service} file system' if service else 'a file system'}," in verdict.says
    assert verdict.instead is not None and ("S3 API" in verdict.instead) is (service == "S3 Files")


def test_the_path_leads_to_the_file_system() -> None:
    verdict = asked(link("aws_efs_access_point.files.arn"), SYSTEM, POINT)
    assert [seen.place.address for seen in verdict.path][1:] == ["aws_efs_access_point.files", "aws_efs_file_system.files"]
    assert verdict.missed == (f"ephemeral_storage: 512 MB of the 10240 MB that /tmp can have (as of {storage().as_of})",)


def test_the_largest_tmp_there_is() -> None:
    assert asked(link(EFS_ARN), ephemeral_storage_mb=10240).outcome is Outcome.PASSED
    assert asked(link(EFS_ARN), ephemeral_storage_mb=10239).outcome is Outcome.FAILED
    verdict = asked(link(EFS_ARN), ephemeral_storage_mb=unknown("var.scratch_mb"))
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)


def test_no_file_system_and_perhaps_one() -> None:
    assert asked(None).outcome is Outcome.NOT_OURS
    assert asked(None, ephemeral_storage_mb=10240).outcome is Outcome.NOT_OURS
    verdict = asked(unknown("var.file_systems"))
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, False)


def test_its_data_is_dated() -> None:
    data = storage()
    assert isinstance(data.as_of, date) and data.source
    assert (data.ephemeral_storage_mb, known(data.image_mb).value, data.package_mb) == (10240, 10240, 250)
