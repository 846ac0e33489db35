"""Capacity that waits for calls: provisioned concurrency, scaling targets and schedules above zero, provisioned pollers.

Arguments: Terraform AWS provider 6.55 documentation.
"""

from __future__ import annotations

from serverful.estate.model import Link, Poller, Provisioned, Thing
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL
from serverful.estate.read.things.callee import callee
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known

_DIMENSION = "lambda:function:ProvisionedConcurrency"


def provisioned(block: Block, index: Index) -> Provisioned:
    """`aws_lambda_provisioned_concurrency_config`."""
    return Provisioned(
        **heading(block),
        function=_function(block, "function_name", index),
        executions=convert.number(block, "provisioned_concurrent_executions"),
    )


def scaling_target(block: Block, index: Index) -> Thing:
    """`aws_appautoscaling_target` of provisioned concurrency with a minimum above zero; zero lets it scale away."""
    if not _is_provisioned_concurrency(block):
        return other(block)
    minimum = convert.number(block, "min_capacity")
    if isinstance(minimum, Known) and minimum.value <= 0:
        return other(block)
    return Provisioned(**heading(block), function=_function(block, "resource_id", index), executions=minimum)


def scheduled_action(block: Block, index: Index) -> Thing:
    """`aws_appautoscaling_scheduled_action` that raises provisioned concurrency above zero."""
    if not _is_provisioned_concurrency(block):
        return other(block)
    actions = block.blocks("scalable_target_action").blocks
    if not actions or actions[0].term("min_capacity") == NULL:
        return other(block)
    minimum = convert.number(actions[0], "min_capacity")
    if isinstance(minimum, Known) and minimum.value <= 0:
        return other(block)
    return Provisioned(**heading(block), function=_function(block, "resource_id", index), executions=minimum)


def _is_provisioned_concurrency(block: Block) -> bool:
    dimension = convert.optional_text(block, "scalable_dimension")
    return isinstance(dimension, Known) and dimension.value == _DIMENSION


def poller(block: Block, index: Index) -> Thing:
    """`aws_lambda_event_source_mapping` with `provisioned_poller_config`; any other mapping costs nothing while it waits."""
    nested = block.blocks("provisioned_poller_config")
    function = _function(block, "function_name", index)
    if nested.blocks:
        return Poller(**heading(block), function=function, minimum=convert.number(nested.blocks[0], "minimum_pollers", 1))
    if nested.undecided:
        why = convert.unknown(nested.undecided[0], block.at("provisioned_poller_config"))
        head = heading(block)
        head["exists"] = why
        return Poller(**head, function=function, minimum=why)
    return other(block)


def _function(block: Block, argument: str, index: Index) -> Link | None:
    """The function an argument names, where it is certain which; else a link without target that says how it is written."""
    found = callee(block, argument, index)
    if found is None or (found.function is not None and found.unknown is None):
        return found.function if found else None
    return Link(None, found.expression, block.at(argument), origin="unknown" if found.unknown else "literal")
