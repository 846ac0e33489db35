"""What opens the question why a function is attached, and what does not: names decide, descriptions never."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    document,
    environment,
    estate,
    function,
    inside,
    known,
    link,
    listing,
    module_call,
    other,
    outside,
    place,
    role,
    rule,
    security_group,
    statement,
    subnet,
    unknown,
)
from serverful.estate.model import Environment, EnvironmentVariable, Function, Link, ManagedPolicy, Statement, Thing
from serverful.estate.value import Listing, Unknown
from serverful.evidence.closure import openings
from serverful.evidence.words import speaks_of_address_or_login, speaks_of_store, words

FN = "aws_lambda_function.orders"
OWN = "aws_security_group.orders"


def orders(**given: Any) -> Function:
    given.setdefault("attachment", attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside(f"{OWN}.id")))
    given.setdefault("role", link("aws_iam_role.orders.arn"))
    return function(FN, **given)


def opened(subject: Function, *things: Thing, **given: Any) -> list[str]:
    """The expressions that open the question, among things and an own group with a rule, a readable role and a subnet."""
    addresses = {thing.address for thing in things}
    egress = rule("egress", cidrs=listing("0.0.0.0/0"))
    defaults: list[Thing] = [security_group(OWN, egress), role("aws_iam_role.orders"), subnet("aws_subnet.a")]
    rest = [thing for thing in defaults if thing.address not in addresses]
    return [part.expression for part in openings(subject, estate(subject, *things, *rest, **given))]


def variable(name: str, text: Unknown, *links: Link) -> Environment:
    return Environment((EnvironmentVariable(name, text, links, place(FN)),))


def test_all_is_visible() -> None:
    assert opened(orders(environment=environment(TABLE="orders", DB_HOST="localhost"))) == []


class TestEnvironment:
    def test_a_map_from_outside(self) -> None:
        assert opened(orders(environment=environment(unknown=[unknown("var.environment_variables")]))) == ["var.environment_variables"]

    @pytest.mark.parametrize(
        "name",
        [
            "DB_HOST",
            "API_ENDPOINT",
            "TARGET_URL",
            "BASE_URI",
            "SENTRY_DSN",
            "NAT_ADDR",
            "SMTP_SERVER",
            "BROKERS",
            "CONN_STRING",
            "DB_NAME",
            "PGUSER",
            "MYSQL_DATABASE",
            "REDIS",
            "CACHE_NODES",
            "SECRET_ARN",
            "PASSWORD",
            "SLACK_HOOK",
            "dbHost",
            "API_TOKEN",
            "KAFKA_TOPIC",
        ],
    )
    def test_a_name_that_speaks_of_an_address_or_a_login(self, name: str) -> None:
        assert opened(orders(environment=variable(name, unknown("var.x")))) == ["var.x"]

    @pytest.mark.parametrize(
        "name",
        [
            "LOG_LEVEL",
            "STAGE",
            "AWS_REGION_NAME",
            "REGION",
            "TIMEOUT_SECONDS",
            "DB_PORT",
            "CACHE_TTL",
            "FEATURE_ENABLED",
            "TABLE_NAME",
            "ORDERS_TABLE",
            "BUCKET",
            "QUEUE_URL",
            "TOPIC_ARN",
            "STREAM_NAME",
            "FUNCTION_NAME",
            "EVENT_BUS_NAME",
            "KMS_KEY_ID",
            "TOKEN_SIGNING_KEY_ALIAS",
            "secret_key_alias_name",
            "DYNAMODB_ENDPOINT",
            "STATE_MACHINE_ARN",
            "TENANT",
            "COLOR",
        ],
    )
    def test_a_name_that_does_not(self, name: str) -> None:
        assert opened(orders(environment=variable(name, unknown("var.x")))) == []

    def test_the_variable_speaks_where_the_key_does_not(self) -> None:
        assert opened(orders(environment=variable("TARGET", unknown("var.orders_db_host")))) == ["var.orders_db_host"]
        assert opened(orders(environment=variable("TARGET", unknown("try(local.x, null)", names=("redis_url",))))) != []

    def test_the_key_of_a_table_wins_over_its_variable(self) -> None:
        assert opened(orders(environment=variable("TABLE_NAME", unknown("var.db_table_host")))) == []

    def test_what_refers_to_a_block_of_this_root_is_visible(self) -> None:
        url = environment(API_URL=link("aws_apigatewayv2_api.a.api_endpoint"))
        assert opened(orders(environment=url), other("aws_apigatewayv2_api.a")) == []
        assert opened(orders(environment=url)) != []

    def test_a_block_of_a_loaded_module_is_visible(self) -> None:
        host = link('module.store["eu"].aws_rds_cluster.this.endpoint')
        there = other('module.store["eu"].aws_rds_cluster.this')
        assert opened(orders(environment=environment(BOOKINGS_HOST=host)), there) == []
        assert opened(orders(environment=environment(BOOKINGS_HOST=host))) != []

    def test_a_generated_password_is_no_explanation(self) -> None:
        assert opened(orders(environment=environment(PASSWORD=link("random_password.x.result"))), other("random_password.x")) != []

    def test_the_rest_of_an_expression_may_come_from_outside(self) -> None:
        to_api = link("aws_apigatewayv2_api.a.id")
        known_rest = unknown("https://${aws_apigatewayv2_api.a.id}.execute-api.${var.region}.amazonaws.com")
        open_rest = unknown("${aws_apigatewayv2_api.a.id}@${var.db_host}")
        api = other("aws_apigatewayv2_api.a")
        assert opened(orders(environment=variable("API_URL", known_rest, to_api)), api) == []
        assert opened(orders(environment=variable("API_URL", open_rest, to_api)), api) == [open_rest.expression]

    def test_data_sources(self) -> None:
        region = link("data.aws_region.current.name")
        assert opened(orders(environment=environment(SERVER_REGION=region))) == []
        assert opened(orders(environment=environment(HOST_OF=region))) == []
        assert opened(orders(environment=environment(SOURCE_URL=link("data.aws_sqs_queue.a.url")))) == []
        assert opened(orders(environment=environment(LEDGER=link("data.aws_db_instance.a.address")))) != []
        assert opened(orders(environment=environment(LEDGER_URL=link("data.terraform_remote_state.net.outputs")))) != []

    def test_a_module_that_is_not_loaded(self) -> None:
        to_module = link("module.prices.endpoint", origin="module", target="module.prices")
        assert opened(orders(environment=environment(PRICES=to_module)), module_call("module.prices", "acme/prices/aws")) != []


class TestRole:
    def test_a_role_from_outside(self) -> None:
        assert opened(orders(role=link("var.role_arn"))) == ["var.role_arn"]
        assert opened(orders(role=link("data.aws_iam_role.shared.arn"))) == ["data.aws_iam_role.shared.arn"]
        assert opened(orders(role=None)) == [f"{FN}.role"]

    def test_a_policy_from_outside(self) -> None:
        assert opened(orders(), role("aws_iam_role.orders", unknown=(unknown("var.policy_arns"),))) == ["var.policy_arns"]

    def test_an_unreadable_document(self) -> None:
        assert opened(orders(), role("aws_iam_role.orders", document(unknown=[unknown("file(var.policy)")]))) == ["file(var.policy)"]

    def test_unknown_actions_open_and_unknown_resources_do_not(self) -> None:
        seen = statement("s3:GetObject")
        hidden_actions = Statement(seen.place, seen.effect, listing("s3:GetObject", unknown=[unknown("var.actions")]), Listing(), Listing())
        hidden_resources = Statement(seen.place, seen.effect, listing("s3:GetObject"), Listing(), listing(unknown=[unknown("var.arns")]))
        denied = Statement(seen.place, known("Deny"), listing(unknown=[unknown("var.denied")]), Listing(), Listing())
        assert opened(orders(), role("aws_iam_role.orders", document(hidden_actions))) == ["var.actions"]
        assert opened(orders(), role("aws_iam_role.orders", document(hidden_resources, denied))) == []

    def test_managed_policies_are_known_by_name(self) -> None:
        managed = tuple(ManagedPolicy(name, place("aws_iam_role.orders")) for name in ("AWSLambdaBasicExecutionRole", "AmazonS3FullAccess"))
        assert opened(orders(), role("aws_iam_role.orders", managed=managed)) == []


class TestGroups:
    @pytest.mark.parametrize("groups", [outside("var.groups"), inside("data.aws_security_group.a.id"), inside("sg-0123456789")])
    def test_from_outside_without_visible_egress(self, groups: Listing[Link]) -> None:
        assert len(opened(orders(attachment=attachment(security_groups=groups)))) == 1

    def test_visible_egress_closes_it(self) -> None:
        mixed = listing(link(f"{OWN}.id"), unknown=[unknown("var.more_groups")])
        assert opened(orders(attachment=attachment(security_groups=mixed))) == []
        assert opened(orders(attachment=attachment(security_groups=mixed)), security_group(OWN)) == ["var.more_groups"]

    def test_a_group_without_egress_is_visible(self) -> None:
        assert opened(orders(), security_group(OWN)) == []

    def test_rules_that_cannot_be_seen(self) -> None:
        assert opened(orders(), security_group(OWN, unseen=(unknown("var.egress_rules"),))) == ["var.egress_rules"]

    def test_subnets_from_outside_open_nothing(self) -> None:
        assert opened(orders(attachment=attachment(subnets=outside("var.subnet_ids"), security_groups=inside(f"{OWN}.id")))) == []


class TestModules:
    def test_a_module_that_is_given_the_group_or_the_role(self) -> None:
        group = module_call("module.x", "acme/x/aws", links=(link(f"{OWN}.id"),))
        person = module_call("module.y", "acme/y/aws", links=(link("aws_iam_role.orders.name"),))
        neither = module_call("module.z", "acme/z/aws", links=(link("aws_subnet.a.id"),))
        assert opened(orders(), group, person, neither) == ["module.x", "module.y"]

    def test_a_group_from_outside_is_named_once_and_not_for_each_module(self) -> None:
        shared = "data.aws_security_group.shared.id"
        calls = [module_call(f"module.x[{n}]", "acme/x/aws", links=(link(shared),)) for n in range(3)]
        assert opened(orders(attachment=attachment(security_groups=inside(shared))), *calls) == [shared]


def test_a_file_system_that_may_be_mounted() -> None:
    assert opened(orders(file_system=unknown("var.file_system_arn"))) == ["var.file_system_arn"]


def test_one_thing_is_named_once() -> None:
    twice = inside("data.aws_security_group.a.id", "data.aws_security_group.a.id")
    assert opened(orders(attachment=attachment(security_groups=twice))) == ["data.aws_security_group.a.id"]


class TestWords:
    def test_splitting(self) -> None:
        assert words("dbHost.main_URL[0]") == ("DB", "HOST", "MAIN", "URL", "0")

    @pytest.mark.parametrize("name", ["aws_dynamodb_table.users", "PGP_KEY", "SANDBOX", "MASQUERADE", "var.private_subnets", "DBT_PROJECT"])
    def test_what_only_looks_like_a_store(self, name: str) -> None:
        assert not speaks_of_store(name)

    @pytest.mark.parametrize("name", ["", "_", "PASSTHROUGH", "PGP_KEY"])
    def test_what_only_looks_like_a_login(self, name: str) -> None:
        assert not speaks_of_address_or_login(name)
