"""Callers that hand an event over, sources that are polled, workflows, and permissions."""

from __future__ import annotations

import json

import pytest
from blocks_by_hand import block, dynamic, encoded, nested, ref, text, undecided
from callers_by_hand import EITHER, EVENT, FN, LIVE, OTHER, POLLED, WAITS, calls, told

from serverful.estate.model import Style

BUCKET = block("aws_s3_bucket.b")
TOPIC = block("aws_sns_topic.t")
QUEUE = block("aws_sqs_queue.q")


def test_bucket_notifications_come_from_their_bucket() -> None:
    arn = ref(FN, "arn")
    notification = block("aws_s3_bucket_notification.n", bucket=ref(BUCKET, "id"), lambda_function=[nested(lambda_function_arn=arn)])
    (call,) = calls(BUCKET, notification)
    assert (call.service, call.style, call.source and call.source.target) == ("S3", EVENT, "aws_s3_bucket.b")
    open_ = block(
        "aws_s3_bucket_notification.n", bucket="b", lambda_function=dynamic("var.n", lambda_function_arn=undecided("n.value.arn"))
    )
    assert told(open_) == [("S3", EVENT, "<n.value.arn>?")]


@pytest.mark.parametrize(
    ("protocol", "endpoint", "seen"),
    [
        ("lambda", ref(FN, "arn"), ["fn"]),
        ("lambda", ref(LIVE, "arn"), ["fn:live"]),
        ("sqs", ref(QUEUE, "arn"), []),
        ("email", undecided("var.email"), []),
        (undecided("var.protocol"), undecided("var.endpoint"), ["<var.endpoint>"]),
        (undecided("var.protocol"), undecided("var.email"), []),
    ],
)
def test_subscriptions(protocol: object, endpoint: object, seen: list[str]) -> None:
    subscription = block("aws_sns_topic_subscription.s", topic_arn=ref(TOPIC, "arn"), protocol=protocol, endpoint=endpoint)
    assert [whom for _, _, whom in told(TOPIC, QUEUE, subscription)] == seen


@pytest.mark.parametrize("rule_of", [lambda rule: ref(rule, "name"), lambda _: "nightly"])
def test_schedules_and_patterns(rule_of: object) -> None:
    schedule = block("aws_cloudwatch_event_rule.r", name="nightly", schedule_expression="rate(1 day)")
    pattern = block("aws_cloudwatch_event_rule.r", name="nightly", event_pattern="{}")
    for rule, service in ((schedule, "EventBridge schedule"), (pattern, "EventBridge")):
        target = block("aws_cloudwatch_event_target.t", rule=rule_of(rule), arn=ref(FN, "arn"))  # type: ignore[operator]
        (call,) = calls(rule, target)
        assert (call.service, call.style, call.source and call.source.target) == (service, EVENT, rule.address)


@pytest.mark.parametrize(
    "given",
    [
        {"arn": ref(QUEUE, "arn")},
        {"arn": undecided("var.arn"), "sqs_target": nested(message_group_id="a")},
        {"arn": undecided("var.queue_arn")},
        {"arn": undecided("module.bus.event_bus_arn")},
    ],
)
def test_a_rule_with_another_target_calls_nobody(given: dict[str, object]) -> None:
    assert told(QUEUE, block("aws_cloudwatch_event_target.t", rule="r", **given)) == []


def test_a_rule_with_a_target_from_outside_may_call() -> None:
    assert told(block("aws_cloudwatch_event_target.t", rule="r", arn=undecided("var.target"))) == [("EventBridge", EVENT, "<var.target>")]


def test_the_scheduler_and_its_universal_target() -> None:
    def told_of(**given: object) -> list[tuple[str, Style, str]]:
        return told(block("aws_scheduler_schedule.s", target=nested(**given)))

    universal = "arn:aws:scheduler:::aws-sdk:lambda:invoke"
    assert told_of(arn=ref(LIVE, "arn")) == [("EventBridge schedule", EVENT, "fn:live")]
    named = encoded({"FunctionName": ref(FN, "function_name"), "Qualifier": "live"})
    assert told_of(arn=universal, input=named) == [("EventBridge schedule", EVENT, "fn:live")]
    assert told_of(arn=universal, input=undecided("var.input")) == [("EventBridge schedule", EVENT, "<var.input>?")]
    assert told_of(arn="arn:aws:scheduler:::aws-sdk:sqs:sendMessage", input="{}") == []


def test_pipes_wait_for_their_enrichment_and_choose_for_their_target() -> None:
    pipe = block("aws_pipes_pipe.p", source=ref(QUEUE, "arn"), enrichment=ref(OTHER, "arn"), target=ref(FN, "arn"))
    assert told(QUEUE, pipe) == [("EventBridge Pipes", EITHER, "fn"), ("EventBridge Pipes", WAITS, "other")]
    forget = nested(lambda_function_parameters=nested(invocation_type="FIRE_AND_FORGET"))
    pipe = block("aws_pipes_pipe.p", source=ref(QUEUE, "arn"), target=ref(FN, "arn"), target_parameters=forget)
    assert told(QUEUE, pipe) == [("EventBridge Pipes", EVENT, "fn")]


EVENTS = [
    ("aws_cloudwatch_log_subscription_filter", {"destination_arn": ref(FN, "arn")}, "CloudWatch Logs", EVENT),
    ("aws_cloudwatch_log_account_policy", {"policy_document": encoded({"DestinationArn": ref(FN, "arn")})}, "CloudWatch Logs", EVENT),
    ("aws_cloudwatch_metric_alarm", {"alarm_actions": [ref(TOPIC, "arn"), ref(FN, "arn")]}, "CloudWatch alarm", EVENT),
    ("aws_iot_topic_rule", {"lambda": nested(function_arn=ref(FN, "arn"))}, "IoT", EVENT),
    ("aws_ses_receipt_rule", {"lambda_action": nested(function_arn=ref(FN, "arn"))}, "SES", EVENT),
    ("aws_ses_receipt_rule", {"lambda_action": nested(function_arn=ref(FN, "arn"), invocation_type="RequestResponse")}, "SES", WAITS),
    ("aws_config_config_rule", {"source": nested(owner="CUSTOM_LAMBDA", source_identifier=ref(FN, "arn"))}, "AWS Config", EVENT),
    ("aws_config_organization_custom_rule", {"lambda_function_arn": ref(FN, "arn")}, "AWS Config", EVENT),
    ("aws_secretsmanager_secret_rotation", {"rotation_lambda_arn": ref(FN, "arn")}, "Secrets Manager", EVENT),
    ("aws_ssm_maintenance_window_task", {"task_type": "LAMBDA", "task_arn": ref(FN, "arn")}, "Systems Manager", EVENT),
    ("aws_codecommit_trigger", {"trigger": nested(destination_arn=ref(FN, "arn"))}, "CodeCommit", EVENT),
    (
        "aws_codepipeline",
        {"stage": [nested(action=nested(provider="Lambda", configuration={"FunctionName": "orders"}))]},
        "CodePipeline",
        EVENT,
    ),
    (
        "aws_lambda_function_event_invoke_config",
        {"function_name": ref(OTHER, "arn"), "destination_config": nested(on_success=nested(destination=ref(FN, "arn")))},
        "Lambda destination",
        EVENT,
    ),
    ("aws_appconfig_extension", {"action_point": nested(action=nested(uri=ref(FN, "arn")))}, "AppConfig", EITHER),
    ("aws_cloudformation_stack", {"template_body": text('{"ServiceToken": "', ref(FN, "arn"), '"}')}, "CloudFormation", EVENT),
    ("aws_cloudformation_stack", {"template_body": encoded({"R": {"Arn": ref(FN, "arn")}})}, "CloudFormation", EITHER),
    ("aws_cloudformation_stack", {"parameters": {"Name": "orders", "Function": ref(FN, "arn")}}, "CloudFormation", EITHER),
    (
        "aws_kinesis_firehose_delivery_stream",
        {
            "extended_s3_configuration": nested(
                processing_configuration=nested(
                    processors=nested(parameters=[nested(parameter_name="LambdaArn", parameter_value=text(ref(FN, "arn"), ":$LATEST"))])
                )
            )
        },
        "Data Firehose",
        WAITS,
    ),
]


@pytest.mark.parametrize(("type_", "given", "service", "style"), EVENTS, ids=[f"{row[0]}-{n}" for n, row in enumerate(EVENTS)])
def test_services_that_hand_over(type_: str, given: dict[str, object], service: str, style: Style) -> None:
    assert (service, style, "fn") in told(TOPIC, block(f"{type_}.x", arguments=given))
    assert {row[:2] for row in told(TOPIC, block(f"{type_}.x", arguments=given))} == {(service, style)}


def test_a_config_rule_of_aws_calls_nobody() -> None:
    assert told(block("aws_config_config_rule.r", source=nested(owner="AWS", source_identifier="orders"))) == []


# --- polled -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "given", "service"),
    [
        (block("aws_sqs_queue.s"), {}, "SQS"),
        (block("aws_kinesis_stream.s"), {}, "Kinesis"),
        (block("aws_dynamodb_table.s"), {}, "DynamoDB Streams"),
        (block("aws_msk_cluster.s"), {"topics": ["orders"]}, "MSK"),
        (block("aws_mq_broker.s"), {"queues": ["orders"]}, "Amazon MQ"),
        (block("aws_docdb_cluster.s"), {"document_db_event_source_config": nested(database_name="x")}, "DocumentDB"),
    ],
)
def test_event_source_mappings(source: object, given: dict[str, object], service: str) -> None:
    mapping = block("aws_lambda_event_source_mapping.m", event_source_arn=ref(source, "arn"), function_name=ref(FN, "arn"), **given)  # type: ignore[arg-type]
    (call,) = calls(source, mapping)  # type: ignore[arg-type]
    assert (call.service, call.style, call.source and call.source.target) == (service, POLLED, source.address)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arn", "given", "service"),
    [
        ("arn:aws:sqs:eu-central-1:1:q", {}, "SQS"),
        (text("arn:aws:kafka:", undecided("var.region"), ":1:cluster/x"), {"topics": ["orders"]}, "MSK"),
        (undecided("var.arn"), {"amazon_managed_kafka_event_source_config": nested(consumer_group_id="x")}, "MSK"),
        (undecided("var.arn"), {"queues": ["orders"]}, "Amazon MQ"),
        (undecided("var.arn"), {}, "a queue or stream"),
        # Modules write every argument, and switch them on by null and `dynamic`.
        (undecided("var.arn"), {"amazon_managed_kafka_event_source_config": dynamic("var.kafka"), "topics": None}, "a queue or stream"),
        (undecided("var.arn"), {"topics": undecided("var.topics"), "queues": []}, "a queue or stream"),
        (undecided("var.arn"), {"topics": None, "queues": ["orders"]}, "Amazon MQ"),
    ],
)
def test_mappings_of_sources_outside(arn: object, given: dict[str, object], service: str) -> None:
    assert told(block("aws_lambda_event_source_mapping.m", event_source_arn=arn, function_name="orders:live", **given)) == [
        (service, POLLED, "fn:live")
    ]


def test_a_kafka_of_ones_own_brings_a_network_for_its_pollers() -> None:
    subnet, group = block("aws_subnet.a"), block("aws_security_group.g")
    access = [
        nested(type="VPC_SUBNET", uri=text("subnet:", ref(subnet, "id"))),
        nested(type="VPC_SUBNET", uri="subnet:subnet-0123"),
        nested(type="VPC_SECURITY_GROUP", uri=text("security_group:", ref(group, "id"))),
        nested(type="SASL_SCRAM_512_AUTH", uri=undecided("var.secret")),
    ]
    mapping = block(
        "aws_lambda_event_source_mapping.m",
        function_name=ref(FN, "arn"),
        self_managed_event_source=nested(endpoints={"KAFKA_BOOTSTRAP_SERVERS": "kafka:9092"}),
        source_access_configuration=access,
    )
    (call,) = calls(subnet, group, mapping)
    assert (call.service, call.source) == ("self-managed Kafka", None)
    assert [link.target or link.expression for link in call.subnets] == ["aws_subnet.a", "subnet-0123"]
    assert [link.target for link in call.security_groups] == ["aws_security_group.g"]
    assert call.subnets.is_complete and call.security_groups.is_complete
    open_ = block("aws_lambda_event_source_mapping.m", function_name="orders", source_access_configuration=dynamic("var.access"))
    (call,) = calls(open_)
    assert [unknown.expression for unknown in call.subnets.unknown] == ["var.access"]


# --- workflows --------------------------------------------------------------------------------------------------------------------

INVOKE = "arn:aws:states:::lambda:invoke"


def task(resource: object, **given: object) -> dict[str, object]:
    return {"Type": "Task", "Resource": resource, **given}


def machine(**states: object) -> dict[str, object]:
    return {"StartAt": "A", "States": states}


@pytest.mark.parametrize(
    ("definition", "seen"),
    [
        (encoded(machine(A=task(ref(FN, "arn")))), [(WAITS, "fn")]),
        (encoded(machine(A=task(INVOKE, Parameters={"FunctionName": ref(LIVE, "arn")}))), [(WAITS, "fn:live")]),
        (encoded(machine(A=task(INVOKE, Arguments={"FunctionName": "orders", "Qualifier": "live"}))), [(WAITS, "fn:live")]),
        (encoded(machine(A=task(INVOKE, Parameters={"FunctionName": "orders", "InvocationType": "Event"}))), [(EVENT, "fn")]),
        (encoded(machine(A=task(INVOKE, Parameters={"FunctionName": "orders", "InvocationType.$": "$.how"}))), [(EITHER, "fn")]),
        (encoded(machine(A=task(f"{INVOKE}.waitForTaskToken", Parameters={"FunctionName": "orders"}))), [(WAITS, "fn")]),
        (encoded(machine(A=task("arn:aws:states:::aws-sdk:lambda:invoke", Parameters={"FunctionName": "orders"}))), [(WAITS, "fn")]),
        (encoded(machine(A=task(INVOKE, Parameters={"FunctionName.$": "$.name"}))), [(WAITS, "<$.name>?")]),
        (encoded(machine(A=task(INVOKE, Arguments={"FunctionName": "{% $name %}"}))), [(WAITS, "<{% $name %}>?")]),
        (encoded(machine(A=task("arn:aws:states:::sqs:sendMessage", Parameters={"QueueUrl": "x"}))), []),
        (encoded(machine(A={"Type": "Map", "ItemProcessor": machine(B=task(ref(FN, "arn")))})), [(WAITS, "fn")]),
        (
            encoded(machine(A={"Type": "Parallel", "Branches": [machine(B=task(ref(FN, "arn"))), machine(C=task(ref(OTHER, "arn")))]})),
            [(WAITS, "fn"), (WAITS, "other")],
        ),
        (json.dumps(machine(A=task("arn:aws:lambda:eu-central-1:1:function:orders:3"))), [(WAITS, "fn:3")]),
        (text('{"States": {"A": {"Type": "Task", "Resource": "', ref(FN, "arn"), '"}}}'), [(WAITS, "fn")]),
        (text('{"States": {', undecided("var.more"), ' "A": {"Resource": "', ref(FN, "arn"), '"}'), [(WAITS, "fn")]),
        (text('{"States": { "InvocationType": ', undecided("var.x"), ' "Resource": "', ref(FN, "arn"), '"'), [(EITHER, "fn")]),
        (undecided("var.definition"), [(WAITS, "<var.definition>?")]),
        (encoded({"States": undecided("var.states")}), [(WAITS, "<var.states>?")]),
    ],
)
def test_state_machines(definition: object, seen: list[tuple[Style, str]]) -> None:
    given = told(block("aws_sfn_state_machine.s", definition=definition))
    assert [(style, whom) for _, style, whom in given] == seen


# --- permissions ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "service", "style"),
    [
        ({"principal": "apigateway.amazonaws.com"}, "API Gateway", WAITS),
        ({"principal": "events.amazonaws.com"}, "EventBridge", EVENT),
        ({"principal": "s3.amazonaws.com.cn"}, "S3", EVENT),
        ({"principal": "logs.eu-central-1.amazonaws.com"}, "CloudWatch Logs", EVENT),
        ({"principal": text("logs.", undecided("data.aws_region.here.name"), ".amazonaws.com")}, "CloudWatch Logs", EVENT),
        ({"principal": text("sns.", undecided("data.aws_partition.here.dns_suffix"))}, "SNS", EVENT),
        ({"principal": "sqs.amazonaws.com"}, "SQS", POLLED),
        ({"principal": "alexa-appkit.amazon.com"}, "Alexa", WAITS),
        ({"principal": "new-service.amazonaws.com"}, "new-service.amazonaws.com", EITHER),
        ({"principal": "*"}, "anybody", EITHER),
        ({"principal": "123456789012"}, "the principal 123456789012", EITHER),
        ({"principal": "arn:aws:iam::123456789012:root"}, "the principal arn:aws:iam::123456789012:root", EITHER),
        ({"principal": undecided("var.principal")}, "a principal (var.principal)", EITHER),
        ({"principal": "*", "action": "lambda:InvokeFunctionUrl"}, "function URL", WAITS),
        ({"principal": "*", "invoked_via_function_url": True}, "function URL", WAITS),
        ({"principal": "events.amazonaws.com", "action": "lambda:*"}, "EventBridge", EVENT),
    ],
)
def test_permissions(given: dict[str, object], service: str, style: Style) -> None:
    written = {"action": "lambda:InvokeFunction", "function_name": ref(FN, "function_name"), "qualifier": "live", **given}
    (call,) = calls(block("aws_lambda_permission.p", source_arn=text(ref(BUCKET, "arn"), "/*"), **written), BUCKET)
    assert (call.service, call.style, call.is_permission) == (service, style, True)
    assert (call.callee.qualifier, call.source and call.source.target) == ("live", "aws_s3_bucket.b")


def test_a_permission_to_something_else_calls_nobody() -> None:
    assert told(block("aws_lambda_permission.p", action="lambda:GetFunction", function_name="orders", principal="1")) == []


def test_calls_are_in_order_of_the_callers_and_each_once() -> None:
    urls = [block(f"aws_lambda_function_url.u[{n}]", function_name="orders") for n in (10, 2, 2)]
    assert [call.by for call in calls(*urls)] == ["aws_lambda_function_url.u[2]", "aws_lambda_function_url.u[10]"]
