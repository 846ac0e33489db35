"""Where events begin: buckets with their notifications, tables with their streams. Queues, which are sources too, stand in `landing.py`.

Arguments: Terraform AWS provider 6.55 documentation, `aws_s3_bucket_notification`, `aws_dynamodb_table`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from serverful.estate.existence import doubt
from serverful.estate.model import Source, Thing
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.security_groups import wearing
from serverful.estate.value import Basis, Known, Unknown, Value

_BUCKETS = ("aws_s3_bucket",)
_TARGETS = ("lambda_function", "queue", "topic")


def bucket(block: Block, index: Index) -> Thing:
    """`aws_s3_bucket`: a bucket has one notification block, with targets of any kind or EventBridge."""
    name = convert.optional_text(block, "bucket")
    known = name.value if isinstance(name, Known) else None
    children = index.children(block.address, _BUCKETS, "aws_s3_bucket_notification", "bucket", known)
    unknown = [why for _, why in children.possible]
    for child in children.sure:
        announces = _notifies(child)
        why = doubt(child.exists, block.exists)
        if isinstance(announces, Unknown):
            unknown.append(announces)
        elif announces.value and why is None:
            return _source(block, "bucket", announces, index)
        elif announces.value and why is not None:
            unknown.append(why)
    return _source(block, "bucket", unknown[0] if unknown else Known(False, block.place, Basis.DEFAULTED), index)


def _notifies(notification: Block) -> Value[bool]:
    """Whether a notification has any target."""
    to_bridge = convert.flag(notification, "eventbridge", False)
    if isinstance(to_bridge, Known) and to_bridge.value:
        return to_bridge
    nested = [notification.blocks(name) for name in _TARGETS]
    if any(found.blocks for found in nested):
        return Known(True, notification.place)
    undecided = next((part for found in nested for part in found.undecided), None)
    if undecided is not None:
        return convert.unknown(undecided, notification.place)
    return to_bridge


def table(block: Block, index: Index) -> Thing:
    """`aws_dynamodb_table`, with or without a stream."""
    return _source(block, "table", convert.flag(block, "stream_enabled", False), index)


def _source(block: Block, what: str, announces: Value[bool], index: Index) -> Source:
    return Source(**parts(block, what, announces, index))


def parts(block: Block, what: str, announces: Value[bool], index: Index) -> dict[str, Any]:
    """The arguments of a `Source`."""
    made = wearing(block, index)
    taken: dict[str, Any] = {part.name: getattr(made, part.name) for part in fields(made)}
    return {**taken, "what": what, "announces": announces, "arn": _arn(block)}


def _arn(block: Block) -> str:
    """As a plan knows it, or as S3 makes it of a bucket's name (AWS partition; Amazon S3 User Guide, "S3 resources")."""
    arn = convert.optional_text(block, "arn")
    if isinstance(arn, Known) and arn.value:
        return arn.value
    name = convert.optional_text(block, "bucket") if block.type in _BUCKETS else None
    return f"arn:aws:s3:::{name.value}" if isinstance(name, Known) and name.value else ""


BUILDERS = {"aws_s3_bucket": bucket, "aws_dynamodb_table": table}
