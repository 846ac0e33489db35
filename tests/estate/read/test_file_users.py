"""Terraform into what uses a file system and is no function."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate import Known
from serverful.estate.model import FileUser, Other
from serverful.estate.read import reader

BASE = """
provider "aws" {}
variable "path" {}
resource "aws_lambda_function" "nothing" {}
resource "aws_efs_file_system" "files" {}
resource "aws_efs_access_point" "files" {
  file_system_id = aws_efs_file_system.files.id
}
"""


def thing_of(folder: Path, text: str) -> Other:
    (folder / "main.tf").write_text(BASE + text, encoding="utf-8")
    (root,) = reader.read([folder], today=date(2026, 1, 15)).roots
    assert root.estate is not None
    thing = next(thing for address, thing in root.estate.things.items() if address.endswith(".x"))
    assert isinstance(thing, Other)
    return thing


VOLUME = 'resource "aws_ecs_task_definition" "x" {{\n volume {{\n efs_volume_configuration {{\n {} \n }}\n }}\n}}'
ID = "file_system_id = aws_efs_file_system.files.id\n"


@pytest.mark.parametrize(
    ("text", "what", "point", "directory"),
    [
        (VOLUME.format(ID), "container", None, "/"),
        (VOLUME.format(f'{ID} root_directory = "/shop"'), "container", None, "/shop"),
        (VOLUME.format(f"{ID} root_directory = var.path"), "container", None, None),
        (
            VOLUME.format(f"{ID} authorization_config {{\n access_point_id = aws_efs_access_point.files.id\n }}"),
            "container",
            "aws_efs_access_point.files",
            "/",
        ),
        (
            'resource "aws_datasync_location_efs" "x" {\n efs_file_system_arn = aws_efs_file_system.files.arn\n subdirectory = "/in"\n}',
            "data sync",
            None,
            "/in",
        ),
        ('resource "aws_transfer_user" "x" {\n home_directory = "/${aws_efs_file_system.files.id}/in"\n}', "file transfer", None, "/in"),
        ('resource "aws_transfer_user" "x" {\n home_directory = "/${aws_efs_file_system.files.id}"\n}', "file transfer", None, "/"),
        (
            'resource "aws_transfer_access" "x" {\n home_directory_mappings {\n entry = "/"\n'
            ' target = "/${aws_efs_file_system.files.id}/${var.path}"\n }\n}',
            "file transfer",
            None,
            None,
        ),
    ],
)
def test_uses(tmp_path: Path, text: str, what: str, point: str | None, directory: str | None) -> None:
    thing = thing_of(tmp_path, text)
    assert isinstance(thing, FileUser) and thing.what == what
    (use,) = thing.uses
    assert use.file_system is not None and use.file_system.target == "aws_efs_file_system.files"
    assert (use.access_point.target if use.access_point else None) == point
    assert (use.directory.value if isinstance(use.directory, Known) else None) == directory


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_ecs_task_definition" "x" {\n volume {\n name = "scratch"\n }\n}',
        'resource "aws_transfer_user" "x" {\n home_directory = "/bucket/in"\n}',
    ],
)
def test_what_uses_none_is_of_no_interest(tmp_path: Path, text: str) -> None:
    assert type(thing_of(tmp_path, text)) is Other
