"""Policies of resources, in blocks of their own and in the resource itself.

Arguments: Terraform AWS provider 6.55 documentation, of each type. Policies of file systems stand in `stores.py`, with what they guard.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model import Link, PolicyHolder, ResourcePolicy
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.stores import named_link
from serverful.natural import natural


@dataclass(frozen=True, slots=True)
class _Way:
    """How a type of block holds a policy: the argument with it; where it is for another block, the argument that names that one, and its
    type. `naming` is the argument of that type that a literal may give."""

    what: str
    service: str
    argument: str = "policy"
    owner: str = ""
    type: str = ""
    naming: str = ""


_WAYS = {
    "aws_s3_bucket": _Way("bucket", "s3"),
    "aws_s3_bucket_policy": _Way("bucket", "s3", owner="bucket", type="aws_s3_bucket", naming="bucket"),
    "aws_sqs_queue": _Way("queue", "sqs"),
    "aws_sqs_queue_policy": _Way("queue", "sqs", owner="queue_url", type="aws_sqs_queue"),
    "aws_sns_topic": _Way("topic", "sns"),
    "aws_sns_topic_policy": _Way("topic", "sns", owner="arn", type="aws_sns_topic"),
    "aws_kms_key": _Way("key", "kms"),
    "aws_kms_key_policy": _Way("key", "kms", owner="key_id", type="aws_kms_key"),
    "aws_dynamodb_resource_policy": _Way("table", "dynamodb", owner="resource_arn", type="aws_dynamodb_table"),
    "aws_secretsmanager_secret": _Way("secret", "secretsmanager"),
    "aws_secretsmanager_secret_policy": _Way("secret", "secretsmanager", owner="secret_arn", type="aws_secretsmanager_secret"),
    "aws_api_gateway_rest_api": _Way("API", "execute-api"),
    "aws_api_gateway_rest_api_policy": _Way("API", "execute-api", owner="rest_api_id", type="aws_api_gateway_rest_api"),
    "aws_vpc_endpoint": _Way("VPC endpoint", ""),
    "aws_vpc_endpoint_policy": _Way("VPC endpoint", "", owner="vpc_endpoint_id", type="aws_vpc_endpoint"),
    "aws_lambda_policy": _Way("function", "lambda", owner="resource_arn", type="aws_lambda_function"),
    "aws_opensearch_domain": _Way("search domain", "es", "access_policies"),
    "aws_opensearch_domain_policy": _Way(
        "search domain", "es", "access_policies", owner="domain_name", type="aws_opensearch_domain", naming="domain_name"
    ),
    "aws_elasticsearch_domain": _Way("search domain", "es", "access_policies"),
    "aws_elasticsearch_domain_policy": _Way(
        "search domain", "es", "access_policies", owner="domain_name", type="aws_elasticsearch_domain", naming="domain_name"
    ),
}
# What holds a policy and is no thing of another kind.
HOLDERS = (
    *(type_ for type_, way in _WAYS.items() if way.owner),
    "aws_sns_topic",
    "aws_kms_key",
)


def holder(block: Block, index: Index) -> PolicyHolder:  # noqa: ARG001
    """A block that may hold a policy; what it says stands in `resource_policies`."""
    return PolicyHolder(**heading(block))


def resource_policies(index: Index) -> tuple[ResourcePolicy, ...]:
    """Every policy of a resource that is written in this root, in natural order of the blocks that hold it."""
    found = [policy for type_ in _WAYS for block in index.of_type(type_) if (policy := _policy(block, index)) is not None]
    return tuple(sorted(found, key=lambda policy: natural(policy.by)))


def _policy(block: Block, index: Index) -> ResourcePolicy | None:
    way = _WAYS[block.type]
    # What a provider reads back is in a plan, and nobody wrote it: the policy stands in a block of its own, or is AWS's.
    if not block.has(way.argument) or convert.settled(block.term(way.argument)) in (NULL, Literal("")):
        return None
    guarded: Link | None = Link(block.address, block.address, block.place)
    if way.owner:
        guarded = named_link(block, way.owner, way.type, way.naming, index)
    if guarded is None:
        return None
    document = index.documents.of(block, way.argument)
    return ResourcePolicy(block.address, block.at(way.argument), block.exists, way.what, way.service, guarded, document)
