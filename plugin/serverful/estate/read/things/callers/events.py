"""Callers that hand an event over and do not wait.

Arguments: Terraform AWS provider 6.55 documentation, page of each type. Styles: AWS Lambda Developer Guide, "Invoking Lambda with events
from other AWS services" (2026).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from serverful.estate.model import Invocation, Style
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Entries, Literal, Term, Undecided
from serverful.estate.read.things.callee import callee_of, qualified
from serverful.estate.read.things.callers.calling import Caller, Shape, calls_at, inside
from serverful.estate.read.things.callers.documents import document_of, entries_of
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Unknown

if TYPE_CHECKING:
    from serverful.estate.read.things.callers import Reader

_EVENTS = Style.ASYNCHRONOUS
_SCHEDULE, _RULE = "EventBridge schedule", "EventBridge"
_INVOKE = ":aws-sdk:lambda:invoke"  # the universal target of EventBridge Scheduler: `arn:aws:scheduler:::aws-sdk:lambda:invoke`
# A target of EventBridge with one of these is another service's.
_OF_OTHERS = (
    "appsync_target",
    "batch_target",
    "ecs_target",
    "http_target",
    "kinesis_target",
    "redshift_target",
    "run_command_targets",
    "sagemaker_pipeline_target",
    "sqs_target",
)

SHAPES: dict[str, tuple[Shape, ...]] = {
    "aws_s3_bucket_notification": (Shape("S3", _EVENTS, ("lambda_function.lambda_function_arn",), "bucket"),),
    "aws_cloudwatch_log_subscription_filter": (Shape("CloudWatch Logs", _EVENTS, ("destination_arn",), "log_group_name", is_mixed=True),),
    "aws_iot_topic_rule": (Shape("IoT", _EVENTS, ("lambda.function_arn", "error_action.lambda.function_arn")),),
    "aws_config_organization_custom_rule": (Shape("AWS Config", _EVENTS, ("lambda_function_arn",)),),
    "aws_codecommit_trigger": (Shape("CodeCommit", _EVENTS, ("trigger.destination_arn",), "repository_name", is_mixed=True),),
    "aws_cloudwatch_metric_alarm": (
        Shape("CloudWatch alarm", _EVENTS, ("alarm_actions", "ok_actions", "insufficient_data_actions"), is_mixed=True),
    ),
    "aws_cloudwatch_composite_alarm": (
        Shape("CloudWatch alarm", _EVENTS, ("alarm_actions", "ok_actions", "insufficient_data_actions"), is_mixed=True),
    ),
    "aws_secretsmanager_secret_rotation": (Shape("Secrets Manager", _EVENTS, ("rotation_lambda_arn",), "secret_id"),),
    "aws_secretsmanager_secret": (Shape("Secrets Manager", _EVENTS, ("rotation_lambda_arn",)),),
    "aws_ssm_maintenance_window_task": (Shape("Systems Manager", _EVENTS, ("task_arn",), "window_id", is_mixed=True),),
    "aws_transfer_workflow": (
        Shape("Transfer Family", _EVENTS, ("steps.custom_step_details.target", "on_exception_steps.custom_step_details.target")),
    ),
    "aws_lambda_function_event_invoke_config": (
        Shape(
            "Lambda destination",
            _EVENTS,
            ("destination_config.on_success.destination", "destination_config.on_failure.destination"),
            "function_name",
            is_mixed=True,
        ),
    ),
    "aws_chimesdkmediapipelines_media_insights_pipeline_configuration": (
        Shape("Chime SDK", _EVENTS, ("elements.lambda_function_sink_configuration.insights_target",)),
    ),
}


def subscription(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_sns_topic_subscription` with the protocol `lambda`."""
    protocol = convert.optional_text(block, "protocol")
    if isinstance(protocol, Known) and protocol.value != "lambda":
        return
    caller = Caller(block, "SNS", _EVENTS, index.link(block, "topic_arn"))
    yield from calls_at(caller, "endpoint", index, is_mixed=isinstance(protocol, Unknown))


def rule_target(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_cloudwatch_event_target`, of a schedule or a pattern."""
    if any(block.blocks(name).blocks for name in _OF_OTHERS):
        return
    rule = index.link(block, "rule", "aws_cloudwatch_event_rule")
    own = index.block_of(rule)
    if own is None and rule is not None and rule.origin == "literal":
        named = index.named("aws_cloudwatch_event_rule", rule.expression)
        own = named[0] if len(named) == 1 else None
        rule = replace(rule, target=own.address, origin="resource") if own is not None else rule
    is_schedule = own is not None and own.has("schedule_expression") and own.term("schedule_expression") not in (NULL, Literal(""))
    expression = convert.text(own, "schedule_expression") if own is not None and is_schedule else None
    for call in calls_at(Caller(block, _SCHEDULE if is_schedule else _RULE, _EVENTS, rule), "arn", index, is_mixed=True):
        yield replace(call, schedule=expression)


def schedule(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_scheduler_schedule`: the function itself, or the universal target that calls Lambda's Invoke with what `input` says."""
    expression = convert.text(block, "schedule_expression")
    yield from (replace(call, schedule=expression) for call in _scheduled(block, index))


def _scheduled(block: Block, index: Index) -> Iterator[Invocation]:
    caller = Caller(block, _SCHEDULE, _EVENTS)
    for target, exists in inside(block, ["target"]):
        if isinstance(target, Unknown):
            yield caller.unfollowed(target)
            continue
        arn = convert.text(target, "arn")
        if not (isinstance(arn, Known) and arn.value.endswith(_INVOKE)):
            yield from caller.named(target.term("arn"), target.at("arn"), exists, index, is_mixed=True)
            continue
        given = document_of(target.term("input"))
        if not isinstance(given, Entries) or "FunctionName" not in given.entries:
            yield caller.unfollowed(convert.unknown(target.term("input"), target.at("input")))
            continue
        found = callee_of(given.entries["FunctionName"], target.at("input"), index)
        if found is not None:
            yield caller.of(qualified(found, given.entries.get("Qualifier", NULL), index), target.at("input"), exists)


def pipe(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_pipes_pipe`: a pipe waits for its enrichment; for its target it waits unless told to fire and forget."""
    source = index.link(block, "source")
    styles = [
        _pipe_style(part) for part, _ in inside(block, ["target_parameters", "lambda_function_parameters"]) if isinstance(part, Block)
    ]
    style = styles[0] if styles else Style.EITHER
    yield from calls_at(Caller(block, "EventBridge Pipes", style, source), "target", index, is_mixed=True)
    yield from calls_at(Caller(block, "EventBridge Pipes", Style.SYNCHRONOUS, source), "enrichment", index, is_mixed=True)


def _pipe_style(parameters: Block) -> Style:
    kind = convert.optional_text(parameters, "invocation_type")
    return Style.ASYNCHRONOUS if isinstance(kind, Known) and kind.value == "FIRE_AND_FORGET" else Style.EITHER


def receipt_rule(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_ses_receipt_rule`: asynchronous unless `invocation_type` says otherwise."""
    for action, exists in inside(block, ["lambda_action"]):
        if isinstance(action, Unknown):
            yield Caller(block, "SES", Style.EITHER).unfollowed(action)
            continue
        kind = convert.text(action, "invocation_type", "Event")
        style = Style.EITHER if isinstance(kind, Unknown) else Style.SYNCHRONOUS if kind.value == "RequestResponse" else Style.ASYNCHRONOUS
        yield from Caller(block, "SES", style).named(action.term("function_arn"), action.at("function_arn"), exists, index)


def config_rule(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_config_config_rule` whose owner is a function; those of AWS and of policies have names and text there."""
    caller = Caller(block, "AWS Config", _EVENTS)
    for source, exists in inside(block, ["source"]):
        if isinstance(source, Block):
            owner = convert.optional_text(source, "owner")
            if not isinstance(owner, Known) or owner.value == "CUSTOM_LAMBDA":
                term, place = source.term("source_identifier"), source.at("source_identifier")
                yield from caller.named(term, place, exists, index, is_mixed=isinstance(owner, Unknown))


def account_policy(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_cloudwatch_log_account_policy`: a subscription filter for all log groups, its destination inside a document."""
    term, place = block.term("policy_document"), block.at("policy_document")
    document = document_of(term)
    caller = Caller(block, "CloudWatch Logs", _EVENTS)
    if document is not None and not isinstance(document, Undecided):
        given = dict(entries_of(document)[0])
        yield from caller.named(given.get("DestinationArn", NULL), place, block.exists, index, is_mixed=True)


def pipeline(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_codepipeline`: actions of the provider `Lambda`."""
    caller = Caller(block, "CodePipeline", _EVENTS)
    for action, exists in inside(block, ["stage", "action"]):
        if isinstance(action, Unknown):  # nearly every action builds or deploys
            continue
        provider = convert.optional_text(action, "provider")
        if isinstance(provider, Known) and provider.value == "Lambda":
            configuration = convert.settled(action.term("configuration"))
            name: Term = configuration.entries.get("FunctionName", NULL) if isinstance(configuration, Entries) else configuration
            yield from caller.named(name, action.at("configuration"), exists, index)


READERS: dict[str, Reader] = {
    "aws_sns_topic_subscription": subscription,
    "aws_cloudwatch_event_target": rule_target,
    "aws_scheduler_schedule": schedule,
    "aws_pipes_pipe": pipe,
    "aws_ses_receipt_rule": receipt_rule,
    "aws_cloudwatch_log_account_policy": account_policy,
    "aws_config_config_rule": config_rule,
    "aws_codepipeline": pipeline,
}
