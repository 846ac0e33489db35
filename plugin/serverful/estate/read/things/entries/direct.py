"""Function URLs and load balancers: they take every method, and wait as long as the function runs.

Source: Terraform AWS provider 6.55 documentation, `aws_lambda_function_url` and `aws_lb` (`internal` is false unless told). A function URL
is public, whoever is let in; a load balancer closes the connection when it is idle for too long, which is a setting of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from serverful.estate.model import ANY, Entry
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.entries.guards import balancer_guards, of_argument
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Unknown, Value

if TYPE_CHECKING:
    from serverful.estate.read.things.entries import Reader

_URL, _BALANCER = "function URL", "Application Load Balancer"
_ASKS = "authorization_type"
_BALANCERS = ("aws_lb", "aws_alb")


def url(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:  # noqa: ARG001
    """`aws_lambda_function_url`."""
    always: Known[bool] = Known(True, block.place, Basis.DERIVED)
    for call in calls.of(block.address):
        every, asked = Known(ANY, block.place, Basis.DERIVED), of_argument(block, _ASKS)
        yield Entry(block.address, block.place, _URL, every, "", always, None, call, asked, block.at(_ASKS))


def balancer(block: Block, calls: Calls, index: Index) -> Iterator[Entry]:
    """`aws_lb_target_group_attachment` of a group whose targets are functions."""
    for call in calls.of(block.address):
        owner = index.block_of(call.source)
        is_public: Value[bool] = Unknown(f"whether the balancer of {block.address} is internal", block.place)
        if owner is not None and owner.type in _BALANCERS:
            internal = convert.flag(owner, "internal", False)
            is_public = Known(not internal.value, internal.place, internal.basis) if isinstance(internal, Known) else internal
        every, (asked, at) = Known(ANY, block.place, Basis.DERIVED), balancer_guards(block, index)
        yield Entry(block.address, block.place, _BALANCER, every, "", is_public, None, call, asked, at)


READERS: dict[str, Reader] = {
    "aws_lambda_function_url": url,
    "aws_lb_target_group_attachment": balancer,
    "aws_alb_target_group_attachment": balancer,
}
