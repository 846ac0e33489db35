"""What names, tags and outputs say of an address."""

from __future__ import annotations

import pytest

from estates_by_hand import eip, estate, nat_gateway, output, vpc
from serverful.evidence.published import publications
from serverful.evidence.words import speaks_of_allow_list, speaks_of_functions


@pytest.mark.parametrize(
    "text", ["lambda_egress_ip", "whitelist for the webhook lambda", "IPs of our Lambdas", "functions-egress", "LambdaNat"]
)
def test_words_that_speak_of_functions(text: str) -> None:
    assert speaks_of_functions(text)


@pytest.mark.parametrize("text", ["nat_public_ips", "functional_tests", "lambdatest_egress", "egress of the shop", ""])
def test_words_that_do_not(text: str) -> None:
    assert not speaks_of_functions(text)


@pytest.mark.parametrize(
    "text",
    [
        "partner_allowlist",
        "bank-whitelist",
        "allow_list_ips",
        "white list of the bank",
        "static_ip",
        "fixed-ip",
        "lambda_egress",
        "OutboundIps",
    ],
)
def test_words_that_say_an_address_is_to_stay(text: str) -> None:
    assert speaks_of_allow_list(text)


@pytest.mark.parametrize("text", ["nat", "public_ips", "main", "list of addresses", "allowed", "statistics"])
def test_words_that_say_nothing_of_it(text: str) -> None:
    assert not speaks_of_allow_list(text)


def said(address: str = "aws_eip.nat", **given: object) -> list[str]:
    thing = eip(address, **given)
    outputs = [
        output("partner_allowlist", "aws_eip.nat.public_ip", description="Of the tax lambda"),
        output("nat_ips", "aws_eip.nat.public_ip"),
        output("lambda_egress", "aws_eip.other.public_ip"),
    ]
    return [one.evidence.says for one in publications(thing, estate(thing, outputs=outputs))]


def test_the_outputs_that_refer_to_it() -> None:
    assert said() == ['output partner_allowlist publishes it: "Of the tax lambda"']


def test_its_own_name_with_the_key_of_its_instance() -> None:
    assert said("aws_eip.lambda_egress") == ["named lambda_egress"]
    assert said('module.net.aws_eip.this["lambda"]') == ['named this["lambda"]']
    assert said("module.lambda_egress.aws_eip.nat") == []


def test_tags_that_say_what_it_is_for() -> None:
    tags = {"Name": "webhook-lambda", "Project": "lambda-shop", "Team": "static", "purpose": "allow-listed by the bank"}
    assert said("aws_eip.a", tags=tags) == ['tag Name = "webhook-lambda"', 'tag purpose = "allow-listed by the bank"']


def test_a_tag_that_the_whole_network_carries_speaks_of_the_project() -> None:
    tags = {"Name": "nat", "Description": "Lambda behind a database"}
    nat, network = (
        nat_gateway("aws_nat_gateway.a", tags=tags),
        vpc("aws_vpc.a", tags={"Name": "shop"} | {"Description": tags["Description"]}),
    )
    assert publications(nat, estate(nat, network)) == ()
    assert len(publications(nat, estate(nat, eip("aws_eip.a", tags=tags)))) == 1
    assert len(publications(nat, estate(nat, vpc("aws_vpc.a", tags={"Description": "the network of the shop"})))) == 1


@pytest.mark.parametrize(
    ("tag", "text", "counts"),
    [
        ("serverful:fixed-ip", "fixed-ip until=2026-06-30 owner=shop the bank admits it", True),
        ("serverful:fixed-ip", "fixed-ip until=2025-06-30 owner=shop the bank admitted it", True),
        ("serverful:fixed-ip", "the bank", True),
        ("serverful:SLS_IP_2", "fixed-ip until=2026-06-30 owner=shop the bank admits it", True),
        ("serverful:vpc", "private-service until=2026-06-30 owner=shop the bank admits it", True),
        # A module call's comment speaks of all that the module makes; what it says of a database says nothing of an address.
        ("serverful:vpc", "cache until=2026-06-30 owner=shop sessions are in Redis", False),
        ("serverful:vpc", "cache until=2025-06-30 owner=shop sessions were in Redis", False),
    ],
)
def test_a_recorded_reason_says_that_it_is_for_functions(tag: str, text: str, counts: bool) -> None:
    assert said("aws_eip.a", tags={tag: text}) == ([f"recorded reason {tag}"] if counts else [])


def test_a_gateway_says_it_as_well() -> None:
    nat = nat_gateway("aws_nat_gateway.lambda")
    (only,) = publications(nat, estate(nat))
    assert (only.is_for_functions, only.is_for_others) == (True, False)
