"""Which ARNs name something."""

from __future__ import annotations

import pytest

from serverful.estate.arns import names_something


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:s3:::orders/*",
        "arn:aws:s3:::orders-*",
        "arn:aws:s3:::${var.bucket}/*",
        "arn:aws:dynamodb:*:*:table/orders",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/index/*",
        "arn:aws:dynamodb:*:*:table/orders*",
        "arn:${data.aws_partition.here.partition}:sqs:*:*:orders-*",
        "arn:aws:sns:*:*:orders:*",
        "arn:aws:states:*:*:execution:orders:*",
        "arn:aws:execute-api:*:*:a1b2c3/*/GET/*",
        "arn:aws:ssm:*:*:parameter/orders/*",
        "arn:aws:glue:eu-central-1:123456789012:catalog",
        "aws_s3_bucket.orders.arn",
        "arn:aws:iam::*:role/&{aws:PrincipalTag/team}",
    ],
)
def test_names_something(resource: str) -> None:
    assert names_something(resource)


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        " * ",
        "arn:aws:s3:::*",
        "arn:aws:s3:::*/*",
        "arn:aws:s3:*",
        "arn:aws:*:*:*:*",
        "arn:aws:dynamodb:*:*:table/*",
        "arn:aws:dynamodb:*:*:table/*/index/*",
        "arn:aws:dynamodb:eu-central-1:${data.aws_caller_identity.me.account_id}:*",
        "arn:aws:dynamodb:*:*:table*",
        "arn:aws:sqs:*:*:*",
        "arn:aws:lambda:*:*:function:*",
        "arn:aws:secretsmanager:*:*:secret:*",
        "arn:aws:execute-api:*:*:*/@connections/*",
        "arn:aws:apigateway:*::/restapis/*",
        "arn:aws:apigateway:*::/*",
        "arn:aws:rds-db:*:*:dbuser:*/*",
    ],
)
def test_names_a_kind_of_thing_only(resource: str) -> None:
    assert not names_something(resource)
