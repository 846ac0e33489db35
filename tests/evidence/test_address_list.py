"""What an entry asks for where lists of addresses stand before it: so that whoever asks about identity can leave the question to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expectations import FIXTURES
from serverful.estate import Estate
from serverful.estate.read import reader
from serverful.evidence.address_list import address_lists_of

CASES = FIXTURES / "address_list_is_not_the_only_authorization"


def estate_of(folder: Path) -> Estate:
    (root,) = reader.read([folder], today=date(2026, 11, 23)).roots
    assert root.estate is not None
    return root.estate


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("bad", {"aws_api_gateway_integration.orders": ["aws_api_gateway_rest_api_policy.orders"]}),
        (
            "bad_list_twice",
            {"aws_api_gateway_integration.orders": ["aws_api_gateway_rest_api_policy.orders", "aws_wafv2_web_acl.orders"]},
        ),
        (
            "bad_firewall",
            {
                "aws_api_gateway_integration.orders": ["aws_wafv2_web_acl.orders"],
                "aws_api_gateway_integration.offers": ["aws_wafv2_web_acl.offers"],
                "aws_lb_target_group_attachment.bills": ["aws_wafv2_web_acl.bills"],
            },
        ),
        ("good", {}),
        ("unsure", {}),
    ],
)
def test_the_lists_that_are_all_an_entry_asks_for(case: str, expected: dict[str, list[str]]) -> None:
    estate = estate_of(CASES / case)
    assert estate.entries, "a case without entries proves nothing"
    found = {entry.by: [place.address for place in address_lists_of(entry, estate)] for entry in estate.entries}
    assert {by: lists for by, lists in found.items() if lists} == expected
