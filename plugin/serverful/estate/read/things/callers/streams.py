"""What is polled for a function, and what is transformed by one on its way: event source mappings and delivery streams.

Forms: Terraform AWS provider 6.55 documentation, `aws_lambda_event_source_mapping`; AWS Lambda API Reference,
"SourceAccessConfiguration" (`VPC_SUBNET` with `subnet:ID`, `VPC_SECURITY_GROUP` with `security_group:ID`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from serverful.estate.model import Invocation, Link, Style
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Every, Items, Literal, Term, Text, Undecided
from serverful.estate.read.things.callers.calling import Caller, calls_at, inside
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.nested import nested_link
from serverful.estate.read.things.security_groups import GROUPS
from serverful.estate.read.things.vpc import SUBNETS
from serverful.estate.value import Known, Listing, Unknown

if TYPE_CHECKING:
    from serverful.estate.read.things.callers import Reader

_SERVICES_BY_TYPE = {
    "aws_sqs_queue": "SQS",
    "aws_kinesis_stream": "Kinesis",
    "aws_kinesis_stream_consumer": "Kinesis",
    "aws_dynamodb_table": "DynamoDB Streams",
    "aws_msk_cluster": "MSK",
    "aws_msk_serverless_cluster": "MSK",
    "aws_mq_broker": "Amazon MQ",
    "aws_docdb_cluster": "DocumentDB",
}
_SERVICES_BY_ARN = {
    "sqs": "SQS",
    "kinesis": "Kinesis",
    "dynamodb": "DynamoDB Streams",
    "kafka": "MSK",
    "mq": "Amazon MQ",
    "rds": "DocumentDB",
}
# Blocks and arguments that only one kind of source has.
_SERVICES_BY_ARGUMENT = {
    "amazon_managed_kafka_event_source_config": "MSK",
    "document_db_event_source_config": "DocumentDB",
    "queues": "Amazon MQ",
    "topics": "MSK",
}
_ANY, _OWN_KAFKA = "a queue or stream", "self-managed Kafka"


def mapping(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_lambda_event_source_mapping`, of any source."""
    is_own = block.blocks("self_managed_event_source").blocks or block.term("event_source_arn") == NULL
    source = None if is_own else index.link(block, "event_source_arn", *_SERVICES_BY_TYPE)
    service = _OWN_KAFKA if is_own else _service(block, source, index)
    subnets, groups = _access(block, "VPC_SUBNET", SUBNETS, index), _access(block, "VPC_SECURITY_GROUP", GROUPS, index)
    on_failure = nested_link(block, ("destination_config", "on_failure"), "destination_arn")
    for call in calls_at(Caller(block, service, Style.POLLED, source), "function_name", index):
        yield replace(call, subnets=subnets, security_groups=groups, on_failure=on_failure)


def _service(block: Block, source: Link | None, index: Index) -> str:
    term = convert.settled(block.term("event_source_arn"))
    if isinstance(term, (Literal, Text)):
        first = convert.text_of(term, block.place)
        arn = first.value if isinstance(first, Known) else first.expression
        service = _SERVICES_BY_ARN.get(arn.split(":")[2]) if arn.startswith("arn:") and arn.count(":") > 2 else None
        if service is not None:
            return service
    owner = index.block_of(source)
    if owner is not None and owner.type in _SERVICES_BY_TYPE:
        return _SERVICES_BY_TYPE[owner.type]
    return next((service for argument, service in _SERVICES_BY_ARGUMENT.items() if _is_given(block, argument)), _ANY)


def _is_given(block: Block, argument: str) -> bool:
    """Whether an argument or a nested block is certainly there: modules write all of them, and switch them on by null and `dynamic`."""
    value = convert.settled(block.term(argument))
    if isinstance(value, Items):
        return bool(value.items)
    return bool(block.blocks(argument).blocks) or not (value == NULL or isinstance(value, (Undecided, Every)))


def _access(block: Block, kind: str, types: tuple[str, ...], index: Index) -> Listing[Link]:
    """What the `source_access_configuration` entries of a kind lead to: the network that a mapping brings for its own pollers."""
    found: list[Link] = []
    unknown: list[Unknown] = []
    for entry, exists in inside(block, ["source_access_configuration"]):
        if isinstance(entry, Unknown):
            unknown.append(entry)
            continue
        type_ = convert.optional_text(entry, "type")
        if isinstance(type_, Known) and type_.value != kind:
            continue
        doubts = [doubt for doubt in (type_, exists) if isinstance(doubt, Unknown)]
        if doubts:
            unknown.append(doubts[0])
            continue
        for part in convert.parts(entry.term("uri")):
            link = index.link_of(_id(part), entry.at("uri"), *types)
            if isinstance(link, Unknown):
                unknown.append(link)
            elif link is not None:
                found.append(link)
    return Listing(tuple(found), tuple(unknown))


def _id(uri: Term) -> Term:
    """`subnet:${aws_subnet.a.id}` -> `aws_subnet.a.id`."""
    inner = convert.settled(uri)
    if isinstance(inner, Literal):
        return Literal(str(inner.value).rpartition(":")[2])
    if isinstance(inner, Text) and len(inner.parts) == 2 and isinstance(inner.parts[0], Literal):
        return inner.parts[1]
    return uri


def delivery_stream(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_kinesis_firehose_delivery_stream` of any destination: the function that transforms records on their way."""
    caller = Caller(block, "Data Firehose", Style.SYNCHRONOUS)
    for name in block.names():
        if not name.endswith("_configuration"):
            continue
        for parameter, exists in inside(block, [name, "processing_configuration", "processors", "parameters"]):
            if isinstance(parameter, Unknown):
                yield caller.unfollowed(parameter)
                continue
            kind = convert.optional_text(parameter, "parameter_name")
            if isinstance(kind, Unknown) or kind.value == "LambdaArn":
                is_mixed = isinstance(kind, Unknown)
                at = parameter.at("parameter_value")
                yield from caller.named(parameter.term("parameter_value"), at, exists, index, is_mixed=is_mixed)


READERS: dict[str, Reader] = {
    "aws_lambda_event_source_mapping": mapping,
    "aws_kinesis_firehose_delivery_stream": delivery_stream,
}
