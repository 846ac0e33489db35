"""SLS_IP_2: which answer each situation gets, and on which block. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    capacity_provider,
    eip,
    eip_association,
    environment,
    estate,
    function,
    inside,
    interface_lookup,
    known,
    link,
    listing,
    module_call,
    nat_gateway,
    output,
    outside,
    route,
    route_table,
    store,
    subnet,
    unknown,
    vpc,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import Output, Target, Thing
from serverful.finding import Finding
from serverful.policy import Policy, Severity
from serverful.verdict import Kind, Outcome

BANK = "fixed-ip until=2026-06-30 owner=shop the bank admits one address"
EXPIRED = BANK.replace("2026-06-30", "2026-01-14")  # the day before the estates' day
DATABASE = "relational-database until=2026-06-30 owner=shop orders are in Aurora"
RATES = environment(RATES_URL="https://rates.bank.example/v2")
IN_SUBNET = attachment(subnets=inside("aws_subnet.a.id"))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of("SLS_IP_2")


def fn(name: str, **given: Any) -> Thing:
    return function(f"aws_lambda_function.{name}", **{"attachment": IN_SUBNET, **given})


def things(*more: Thing, to: Any = None, nat: dict[str, Any] | None = None, address: dict[str, Any] | None = None) -> list[Thing]:
    """A subnet whose way out is a NAT gateway with an Elastic IP; functions are to be added."""
    return [
        vpc("aws_vpc.main"),
        subnet("aws_subnet.a"),
        route_table("aws_route_table.a", to or route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY)),
        association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id"),
        nat_gateway("aws_nat_gateway.main", **{"addresses": inside("aws_eip.nat.id"), **(nat or {})}),
        eip("aws_eip.nat", **(address or {})),
        *more,
    ]


def answers(policy: Policy, all_things: Sequence[Thing], outputs: Sequence[Output] = (), **given: Any) -> list[Finding]:
    return judged(estate(*all_things, outputs=outputs, **given), policy)


def answer(policy: Policy, *all_things: Thing) -> Finding:
    """The one finding that there must be: an address is told of once."""
    (finding,) = answers(policy, all_things)
    return finding


def test_a_fixed_address_that_nobody_explains_fails_on_the_address(policy: Policy) -> None:
    found = answer(policy, *things(fn("f")))
    assert (found.address, found.verdict.outcome, found.verdict.kind) == ("aws_eip.nat", Outcome.FAILED, Kind.UNEXPLAINED)
    assert found.severity is Severity.MEDIUM
    assert {step.place.address for step in found.verdict.path} >= {"aws_nat_gateway.main", "aws_eip.nat"}
    assert "mutual TLS" in (found.verdict.instead or "")


def test_an_address_from_outside_fails_on_the_gateway(policy: Policy) -> None:
    assert answer(policy, *things(fn("f"), nat={"addresses": outside("var.allocation_id")})).address == "aws_nat_gateway.main"


@pytest.mark.parametrize(
    "given",
    [
        {"environment": environment(BANK_URL=unknown("var.bank_url"))},
        {"role": link("data.aws_iam_role.shared.arn")},
    ],
    ids=["address", "role"],
)
def test_it_does_not_wait_for_what_is_decided_outside(policy: Policy, given: dict[str, Any]) -> None:
    found = answer(policy, *things(fn("f", **given)))
    assert found.verdict.outcome is Outcome.FAILED


def test_a_host_on_the_internet_explains_the_address(policy: Policy) -> None:
    found = answer(policy, *things(fn("f", environment=RATES)))
    assert found.verdict.outcome is Outcome.PASSED
    assert "rates.bank.example" in found.verdict.says
    assert found.verdict.path[0].says == "environment variable RATES_URL names rates.bank.example"


def test_one_function_without_a_reason_is_enough_and_is_named(policy: Policy) -> None:
    recorded = fn("g", tags={"serverful:fixed-ip": BANK})
    found = answer(policy, *things(fn("f", environment=RATES), recorded, fn("h")))
    assert found.verdict.outcome is Outcome.FAILED
    assert "from which aws_lambda_function.h leaves" in found.verdict.says
    assert "3 functions share it; only aws_lambda_function.f and aws_lambda_function.g say why" in found.verdict.says
    assert (found.verdict.instead or "").startswith("Take aws_lambda_function.h off it")


# --- a person's word --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("serverful:fixed-ip", BANK, Outcome.JUSTIFIED),
        ("serverful:vpc", BANK, Outcome.JUSTIFIED),
        ("serverful:vpc", "private-service until=2026-06-30 owner=shop the customs office", Outcome.JUSTIFIED),
        ("serverful:SLS_IP_1", BANK, Outcome.JUSTIFIED),
        ("serverful:SLS_IP_2", BANK, Outcome.JUSTIFIED),
        ("serverful:vpc", DATABASE, Outcome.FAILED),
        ("serverful:fixed-ip", EXPIRED, Outcome.FAILED),
    ],
)
def test_a_reason_at_every_function_answers(policy: Policy, tag: str, text: str, expected: Outcome) -> None:
    assert answer(policy, *things(fn("f", tags={tag: text}), fn("g", environment=RATES))).verdict.outcome is expected


def test_of_several_reasons_the_one_that_ends_first_counts(policy: Policy) -> None:
    sooner = BANK.replace("06-30", "02-28")
    found = answer(policy, *things(fn("f", tags={"serverful:fixed-ip": BANK}), fn("g", tags={"serverful:fixed-ip": sooner})))
    assert found.verdict.reason is not None
    assert found.verdict.reason.until.isoformat() == "2026-02-28"


@pytest.mark.parametrize("where", ["address", "nat"])
def test_a_reason_at_the_address_or_its_gateway_answers_for_all(policy: Policy, where: str) -> None:
    given: dict[str, Any] = {where: {"tags": {"serverful:fixed-ip": BANK}}}
    assert answer(policy, *things(fn("f"), fn("g"), **given)).verdict.outcome is Outcome.JUSTIFIED


@pytest.mark.parametrize(("where", "at"), [("address", "aws_eip.nat"), ("nat", "aws_nat_gateway.main")])
def test_a_reason_that_has_ended_is_told_of(policy: Policy, where: str, at: str) -> None:
    given: dict[str, Any] = {where: {"tags": {"serverful:fixed-ip": EXPIRED}}}
    found = answer(policy, *things(fn("f"), **given))
    assert found.verdict.outcome is Outcome.FAILED
    assert f"serverful:fixed-ip at {at} is expired" in found.verdict.says
    assert "is expired" in answer(policy, *things(fn("f", environment=RATES), **given)).verdict.says


def test_a_renewed_reason_silences_the_ended_one(policy: Policy) -> None:
    given: dict[str, Any] = {
        "address": {"tags": {"serverful:fixed-ip": EXPIRED}},
        "nat": {"comments": [f"serverful:fixed-ip {BANK}"]},
    }
    found = answer(policy, *things(fn("f"), **given))
    assert found.verdict.outcome is Outcome.JUSTIFIED
    assert "expired" not in found.verdict.says


# --- where it cannot be told ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "open_part"),
    [
        ({"to": route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY, exists=unknown("var.internet"))}, "var.internet"),
        ({"nat": {"connectivity": unknown("var.connectivity")}}, "var.connectivity"),
    ],
    ids=["route", "connectivity"],
)
def test_what_is_decided_outside_is_undecided(policy: Policy, given: dict[str, Any], open_part: str) -> None:
    found = answer(policy, *things(fn("f"), **given))
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert [part.expression for part in found.verdict.unknown] == [open_part]


def test_a_recorded_reason_answers_where_only_the_users_are_unknown(policy: Policy) -> None:
    perhaps = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY, exists=unknown("var.internet"))
    recorded = {"tags": {"serverful:fixed-ip": BANK}}
    assert answer(policy, *things(fn("f"), to=perhaps, address=recorded)).verdict.outcome is Outcome.JUSTIFIED
    regional = {"availability": "regional", "addresses": outside("var.zones"), **recorded}
    found = answers(policy, things(fn("f"), nat=regional))
    assert [(f.address, f.verdict.outcome) for f in found] == [("aws_nat_gateway.main", Outcome.UNDECIDED)]


def test_an_address_in_the_hands_of_a_module_that_is_not_read(policy: Policy) -> None:
    call = module_call("module.vpc", "terraform-aws-modules/vpc/aws", "external_nat_ip_ids", links=(link("aws_eip.a.id"),))
    subnets = listing(link("module.vpc.private_subnets", origin="module", target="module.vpc"))
    inside_it = function("aws_lambda_function.f", attachment=attachment(subnets=subnets))
    found = answer(policy, eip("aws_eip.a"), call, inside_it)
    assert (found.verdict.outcome, found.verdict.unknown[0].expression) == (Outcome.UNDECIDED, "module.vpc")
    assert answers(policy, [eip("aws_eip.a"), call, fn("f")]) == []
    said = answer(policy, eip("aws_eip.a", tags={"Name": "lambda-egress"}), call)
    assert said.verdict.outcome is Outcome.UNDECIDED


def test_addresses_of_a_module_that_is_not_read_have_no_block_to_speak_of(policy: Policy) -> None:
    call = module_call("module.vpc", "terraform-aws-modules/vpc/aws", "enable_nat_gateway")
    told = [output("lambda_egress_ips", "module.vpc.nat_public_ips")]
    assert answers(policy, [call, fn("f")], told) == []


# --- not ours ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        [],
        [function("aws_lambda_function.f")],
        [function("aws_lambda_function.f", attachment=attachment())],
        [store("aws_instance.i", "instance", subnets=inside("aws_subnet.a.id"))],
    ],
    ids=["nobody", "without VPC", "subnets from outside", "an instance"],
)
def test_an_address_that_serves_no_function_is_not_ours(policy: Policy, more: list[Thing]) -> None:
    told = [output("nat_public_ips", "aws_eip.nat.public_ip", description="Static addresses for allow lists")]
    assert answers(policy, things(*more), told) == []


@pytest.mark.parametrize(
    "given", [{"connectivity": "private"}, {"availability": "regional", "addresses": listing()}], ids=["private", "regional, automatic"]
)
def test_a_gateway_that_pins_nothing_is_not_ours(policy: Policy, given: dict[str, Any]) -> None:
    assert answers(policy, things(fn("f"), nat=given)) == []


# --- said to be for functions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "given", "told"),
    [
        ("aws_eip.lambda_egress", {}, []),
        ("aws_eip.a", {"tags": {"Name": "whitelist for the webhook lambda"}}, []),
        ("aws_eip.a", {}, [output("lambda_egress_ip", "aws_eip.a.public_ip")]),
        ("aws_eip.a", {}, [output("allowlist", "aws_eip.a.public_ip", description="IPs of our Lambda functions")]),
        ("aws_eip.a", {"tags": {"serverful:fixed-ip": EXPIRED}}, []),
    ],
)
def test_an_address_that_is_said_to_be_for_functions(policy: Policy, address: str, given: dict[str, Any], told: list[Output]) -> None:
    (found,) = answers(policy, [eip(address, **given)], told)
    assert found.verdict.outcome is Outcome.FAILED
    assert "none of which stands in this root" in found.verdict.says


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("aws_eip.lambda", {}),  # for functions, but what for?
        ("aws_eip.egress", {"tags": {"Name": "partner-allowlist"}}),
        ("aws_eip.lambda_egress", {"holder": link("aws_instance.i.id")}),
        ("aws_eip.lambda_static", {"holder": link("aws_lb.front.id")}),
        ("aws_eip.a", {"tags": {"Project": "lambda-egress"}}),
    ],
)
def test_an_address_of_which_too_little_is_said(policy: Policy, address: str, given: dict[str, Any]) -> None:
    assert answers(policy, [eip(address, **given)]) == []


def test_on_a_gateway_it_is_enough_to_be_for_functions(policy: Policy) -> None:
    assert [f.address for f in answers(policy, things(nat={"tags": {"Name": "lambda"}}))] == ["aws_eip.nat"]


# --- other ways out ---------------------------------------------------------------------------------------------------------------


def test_a_nat_instance_with_an_address(policy: Policy) -> None:
    to = route("0.0.0.0/0", "aws_instance.nat.id", Target.INSTANCE)
    machine = store("aws_instance.nat", "instance", is_forwarding=known(value=True))
    held = {"holder": link("aws_instance.nat.id")}
    found = answer(policy, *things(fn("f"), machine, to=to, address=held, nat={"addresses": listing()}))
    assert (found.address, found.verdict.outcome, found.severity) == ("aws_eip.nat", Outcome.FAILED, Severity.MEDIUM)
    assert any("NAT instance" in step.says for step in found.verdict.path)
    passed = answer(policy, *things(fn("f", environment=RATES), machine, to=to, address=held, nat={"addresses": listing()}))
    assert passed.verdict.outcome is Outcome.PASSED


@pytest.mark.parametrize("environment_", [environment(), RATES], ids=["nothing", "a host on the internet"])
def test_an_address_on_an_interface_of_lambdas_is_high_whatever_is_called(policy: Policy, environment_: Any) -> None:
    lookup = interface_lookup("data.aws_network_interface.l", description="AWS Lambda VPC ENI-f-*")
    on_it = eip("aws_eip.a", holder=link("data.aws_network_interface.l.id"))
    found = answer(policy, lookup, on_it, fn("f", environment=environment_))
    assert (found.verdict.outcome, found.severity) == (Outcome.FAILED, Severity.HIGH)
    assert "aws_lambda_function.f" in found.verdict.says
    justified = eip("aws_eip.a", holder=link("data.aws_network_interface.l.id"), tags={"serverful:fixed-ip": BANK})
    assert answer(policy, lookup, justified, fn("f")).verdict.outcome is Outcome.JUSTIFIED


def test_an_address_from_outside_on_such_an_interface(policy: Policy) -> None:
    lookup = interface_lookup("data.aws_network_interface.l", interface_type="lambda")
    joined = eip_association("aws_eip_association.a", "var.allocation_id", "data.aws_network_interface.l.id")
    assert (answer(policy, lookup, joined).address, answer(policy, lookup, joined).severity) == ("aws_eip_association.a", Severity.HIGH)


def test_a_capacity_provider_is_a_user_and_its_functions_explain(policy: Policy) -> None:
    provider = capacity_provider("aws_lambda_capacity_provider.p", attachment=IN_SUBNET)
    on_it = function("aws_lambda_function.f", capacity_provider=link("aws_lambda_capacity_provider.p.arn"), environment=RATES)
    assert answer(policy, *things(provider)).verdict.outcome is Outcome.FAILED
    assert answer(policy, *things(provider, on_it)).verdict.outcome is Outcome.PASSED


def test_what_may_not_exist_says_so(policy: Policy) -> None:
    found = answer(policy, *things(fn("f"), address={"exists": unknown("var.zones")}))
    assert "if it exists: var.zones decides that" in found.verdict.says


def test_five_thousand_functions_behind_one_address(policy: Policy) -> None:
    found = answer(policy, *things(*(fn(f"f{number}") for number in range(5_000))))
    assert "and 4997 more leave" in found.verdict.says
    assert len(found.verdict.says) < 500
