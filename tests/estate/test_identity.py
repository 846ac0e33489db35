"""Which actions a pattern of IAM's holds."""

from __future__ import annotations

import pytest

from serverful.estate.identity import covers


@pytest.mark.parametrize(
    ("pattern", "action", "does"),
    [
        ("dynamodb:GetItem", "dynamodb:getitem", True),
        ("dynamodb:Get*", "dynamodb:GetItem", True),
        ("dynamodb:Get*", "dynamodb:PutItem", False),
        ("*", "dynamodb:PutItem", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get?bject", "s3:Getbject", False),
        ("s3:[Gg]etObject", "s3:GetObject", False),
        ("s3:.*", "s3:GetObject", False),
    ],
)
def test_it_is_covered_or_not(pattern: str, action: str, does: bool) -> None:
    assert covers(pattern, action) is does


def test_a_pattern_written_to_take_for_ever_takes_none() -> None:
    """Tried one way after the other, this would not end before the pipeline does."""
    assert not covers("*a" * 30 + "b", "a" * 200)
