"""What conditions of statements ask: whom an `Allow` lets in, whom a `Deny` shuts out, and what an absent key does."""

from __future__ import annotations

import pytest

from serverful.estate.conditions import NETWORK_KEYS, asked_by, is_readable, limits, others
from serverful.estate.model import Condition, Statement
from serverful.estate.place import Place
from serverful.estate.value import Known, Listing

PLACE = Place(root="", address="", file="main.tf", line=1, end_line=1)


def condition(operator: str, key: str = "aws:SourceVpce", *values: str) -> Condition:
    return Condition(operator, key, Listing(values or ("vpce-1",)))


def statement(effect: str, *conditions: Condition) -> Statement:
    return Statement(PLACE, Known(effect, PLACE), Listing(("s3:*",)), Listing(), Listing(), conditions)


@pytest.mark.parametrize(
    ("operator", "values", "is_negated", "meets_absent"),
    [
        ("StringEquals", ("vpce-1",), False, False),
        ("stringequalsifexists", ("vpce-1",), False, True),
        ("ForAnyValue:StringLike", ("vpce-1",), False, False),
        ("ForAllValues:StringEquals", ("vpce-1",), False, True),
        ("StringNotEquals", ("vpce-1",), True, True),
        ("NotIpAddressIfExists", ("10.0.0.0/8",), True, True),
        ("ForAnyValue:StringNotEquals", ("vpce-1",), True, False),
        ("ForAllValues:StringNotEquals", ("vpce-1",), True, True),
        ("Null", ("true",), True, True),
        ("Null", ("False",), False, False),
        ("var.operator and more", ("vpce-1",), False, True),
    ],
)
def test_an_operator_says_what_it_asks_and_what_an_absent_key_does(
    operator: str, values: tuple[str, ...], is_negated: bool, meets_absent: bool
) -> None:
    found = asked_by(condition(operator, "aws:SourceVpce", *values))
    assert (found.is_negated, found.meets_absent) == (is_negated, meets_absent)


@pytest.mark.parametrize(
    ("effect", "operator", "expected"),
    [
        ("Allow", "StringEquals", True),
        ("Allow", "StringEqualsIfExists", False),  # who comes without an endpoint is let in as well
        ("Allow", "StringNotEquals", False),  # everybody but those inside
        ("Deny", "StringNotEquals", True),
        ("deny", "StringNotEqualsIfExists", True),
        ("Deny", "ForAnyValue:StringNotEquals", False),  # who comes without an endpoint is not denied
        ("Deny", "StringEquals", False),  # those inside only
    ],
)
def test_a_statement_limits_who_comes_to_a_network(effect: str, operator: str, expected: bool) -> None:
    assert bool(limits(statement(effect, condition(operator, "AWS:sourceVPCE")), NETWORK_KEYS)) is expected


def test_only_the_keys_that_are_asked_for_limit() -> None:
    assert limits(statement("Deny", condition("NotIpAddress", "aws:SourceIp", "192.0.2.0/24")), NETWORK_KEYS) == ()


def test_tls_time_and_services_name_nobody_and_everything_else_may() -> None:
    keys = ("aws:SourceVpc", "aws:SecureTransport", "aws:ViaAWSService", "aws:PrincipalOrgID", "kms:CallerAccount", "aws:PrincipalTag/team")
    asked = others(statement("Deny", *(condition("StringEquals", key) for key in keys)), NETWORK_KEYS)
    assert [part.key for part in asked] == ["aws:PrincipalOrgID", "kms:CallerAccount", "aws:PrincipalTag/team"]


@pytest.mark.parametrize(("key", "expected"), [("aws:SourceVpc", True), ("aws:PrincipalTag/a b", True), ("var.key", False)])
def test_an_expression_is_no_key(key: str, expected: bool) -> None:
    assert is_readable(condition("StringEquals", key)) is expected
