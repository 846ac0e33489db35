"""Terraform into file systems, their access points and policies, and what functions mount."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate import Estate, FileSystem, Function, Known, Unknown
from serverful.estate.file_systems import mount_of, mounting, parts_of
from serverful.estate.model import AccessPoint, Store
from serverful.estate.read import reader

BASE = """
provider "aws" {}
resource "aws_lambda_function" "nothing" {}
variable "arn" {}
variable "id" {}
variable "path" {}
resource "aws_efs_file_system" "files" {}
resource "aws_efs_access_point" "files" {
  file_system_id = aws_efs_file_system.files.id
  root_directory { path = "/inbox" }
}
"""


def estate_of(folder: Path, text: str) -> Estate:
    (folder / "main.tf").write_text(BASE + text, encoding="utf-8")
    (root,) = reader.read([folder], today=date(2026, 1, 15)).roots
    assert root.estate is not None
    return root.estate


@pytest.mark.parametrize(
    ("arn", "point", "system"),
    [
        ("aws_efs_access_point.files.arn", True, True),
        ('"arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/${aws_efs_access_point.files.id}"', True, True),
        ("[aws_efs_access_point.files][0].arn", True, True),
        ("aws_efs_file_system.files.arn", False, True),
        ("var.arn", False, False),
        ('"arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-1"', False, False),
    ],
)
def test_a_certain_block_mounts_something_wherever_its_arn_comes_from(tmp_path: Path, arn: str, point: bool, system: bool) -> None:
    estate = estate_of(
        tmp_path,
        f'resource "aws_lambda_function" "f" {{\n file_system_config {{\n arn = {arn}\n local_mount_path = "/mnt/a"\n }}\n}}\n',
    )
    function = estate.things["aws_lambda_function.f"]
    assert isinstance(function, Function)
    mount = mount_of(function, estate)
    assert mount is not None and (mount.access_point is not None, mount.file_system is not None) == (point, system)
    (files,) = estate.all(FileSystem)
    assert mounting(files, estate) == ((function,) if system else ())


def test_a_file_system_is_a_store_and_knows_its_parts(tmp_path: Path) -> None:
    estate = estate_of(tmp_path, 'resource "aws_efs_mount_target" "a" {\n file_system_id = aws_efs_file_system.files.id\n}\n')
    (files,), (point,) = estate.all(FileSystem), estate.all(AccessPoint)
    assert {store.address for store in estate.all(Store)} == {files.address, point.address, "aws_efs_mount_target.a"}
    assert [part.address for part in parts_of(files, estate)] == ["aws_efs_access_point.files", "aws_efs_mount_target.a"]


@pytest.mark.parametrize(
    ("written", "directory"),
    [("", "/"), ('root_directory {\n path = "/out" }', "/out"), ("root_directory {}", "/"), ("root_directory {\n path = var.path }", None)],
)
def test_the_directory_of_an_access_point(tmp_path: Path, written: str, directory: str | None) -> None:
    estate = estate_of(
        tmp_path, f'resource "aws_efs_access_point" "other" {{\n file_system_id = aws_efs_file_system.files.id\n {written}\n}}\n'
    )
    point = estate.things["aws_efs_access_point.other"]
    assert isinstance(point, AccessPoint)
    assert (point.directory.value if isinstance(point.directory, Known) else None) == directory


PRINCIPALS = {
    "block": (
        'data "aws_iam_policy_document" "d" {\n statement {\n actions = ["elasticfilesystem:ClientMount"]\n'
        ' principals {\n type = "AWS"\n identifiers = ["*"]\n }\n }\n}\n',
        "data.aws_iam_policy_document.d.json",
    ),
    "jsonencode": ("", 'jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = ["*"] }, Action = "elasticfilesystem:*" }] })'),
    "heredoc": ("", '<<EOT\n{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "elasticfilesystem:*"}}\nEOT'),
}


@pytest.mark.parametrize("form", PRINCIPALS)
def test_a_policy_names_whom_it_speaks_of(tmp_path: Path, form: str) -> None:
    before, policy = PRINCIPALS[form]
    name = 'resource "aws_efs_file_system_policy" "p" {\n file_system_id = aws_efs_file_system.files.id\n policy = '
    estate = estate_of(tmp_path, f"{before}{name}{policy}\n}}\n")
    (files,) = estate.all(FileSystem)
    (policy_read,) = files.policies
    (statement,) = policy_read.document.statements
    assert [principal.is_anybody for principal in statement.principals] == [True]


@pytest.mark.parametrize(
    ("principal", "items", "unknown"),
    [
        ("{ AWS = aws_iam_role.r.arn }", ["aws_iam_role.r"], 0),
        ('{ Service = "elasticfilesystem.amazonaws.com" }', ["elasticfilesystem.amazonaws.com"], 0),
        ("{ AWS = [aws_iam_role.r.arn, var.arn] }", ["aws_iam_role.r"], 1),
        ("var.arn", [], 1),
    ],
)
def test_principals_that_are_known_and_not(tmp_path: Path, principal: str, items: list[str], unknown: int) -> None:
    estate = estate_of(
        tmp_path,
        'resource "aws_iam_role" "r" {}\n'
        'resource "aws_efs_file_system_policy" "p" {\n file_system_id = aws_efs_file_system.files.id\n'
        f' policy = jsonencode({{ Statement = [{{ Effect = "Allow", Principal = {principal}, Action = "*" }}] }})\n}}\n',
    )
    (files,) = estate.all(FileSystem)
    principals = files.policies[0].document.statements[0].principals
    assert [item.link.target or item.link.expression for item in principals] == items
    assert len(principals.unknown) == unknown and not any(item.is_anybody for item in principals)


def test_everybody_but_some_is_named_and_not_told_apart(tmp_path: Path) -> None:
    document = '{"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "*"}]}'
    estate = estate_of(
        tmp_path,
        'resource "aws_efs_file_system_policy" "p" {\n file_system_id = aws_efs_file_system.files.id\n'
        f" policy = <<EOT\n{document}\nEOT\n}}\n",
    )
    (files,) = estate.all(FileSystem)
    principals = files.policies[0].document.statements[0].principals
    assert (principals.items, [part.expression for part in principals.unknown]) == ((), ["NotPrincipal"])


def test_a_policy_that_may_be_its_own_is_named(tmp_path: Path) -> None:
    estate = estate_of(
        tmp_path,
        'resource "aws_efs_file_system_policy" "p" {\n policy = "{}"\n'
        " file_system_id = var.id == null ? aws_efs_file_system.files.id : var.id\n}\n",
    )
    (files,) = estate.all(FileSystem)
    assert files.policies == () and all(isinstance(why, Unknown) for why in files.unknown) and len(files.unknown) == 1
