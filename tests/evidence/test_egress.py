"""What a way to the internet could be for: hosts in the environment, AWS APIs in the role, and the ways themselves."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    capacity_provider,
    document,
    endpoint,
    environment,
    estate,
    function,
    inside,
    known,
    link,
    listing,
    module_call,
    nat_gateway,
    role,
    route,
    route_table,
    rule,
    security_group,
    statement,
    store,
    subnet,
    unknown,
    vpc,
)
from serverful.estate.model import Route, Target, Thing
from serverful.estate.value import Unknown
from serverful.evidence.aws_apis import aws_apis_of
from serverful.evidence.destinations import destinations, is_on_internet
from serverful.evidence.egress import Egress, apis_through_nat, egress_of
from serverful.evidence.nat_account import named, nat_account

NAT = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY)
IGW = route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY)
IGW6 = route("::/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY)


# --- hosts on the internet -------------------------------------------------------------------------------------------------------------


def hosts(*things: Thing, **variables: Any) -> list[str]:
    asked = function("aws_lambda_function.f", environment=environment(**variables))
    return [found.host for found in destinations(asked, estate(asked, *things))]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://api.partner.example/v2", "api.partner.example"),
        ("https://API.Partner.Example", "api.partner.example"),
        ("https://api.partner.example:8443/v2?x=1", "api.partner.example"),
        ("https://key@o1.ingest.sentry.io/4", "o1.ingest.sentry.io"),
        ("mongodb+srv://user:pass@cluster0.abcde.mongodb.net/orders", "cluster0.abcde.mongodb.net"),
        ("https://203.0.113.10/in", "203.0.113.10"),
        ('{"carrier": {"url": "https://api.partner.example/v2"}}', "api.partner.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://d111111abcdef8.cloudfront.net/", "d111111abcdef8.cloudfront.net"),
    ],
)
def test_a_url_names_its_host_whatever_the_variable_is_called(text: str, host: str) -> None:
    assert hosts(SETTINGS=text) == [host]


@pytest.mark.parametrize(
    "text",
    [
        "https://sqs.eu-central-1.amazonaws.com/111122223333/orders",
        "https://sqs.cn-north-1.amazonaws.com.cn/1/orders",
        "https://abc.lambda-url.eu-central-1.on.aws/",
        "https://internal-lb-1.eu-central-1.elb.amazonaws.com",
        "https://lambda.eu-central-1.api.aws",
        "https://ledger.corp/",
        "https://ledger.shop.internal:8080/",
        "http://localhost:3000",
        "http://ledger:8080",
        "http://10.20.1.5/",
        "http://192.168.1.1",
        "http://172.16.0.4:80",
        "http://100.64.0.9",
        "http://169.254.169.254/latest",
        "http://[fd00::5]:80/",
        "s3://my.bucket.example/key",
        "file:///etc/my.conf",
        "app.handler",
        "1.2.3.4",
        "noreply@shop.example",
        "",
    ],
)
def test_what_is_private_or_awss_own_is_no_destination(text: str) -> None:
    assert hosts(SETTINGS=text) == []


def test_a_bare_host_counts_where_the_name_speaks_of_one() -> None:
    assert hosts(PARTNER_HOST="api.partner.example") == ["api.partner.example"]
    assert hosts(SMTP_SERVER="smtp.partner.example:587") == ["smtp.partner.example"]
    assert hosts(BROKERS="b1.partner.example:9092,b2.partner.example:9092") == ["b1.partner.example", "b2.partner.example"]
    assert hosts(FTP_HOST="203.0.113.10") == ["203.0.113.10"]
    assert hosts(CONFIG_CLASS="com.example.settings") == []
    assert hosts(DB_HOST="10.20.1.5") == []


def test_names_for_browsers_are_not_called() -> None:
    assert hosts(CORS_ORIGIN="https://www.shop.example", ALLOWED_ORIGINS="https://www.shop.example", JWT_AUDIENCE="https://x.example") == []
    assert hosts(ORIGIN_URL="https://www.shop.example") == ["www.shop.example"]


def test_a_host_in_a_private_zone_of_the_root_is_private() -> None:
    zone = store("aws_route53_zone.inner", "private zone", names=("inner.shop.example",))
    assert hosts(zone, API_URL="https://ledger.inner.shop.example/") == []
    assert hosts(zone, API_URL="https://ledger.shop.example/") == ["ledger.shop.example"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"https://api.partner.example/${var.stage}"', ["api.partner.example"]),
        ('jsonencode({url = "https://api.partner.example/v2", key = var.key})', ["api.partner.example"]),
        ('"https://${var.tenant}.partner.example/"', []),
        ('"https://api.${var.domain}/"', []),
        ('"https://api.partner.${var.tld}"', []),
        ('var.live ? "https://api.partner.example" : ""', []),
        ('"https://first.last:${var.password}@ledger.shop.internal/"', []),
        ("var.api_url", []),
    ],
)
def test_a_host_counts_when_it_is_wholly_literal(expression: str, expected: list[str]) -> None:
    assert hosts(API_URL=unknown(expression)) == expected


def test_evidence_names_the_host_and_never_the_value() -> None:
    asked = function("aws_lambda_function.f", environment=environment(DSN="postgres://admin:hunter2@db.partner.example/orders"))
    (found,) = destinations(asked, estate(asked))
    assert found.evidence.says == "environment variable DSN names db.partner.example"


def test_links_to_this_root_are_no_destination() -> None:
    assert hosts(API=link("aws_apigatewayv2_api.own.api_endpoint"), CDN=link("aws_cloudfront_distribution.own.domain_name")) == []


def test_amazonaws_inside_a_foreign_name_is_foreign() -> None:
    assert is_on_internet("amazonaws.com.partner.example")
    assert is_on_internet("notamazonaws.com")
    assert not is_on_internet("amazonaws.com")


# --- AWS APIs ---------------------------------------------------------------------------------------------------------------------------


def apis(*actions: str) -> list[str]:
    own = role("aws_iam_role.f", document(statement(*actions)))
    asked = function("aws_lambda_function.f", role=link("aws_iam_role.f.arn"))
    return [api.name for api in aws_apis_of(asked, estate(asked, own))]


def test_apis_are_named_once_and_sorted() -> None:
    assert apis("sqs:SendMessage", "dynamodb:GetItem", "dynamodb:PutItem", "s3:*") == ["DynamoDB", "S3", "SQS"]


def test_what_the_function_does_not_call_over_its_network_is_not_named() -> None:
    assert apis("logs:PutLogEvents", "ec2:CreateNetworkInterface", "xray:PutTraceSegments", "rds-db:connect") == []
    assert apis("sqs:ReceiveMessage", "sqs:DeleteMessage", "kinesis:GetRecords", "dynamodb:GetRecords") == []
    assert apis("sqs:ReceiveMessage", "sqs:SendMessage") == ["SQS"]
    assert apis("*") == []


def test_a_role_from_outside_names_nothing() -> None:
    asked = function("aws_lambda_function.f", role=link("var.role_arn"))
    assert aws_apis_of(asked, estate(asked)) == ()


# --- ways -------------------------------------------------------------------------------------------------------------------------------


def network(*routes: Route, **subnet_arguments: Any) -> list[Thing]:
    return [
        vpc("aws_vpc.main"),
        subnet("aws_subnet.a", **subnet_arguments),
        route_table("aws_route_table.a", *routes),
        association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id"),
        nat_gateway("aws_nat_gateway.main", addresses=inside("aws_eip.nat.id")),
    ]


def egress(*things: Thing, **vpc_config: Any) -> Egress:
    asked = function("aws_lambda_function.f", attachment=attachment(**{"subnets": inside("aws_subnet.a.id"), **vpc_config}))
    found = egress_of(asked, estate(asked, *things))
    assert found is not None
    return found


def expressions(unknowns: tuple[Unknown, ...]) -> list[str]:
    return [part.expression for part in unknowns]


def test_a_function_without_vpc_has_no_egress_to_ask_about() -> None:
    plain, open_ = function("aws_lambda_function.f"), function("aws_lambda_function.g", attachment=unknown("var.vpc"))
    assert egress_of(plain, estate(plain)) is None
    assert egress_of(open_, estate(open_)) is None


def test_two_subnets_on_one_way_are_told_once() -> None:
    second = [
        subnet("aws_subnet.b"),
        association("aws_route_table_association.b", "aws_route_table.a.id", subnet="aws_subnet.b.id"),
    ]
    found = egress(*network(NAT), *second, subnets=inside("aws_subnet.a.id", "aws_subnet.b.id"))
    assert [nat.address for nat in found.nats] == ["aws_nat_gateway.main"]
    said = [step.says for step in found.nat_path]
    assert said.count("public NAT gateway") == 1
    assert "vpc_config attaches the function to aws_subnet.b" in said
    assert "gives aws_subnet.b the route table aws_route_table.a" in said
    assert said.count("subnet in eu-central-1a") == 1


def test_what_hides_a_nat_gateway_is_not_what_hides_a_public_subnet() -> None:
    conditional_igw = egress(*network(route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY, exists=unknown("var.x"))))
    assert conditional_igw.nat_unknown == ()
    assert expressions(conditional_igw.public_unknown) == ["var.x"]
    unknown_nat = egress(*network(route("0.0.0.0/0", "var.nat", Target.NAT_GATEWAY)))
    assert expressions(unknown_nat.nat_unknown) == ["var.nat"]
    assert unknown_nat.public_unknown == ()


# --- IPv6 -------------------------------------------------------------------------------------------------------------------------------

DUAL = {"ipv6_cidr": known("2001:db8::/64")}


def test_ipv6_leads_out_when_function_subnet_and_route_agree() -> None:
    assert egress(*network(IGW, IGW6, **DUAL), ipv6_allowed=True).ipv6_path
    egress_only = route("::/0", "aws_egress_only_internet_gateway.main.id", Target.EGRESS_ONLY_GATEWAY)
    assert egress(*network(IGW, egress_only, **DUAL), ipv6_allowed=True).ipv6_path


@pytest.mark.parametrize(
    ("routes", "dual", "allowed"),
    [((IGW, IGW6), DUAL, False), ((IGW,), DUAL, True)],
    ids=["not allowed", "no route"],
)
def test_ipv6_certainly_does_not_lead_out(routes: tuple[Route, ...], dual: dict[str, Any], allowed: bool) -> None:
    found = egress(*network(*routes, **dual), ipv6_allowed=allowed)
    assert found.ipv6_path == ()
    assert found.ipv6_unknown == ()


def test_what_hides_the_ipv6_way_is_named() -> None:
    assert expressions(egress(*network(IGW, IGW6, **DUAL), ipv6_allowed=unknown("var.ipv6")).ipv6_unknown) == ["var.ipv6"]
    assert expressions(egress(*network(IGW, IGW6), ipv6_allowed=True).ipv6_unknown) == ["the IPv6 range of aws_subnet.a"]


# --- the account of a NAT gateway -----------------------------------------------------------------------------------------------------


def accounted(*things: Thing, actions: tuple[str, ...] = ("dynamodb:GetItem", "sqs:SendMessage"), **variables: Any) -> Any:
    asked = function(
        "aws_lambda_function.f",
        attachment=attachment(subnets=inside("aws_subnet.a.id"), security_groups=listing()),
        role=link("aws_iam_role.f.arn"),
        environment=environment(**variables),
    )
    whole = estate(asked, role("aws_iam_role.f", document(statement(*actions))), *network(NAT), *things)
    found = egress_of(asked, whole)
    assert found is not None
    return nat_account(asked, found, whole), apis_through_nat(asked, found, whole)


def test_an_api_with_an_endpoint_on_the_way_needs_no_nat_gateway() -> None:
    gateway = endpoint("aws_vpc_endpoint.d", service="dynamodb", route_tables=inside("aws_route_table.a.id"))
    _, through = accounted(gateway)
    assert [api.name for api in through] == ["SQS"]


def test_kinesis_is_known_by_the_name_of_its_endpoint() -> None:
    streams = endpoint("aws_vpc_endpoint.k", service="kinesis-streams", kind="Interface")
    _, through = accounted(streams, actions=("kinesis:PutRecord",))
    assert through == ()


def test_hidden_endpoints_say_nothing_about_apis() -> None:
    call = module_call("module.endpoints", "terraform-aws-modules/vpc/aws//modules/vpc-endpoints", "endpoints")
    _, through = accounted(call)
    assert through == ()


def test_the_account_says_what_was_looked_at_and_what_to_write() -> None:
    account, _ = accounted(TABLE="orders", LOG_LEVEL="INFO")
    assert "aws_nat_gateway.main" in account.unexplained
    assert "Functions alone use it: aws_lambda_function.f." in account.unexplained
    assert account.missed == (
        "environment: no host on the internet outside AWS in TABLE and LOG_LEVEL",
        "role aws_iam_role.f: DynamoDB and SQS without an endpoint on this way; an AWS API is no reason for a NAT gateway",
        "recorded reasons: none in date under serverful:fixed-ip, and none of category fixed-ip or private-service under serverful:vpc",
    )
    assert "DynamoDB by aws_vpc_endpoint (Gateway, route_table_ids = [aws_route_table.a.id])" in account.instead
    assert "SQS by aws_vpc_endpoint (Interface, private_dns_enabled = true)" in account.instead
    assert "remove the default route and the NAT gateway" in account.instead


def test_a_gateway_that_others_need_stays() -> None:
    account, _ = accounted(store("aws_instance.relay", "instance", subnets=inside("aws_subnet.a.id")))
    assert "Others need it as well: aws_instance.relay" in account.unexplained
    assert "remove the default route and the NAT gateway" not in account.instead
    assert "subnets whose aws_route_table has no default route" in account.instead


def test_a_gateway_that_another_function_rightly_uses_stays() -> None:
    partner = function(
        "aws_lambda_function.partner",
        attachment=attachment(subnets=inside("aws_subnet.a.id"), security_groups=listing()),
        role=link("aws_iam_role.f.arn"),
        environment=environment(PARTNER_URL="https://api.partner.example/v1"),
    )
    account, _ = accounted(partner)
    assert "the gateway stays for aws_lambda_function.partner" in account.instead


def test_names_are_joined_as_people_do() -> None:
    assert named(["a"]) == "a"
    assert named(["a", "b"]) == "a and b"
    assert named(["a", "b", "c"]) == "a, b and c"
    assert named(["a", "b", "c", "d", "e", "f"]) == "a, b, c and 3 more"


# --- capacity providers ----------------------------------------------------------------------------------------------------------------


def provider_behind_nat(*things: Thing, **given: Any) -> tuple[Any, Any]:
    """What the NAT gateway of a capacity provider serves, and who uses it."""
    asked = capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(subnets=inside("aws_subnet.a.id"), **given))
    whole = estate(
        asked,
        vpc("aws_vpc.main"),
        subnet("aws_subnet.a"),
        association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id"),
        route_table("aws_route_table.a", NAT),
        nat_gateway("aws_nat_gateway.main"),
        *things,
    )
    found = egress_of(asked, whole)
    assert found is not None
    account = nat_account(asked, found, whole)
    return account, account.users


OWN_GROUP = {"security_groups": inside("aws_security_group.p.id")}
GROUP = security_group("aws_security_group.p", rule("egress", cidrs=listing("0.0.0.0/0")))


def on_provider(name: str, **given: Any) -> Thing:
    given.setdefault("role", link("aws_iam_role.f.arn"))
    return function(f"aws_lambda_function.{name}", capacity_provider=link("aws_lambda_capacity_provider.p.arn"), **given)


class TestCapacityProvider:
    def test_what_it_serves_is_what_its_functions_call(self) -> None:
        caller = on_provider("f", environment=environment(RATES_URL="https://rates.bank.example"))
        account, users = provider_behind_nat(GROUP, role("aws_iam_role.f"), caller, **OWN_GROUP)
        assert [found.host for found in account.destinations] == ["rates.bank.example"]
        assert [user.address for user in users.attached] == ["aws_lambda_capacity_provider.p"]
        assert users.is_functions_only

    def test_nothing_is_open_when_its_functions_and_groups_are_seen(self) -> None:
        account, _ = provider_behind_nat(GROUP, role("aws_iam_role.f"), on_provider("f"), **OWN_GROUP)
        assert account.openings == ()
        assert "capacity provider's way" in account.unexplained
        assert "cannot leave the VPC" in account.instead

    def test_functions_elsewhere_leave_it_open(self) -> None:
        account, _ = provider_behind_nat(GROUP, **OWN_GROUP)
        assert [part.expression for part in account.unknown] == ["the functions on aws_lambda_capacity_provider.p"]

    def test_a_function_that_may_run_on_it_leaves_it_open(self) -> None:
        perhaps = function("aws_lambda_function.g", capacity_provider=unknown("var.provider"), role=link("aws_iam_role.f.arn"))
        account, _ = provider_behind_nat(GROUP, role("aws_iam_role.f"), on_provider("f"), perhaps, **OWN_GROUP)
        assert [part.expression for part in account.unknown] == ["var.provider"]

    def test_a_module_that_is_given_it_leaves_it_open(self) -> None:
        call = module_call("module.f", "terraform-aws-modules/lambda/aws", links=(link("aws_lambda_capacity_provider.p.arn"),))
        account, _ = provider_behind_nat(GROUP, role("aws_iam_role.f"), on_provider("f"), call, **OWN_GROUP)
        assert [part.expression for part in account.unknown] == ["module.f"]

    def test_groups_from_outside_leave_it_open(self) -> None:
        account, _ = provider_behind_nat(role("aws_iam_role.f"), on_provider("f"))
        assert [part.expression for part in account.unknown] == ["var.security_group_ids"]


def test_what_needs_its_vpc_is_not_told_to_leave_it() -> None:
    assert accounted()[0].instead.startswith("If nothing private is reached, remove vpc_config")
    ledger = store("aws_db_instance.l")
    account, _ = accounted(ledger, DB_HOST=link("aws_db_instance.l.address"))
    assert account.instead.startswith("Keep the VPC for what is private in it: remove the default route and the NAT gateway")


@pytest.mark.parametrize(("action", "names"), [("es:ESHttpPost", []), ("es:DescribeDomain", ["OpenSearch"]), ("aoss:APIAccessAll", [])])
def test_requests_to_a_domain_are_no_calls_to_an_api(action: str, names: list[str]) -> None:
    assert [api.name for api in accounted(actions=(action,))[1]] == names
