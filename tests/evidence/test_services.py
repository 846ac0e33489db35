"""The reference data about services: it is whole, dated, and its patterns mean what they say."""

from __future__ import annotations

from datetime import date

import pytest

from serverful.evidence.services import Access, is_private_range, managed_policies, private_names, services


def test_every_managed_login_is_a_login() -> None:
    known = managed_policies()
    assert set(known.logins) <= set(known.prefixes)
    for name, actions in known.logins.items():
        for action in actions:
            assert any(login.allowed_by(action) for login in services().logins), f"{name}: {action}"
            assert action.partition(":")[0] in known.prefixes[name], f"{name} does not list {action}"


def test_the_data_is_dated() -> None:
    assert isinstance(services().as_of, date)
    assert isinstance(managed_policies().as_of, date)


def test_what_every_attached_function_carries_is_known() -> None:
    prefixes = managed_policies().prefixes
    assert prefixes["AWSLambdaVPCAccessExecutionRole"] == ("ec2", "logs")
    assert prefixes["AWSLambdaBasicExecutionRole"] == ("logs",)
    assert prefixes["AdministratorAccess"] == ("*",)


@pytest.mark.parametrize(
    ("pattern", "named", "hinted"),
    [
        ("elasticache:Connect", True, False),
        ("elasticache:connect", True, False),
        ("elasticache:Con*", True, False),
        ("elasticache:*", False, True),
        ("elasticache:Describe*", False, False),
        ("*", False, False),
        ("*:*", False, False),
        ("elasticache:?onnect", True, False),
    ],
)
def test_which_pattern_names_an_action(pattern: str, named: bool, hinted: bool) -> None:
    access = Access(("elasticache:Connect",), "cache")
    assert (access.allowed_by(pattern) is not None, access.hinted_by(pattern)) == (named, hinted)


def test_a_prefix_without_management_actions() -> None:
    assert Access(("rds-db:connect",), "database", data_only=True).allowed_by("rds-db:*") == "rds-db:connect"


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.0.0.0/8", True),
        ("10.1.2.3/32", True),
        ("172.31.0.0/16", True),
        ("172.32.0.0/16", False),
        ("192.168.0.0/16", True),
        ("100.64.0.0/10", True),
        ("fd00::/8", True),
        ("0.0.0.0/0", False),
        ("::/0", False),
        ("52.0.0.0/8", False),
        ("pl-63a5400a", False),
        ("", False),
    ],
)
def test_private_ranges(cidr: str, expected: bool) -> None:
    assert is_private_range(cidr) is expected


@pytest.mark.parametrize("text", ["", "orders", "config.local.json", "10.0.0.0/16", "1.10.0.0.1", "https://rds.amazonaws.com.example.com"])
def test_what_is_no_private_name(text: str) -> None:
    assert list(private_names(text)) == []


def test_several_brokers_in_one_text() -> None:
    found = [name.text for name in private_names("b-1.k.kafka.eu-west-1.amazonaws.com:9098,b-2.k.kafka.eu-west-1.amazonaws.com:9098")]
    assert found == ["b-1.k.kafka.eu-west-1.amazonaws.com", "b-2.k.kafka.eu-west-1.amazonaws.com"]
