"""What is positive evidence that a function talks to public AWS services only, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    document,
    endpoint,
    environment,
    estate,
    function,
    inside,
    known,
    link,
    listing,
    other,
    outside,
    place,
    role,
    rule,
    secret,
    security_group,
    statement,
    store,
    unknown,
)
from serverful.estate.estate import Estate
from serverful.estate.model import Function, ManagedPolicy, Rule, Statement, Thing
from serverful.evidence.identity_services import identity_services
from serverful.evidence.narrow_egress import narrow_egress
from serverful.evidence.public_services import PublicServices, public_services
from serverful.evidence.role_services import RoleServices, role_services
from serverful.evidence.services import managed_policies

FN = "aws_lambda_function.orders"
OWN = "aws_security_group.orders"
ROLE = "aws_iam_role.orders"
HTTPS = rule("egress", cidrs=listing("0.0.0.0/0"), at=place(OWN, "net.tf", 30))
VPC_CONFIG = attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside(f"{OWN}.id"))
READ = statement("dynamodb:GetItem", resources=["aws_dynamodb_table.orders.arn"], at=place(ROLE, "iam.tf", 5))


# --- roles ------------------------------------------------------------------------------------------------------------------------


def of_role(*statements: Statement, managed: tuple[str, ...] = (), things: tuple[Thing, ...] = ()) -> RoleServices:
    policies = tuple(ManagedPolicy(name, place("aws_iam_role_policy_attachment.a", "iam.tf", 20)) for name in managed)
    return role_services(estate(role(ROLE, document(*statements), managed=policies), *things), ROLE)


class TestRole:
    def test_actions_of_services_that_check_identity(self) -> None:
        found = of_role(READ, statement("s3:PutObject", "s3:Get*"), statement("sqs:*"))
        assert (found.names, found.wide, found.lacking) == (("DynamoDB", "S3", "SQS"), (), "")
        assert next(seen.says for seen in found.path) == f"{ROLE} allows dynamodb:GetItem"

    @pytest.mark.parametrize("action", ["logs:*", "logs:PutLogEvents", "xray:PutTraceSegments", "ec2:CreateNetworkInterface"])
    def test_upkeep_says_nothing_either_way(self, action: str) -> None:
        assert of_role(READ, statement(action)).names == ("DynamoDB",)
        assert "nothing that the function's own code" in of_role(statement(action)).lacking

    @pytest.mark.parametrize(
        "action", ["sqs:ReceiveMessage", "dynamodb:GetRecords", "kinesis:SubscribeToShard"], ids=["queue", "table's stream", "stream"]
    )
    def test_what_pollers_use_is_no_work_of_the_code(self, action: str) -> None:
        assert of_role(statement(action)).lacking
        assert not of_role(READ, statement(action)).lacking

    def test_a_queue_for_failures_is_no_work_of_the_code(self) -> None:
        assert of_role(statement("sqs:SendMessage", resources=["aws_sqs_queue.orders_dlq.arn"])).lacking
        assert not of_role(statement("sqs:SendMessage", resources=["aws_sqs_queue.orders.arn"])).lacking

    @pytest.mark.parametrize("action", ["*", "*:Get*", "rds:*", "es:*", "kafka:*"])
    def test_wide_actions_may_be_meant_for_anything(self, action: str) -> None:
        found = of_role(READ, statement(action, at=place(ROLE, "iam.tf", 9)))
        assert not found.lacking
        assert [(part.expression, part.place.spot) for part in found.wide] == [(f"what {action} is meant for", "iam.tf:9")]

    @pytest.mark.parametrize(
        "action", ["rds:DescribeDBInstances", "execute-api:Invoke", "ec2:DescribeInstances", "es:ESHttpGet", "nosuchservice:Read"]
    )
    def test_other_services_are_no_evidence(self, action: str) -> None:
        assert action in of_role(READ, statement(action)).lacking

    @pytest.mark.parametrize("action", ["secretsmanager:GetSecretValue", "secretsmanager:*", "ssm:Get*", "sts:AssumeRole"])
    def test_what_hides_the_next_step_is_no_evidence(self, action: str) -> None:
        assert of_role(READ, statement(action, resources=["arn:aws:secretsmanager:eu-central-1:1:secret:stripe"])).lacking

    @pytest.mark.parametrize("action", ["secretsmanager:ListSecrets", "ssm:PutParameter", "sts:GetCallerIdentity"])
    def test_what_hides_nothing_is(self, action: str) -> None:
        assert not of_role(READ, statement(action)).lacking

    def test_a_parameter_that_is_seen_to_hold_a_name(self) -> None:
        table = other("aws_dynamodb_table.orders")
        reads = statement("ssm:GetParameter", resources=["aws_ssm_parameter.table.arn"])
        named = secret("aws_ssm_parameter.table", "aws_dynamodb_table.orders.name")
        sealed = secret("aws_ssm_parameter.table")
        assert not of_role(READ, reads, things=(table, named)).lacking
        assert of_role(READ, reads, things=(table, sealed)).lacking

    def test_a_secret_holds_more_than_it_refers_to(self) -> None:
        reads = statement("secretsmanager:GetSecretValue", resources=["aws_secretsmanager_secret.a.arn"])
        named = secret("aws_secretsmanager_secret.a", "aws_dynamodb_table.orders.name")
        assert of_role(READ, reads, things=(other("aws_dynamodb_table.orders"), named)).lacking

    def test_the_secret_that_the_data_api_asks_for(self) -> None:
        runs = statement("rds-data:ExecuteStatement", resources=["aws_rds_cluster.a.arn"])
        reads = statement("secretsmanager:GetSecretValue", resources=["aws_rds_cluster.a.master_user_secret"])
        other_reads = statement("secretsmanager:GetSecretValue", resources=["aws_secretsmanager_secret.stripe.arn"])
        things = (store("aws_rds_cluster.a"), secret("aws_secretsmanager_secret.stripe"))
        assert of_role(runs, reads, things=things).names == ("RDS Data API",)
        assert of_role(runs, other_reads, things=things).lacking

    def test_an_effect_that_is_not_known_gives_no_name(self) -> None:
        assert of_role(statement("dynamodb:GetItem", effect=unknown("var.effect"))).lacking

    def test_managed_policies_are_known_by_name(self) -> None:
        found = of_role(managed=("AWSLambdaVPCAccessExecutionRole", "AmazonDynamoDBFullAccess"))
        assert (found.names, found.lacking) == (("what AmazonDynamoDBFullAccess allows",), "")
        assert found.path[0].as_of == managed_policies().as_of

    @pytest.mark.parametrize(
        "name", ["AmazonRDSFullAccess", "SecretsManagerReadWrite", "AmazonSSMReadOnlyAccess", "AWSLambdaMSKExecutionRole", "NoSuchPolicy"]
    )
    def test_managed_policies_of_other_services_are_no_evidence(self, name: str) -> None:
        assert name in of_role(READ, managed=(name,)).lacking

    def test_a_managed_policy_for_everything_is_wide(self) -> None:
        assert [part.expression for part in of_role(READ, managed=("AdministratorAccess",)).wide] == [
            "what AdministratorAccess is meant for"
        ]


def test_every_managed_policy_that_is_named_is_known() -> None:
    named = {*identity_services().in_passing, *identity_services().upkeep_policies}
    assert named - managed_policies().prefixes.keys() == set()


# --- egress -----------------------------------------------------------------------------------------------------------------------


def egress_of(*rules: Rule, things: tuple[Thing, ...] = (), **given: Any) -> str:
    """What is lacking; empty for a narrow egress."""
    return narrow_egress(VPC_CONFIG, estate(security_group(OWN, *rules, **given), *things)).lacking


ENDPOINTS = (endpoint("aws_vpc_endpoint.sqs", service="sqs", kind="Interface", security_groups=inside("aws_security_group.ends.id")),)


class TestEgress:
    @pytest.mark.parametrize(
        "narrow",
        [
            HTTPS,
            rule("egress", cidrs=listing("0.0.0.0/0", "::/0")),
            rule("egress", prefix_lists=inside("aws_vpc_endpoint.s3.prefix_list_id")),
            rule("egress", protocol="-1", ports=(None, None), prefix_lists=inside("data.aws_prefix_list.any.id")),
            rule("egress", prefix_lists=inside("data.aws_ec2_managed_prefix_list.dynamodb.id")),
            rule("egress", peers=inside("aws_security_group.ends.id")),
            rule("egress", protocol="-1", ports=(None, None), peers=inside("aws_security_group.ends.id")),
            rule("egress", peers=inside("data.aws_security_group.vpc_endpoints.id")),
            rule("egress", cidrs=listing("10.0.0.0/16")),
        ],
        ids=["https", "dual stack", "gateway", "AWS list", "managed list", "endpoints", "endpoints, all ports", "by name", "own range"],
    )
    def test_narrow(self, narrow: Rule) -> None:
        assert egress_of(narrow, things=(*ENDPOINTS, endpoint("aws_vpc_endpoint.s3"))) == ""

    @pytest.mark.parametrize(
        "wide",
        [
            rule("egress", protocol="-1", ports=(None, None), cidrs=listing("0.0.0.0/0")),
            rule("egress", ports=(443, 8443), cidrs=listing("0.0.0.0/0")),
            rule("egress", ports=(80, 80), cidrs=listing("0.0.0.0/0")),
            rule("egress", cidrs=listing("203.0.113.0/24")),
            rule("egress", cidrs=listing(unknown=[unknown("var.cidrs")])),
            rule("egress", ports=(unknown("var.port"), unknown("var.port")), cidrs=listing("0.0.0.0/0")),  # type: ignore[arg-type]
            rule("egress", prefix_lists=inside("aws_ec2_managed_prefix_list.offices.id")),
            rule("egress", prefix_lists=inside("data.aws_ec2_managed_prefix_list.offices.id")),
            rule("egress", prefix_lists=listing(link("pl-0123456789"))),
            rule("egress", peers=inside("aws_security_group.balancer.id")),
        ],
        ids=[
            "all",
            "range",
            "http",
            "partner",
            "from outside",
            "unknown port",
            "own list",
            "list elsewhere",
            "literal list",
            "other group",
        ],
    )
    def test_not_narrow(self, wide: Rule) -> None:
        assert egress_of(HTTPS, wide, things=ENDPOINTS)

    def test_dns_and_the_group_itself_are_no_destinations(self) -> None:
        dns = rule("egress", protocol="udp", ports=(53, 53), cidrs=listing("10.0.0.2/32"))
        itself = rule("egress", protocol="-1", ports=(None, None), peers=inside(f"{OWN}.id"), is_self=True)
        assert egress_of(HTTPS, dns, itself) == ""
        assert egress_of(dns, itself) == "its security groups let nothing out"

    def test_a_group_that_a_load_balancer_shares_is_no_group_of_endpoints(self) -> None:
        balancer = store("aws_lb.web", "load balancer", is_in_vpc=False, security_groups=inside("aws_security_group.ends.id"))
        assert egress_of(rule("egress", peers=inside("aws_security_group.ends.id")), things=(*ENDPOINTS, balancer))

    @pytest.mark.parametrize("service", ["execute-api", "appsync-api"])
    def test_an_endpoint_of_private_apis_is_none(self, service: str) -> None:
        private = endpoint("aws_vpc_endpoint.api", service=service, kind="Interface", security_groups=inside("aws_security_group.api.id"))
        assert egress_of(rule("egress", peers=inside("aws_security_group.api.id")), things=(private,))

    def test_groups_and_rules_from_outside(self) -> None:
        assert egress_of(HTTPS, unseen=(unknown("var.rules"),))
        mixed = attachment(security_groups=listing(link(f"{OWN}.id"), unknown=[unknown("var.groups")]))
        assert narrow_egress(mixed, estate(security_group(OWN, HTTPS))).lacking
        assert narrow_egress(attachment(security_groups=inside("data.aws_security_group.a.id")), estate()).lacking
        assert narrow_egress(attachment(security_groups=outside("var.groups")), estate()).lacking


# --- the environment, and the whole -------------------------------------------------------------------------------------------------


def house(subject: Function, *things: Thing) -> Estate:
    return estate(subject, security_group(OWN, HTTPS), role(ROLE, document(READ)), other("aws_dynamodb_table.orders"), *things)


def account(*things: Thing, **variables: Any) -> PublicServices:
    subject = function(FN, attachment=VPC_CONFIG, role=link(f"{ROLE}.arn"), environment=environment(**variables))
    return public_services(subject, VPC_CONFIG, house(subject, *things))


class TestEnvironment:
    @pytest.mark.parametrize(
        "variables",
        [
            {},
            {"ORDERS_TABLE": link("aws_dynamodb_table.orders.name")},
            {"LOG_LEVEL": "INFO", "CACHE_TTL": "60", "SHARD": "3", "FLAG": "true", "EMPTY": ""},
            {"EVENT_SOURCE": "shop.orders", "QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/orders"},
            {"TOKEN_ISSUER": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a"},
            {"REGION": link("data.aws_region.current.name"), "STAGE": unknown("var.stage")},
            {"BUCKET": unknown("var.bucket"), "TABLE": link("data.aws_dynamodb_table.orders.name")},
            {"ORDERS_TABLE": link("module.store.table_name", origin="module", target="module.store")},
        ],
        ids=["empty", "table", "plain", "names", "issuer", "where we are", "outside", "module that is not loaded"],
    )
    def test_services_that_check_identity(self, variables: dict[str, Any]) -> None:
        found = account(**variables)
        assert (found.lacking, found.are_all, found.names) == ("", True, ("DynamoDB",))

    @pytest.mark.parametrize(
        "variables",
        [
            {"PARTNER_URL": "https://api.partner.example/v1"},
            {"PARTNER": "api.partner.example"},
            {"API_TOKEN": "abc"},
            {"ORDERS": "https://a1b2.execute-api.eu-central-1.amazonaws.com/live"},
            {"ORDERS_API": link("aws_api_gateway_rest_api.orders.id")},
            {"KEY_ARN": link("aws_secretsmanager_secret.stripe.arn")},
            {"TARGET": link("data.aws_lb.web.arn")},
            {"TARGET": link("module.web.target", origin="module", target="module.web")},
            {"PLACE": link("aws_db_instance.public.id")},
            {"CLUSTER": link("mongodbatlas_cluster.main.name")},
        ],
        ids=["URL", "host", "login", "API", "own API", "secret", "balancer", "module", "public database", "another provider"],
    )
    def test_anything_else_is_no_evidence(self, variables: dict[str, Any]) -> None:
        things = (
            other("aws_api_gateway_rest_api.orders"),
            secret("aws_secretsmanager_secret.stripe"),
            store("aws_db_instance.public", is_in_vpc=False),
            other("mongodbatlas_cluster.main"),
        )
        assert next(iter(variables)) in account(*things, **variables).lacking

    def test_the_path_cites_role_environment_and_egress(self) -> None:
        found = account(ORDERS_TABLE=link("aws_dynamodb_table.orders.name"))
        assert [seen.says for seen in found.path] == [
            f"{ROLE} allows dynamodb:GetItem",
            "environment variable ORDERS_TABLE refers to aws_dynamodb_table.orders",
            f"egress of {OWN} goes to 0.0.0.0/0 on port 443",
        ]

    def test_a_role_from_outside(self) -> None:
        subject = function(FN, attachment=known(VPC_CONFIG).value, role=link("var.role_arn"))
        assert public_services(subject, VPC_CONFIG, house(subject)).lacking == "its role is not in this root"
