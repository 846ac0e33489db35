"""Terraform into buckets, tables and queues, and whether they tell of what arrives; schedules with their expressions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate import Estate, Known
from serverful.estate.model import Source
from serverful.estate.read import reader

BASE = """
provider "aws" {}
variable "on" {}
variable "targets" {}
resource "aws_lambda_function" "f" {
  function_name = "f"
}
resource "aws_s3_bucket" "x" {
  bucket = "inbox"
}
"""


def estate_of(folder: Path, text: str) -> Estate:
    (folder / "main.tf").write_text(BASE + text, encoding="utf-8")
    (root,) = reader.read([folder], today=date(2026, 1, 15)).roots
    assert root.estate is not None
    return root.estate


NOTIFICATION = 'resource "aws_s3_bucket_notification" "n" {{\n {} \n}}'
BY_ID = "bucket = aws_s3_bucket.x.id\n"
TARGET = 'queue {\n queue_arn = "arn:aws:sqs:eu-central-1:123456789012:q"\n events = ["s3:ObjectCreated:*"]\n }'


@pytest.mark.parametrize(
    ("text", "announces"),
    [
        ("", False),
        (NOTIFICATION.format(BY_ID), False),
        (NOTIFICATION.format(f"{BY_ID} eventbridge = true"), True),
        (NOTIFICATION.format(f"{BY_ID} eventbridge = false"), False),
        (NOTIFICATION.format(f"{BY_ID} eventbridge = var.on"), None),
        (NOTIFICATION.format(f"{BY_ID} {TARGET}"), True),
        (NOTIFICATION.format(f'bucket = "inbox"\n{TARGET}'), True),
        (NOTIFICATION.format(f'bucket = "other"\n{TARGET}'), False),
        (NOTIFICATION.format(f"count = var.on ? 1 : 0\n{BY_ID} {TARGET}"), None),
        (
            NOTIFICATION.format(f"{BY_ID} dynamic lambda_function {{\n for_each = var.targets\n content {{\n events = []\n }}\n }}"),
            None,
        ),
    ],
)
def test_buckets(tmp_path: Path, text: str, announces: bool | None) -> None:
    bucket = estate_of(tmp_path, text).things["aws_s3_bucket.x"]
    assert isinstance(bucket, Source) and bucket.what == "bucket"
    assert (bucket.announces.value if isinstance(bucket.announces, Known) else None) is announces


@pytest.mark.parametrize(("written", "announces"), [("", False), ("stream_enabled = true", True), ("stream_enabled = var.on", None)])
def test_tables(tmp_path: Path, written: str, announces: bool | None) -> None:
    table = estate_of(tmp_path, f'resource "aws_dynamodb_table" "t" {{\n {written}\n}}').things["aws_dynamodb_table.t"]
    assert isinstance(table, Source) and table.what == "table"
    assert (table.announces.value if isinstance(table.announces, Known) else None) is announces


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (
            'resource "aws_cloudwatch_event_rule" "r" {\n schedule_expression = "rate(5 minutes)"\n}\n'
            'resource "aws_cloudwatch_event_target" "t" {\n rule = aws_cloudwatch_event_rule.r.name\n arn = aws_lambda_function.f.arn\n}',
            "rate(5 minutes)",
        ),
        (
            'resource "aws_cloudwatch_event_rule" "r" {\n event_pattern = "{}"\n}\n'
            'resource "aws_cloudwatch_event_target" "t" {\n rule = aws_cloudwatch_event_rule.r.name\n arn = aws_lambda_function.f.arn\n}',
            None,
        ),
        (
            'resource "aws_scheduler_schedule" "s" {\n schedule_expression = "rate(1 hour)"\n'
            " target {\n arn = aws_lambda_function.f.arn\n }\n}",
            "rate(1 hour)",
        ),
    ],
)
def test_schedules_have_their_expression(tmp_path: Path, text: str, expression: str | None) -> None:
    (call,) = estate_of(tmp_path, text).invocations
    assert (call.schedule.value if isinstance(call.schedule, Known) else None) == expression
