"""Capacity that waits for calls: provisioned concurrency and what scales it, provisioned pollers.

Arguments: Terraform AWS provider 6.55 documentation; `resource_id` of what is scaled: Application Auto Scaling API Reference,
"RegisterScalableTarget" (`function:NAME:QUALIFIER`).
"""

from __future__ import annotations

from serverful.estate.model import Callee, Link, Means, Poller, Provisioned, Scaling, Thing
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL
from serverful.estate.read.things.callee import callee
from serverful.estate.read.things.heading import heading, ignores, other
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Value

_DIMENSION = "lambda:function:ProvisionedConcurrency"


def provisioned(block: Block, index: Index) -> Thing:
    """`aws_lambda_provisioned_concurrency_config`. None, null, 0 and below: the provider refuses them, and modules mean "off"."""
    executions = convert.number(block, "provisioned_concurrent_executions")
    if block.term("provisioned_concurrent_executions") == NULL or _is_none(executions):
        return other(block)
    return Provisioned(
        **heading(block),
        means=Means.CONFIG,
        callee=_callee(block, "function_name", index, "qualifier"),
        executions=executions,
        maximum=Known(None, block.place),
        is_left_alone=ignores(block, "provisioned_concurrent_executions"),
    )


def scaling_target(block: Block, index: Index) -> Thing:
    """`aws_appautoscaling_target` of provisioned concurrency: with a minimum above zero it is provisioned concurrency."""
    return _scaled(Means.TARGET, block, block, index)


def scheduled_action(block: Block, index: Index) -> Thing:
    """`aws_appautoscaling_scheduled_action` of provisioned concurrency: it provisions where it raises the minimum above zero."""
    actions = block.blocks("scalable_target_action").blocks
    return _scaled(Means.SCHEDULE, block, actions[0], index) if actions else other(block)


def scaling_policy(block: Block, index: Index) -> Thing:
    """`aws_appautoscaling_policy` of provisioned concurrency, target tracking or by steps."""
    if not _is_provisioned_concurrency(block):
        return other(block)
    none: Value[int | None] = Known(None, block.place)
    return Scaling(**heading(block), means=Means.POLICY, callee=_callee(block, "resource_id", index), minimum=none, maximum=none)


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


def _scaled(means: Means, block: Block, bounds: Block, index: Index) -> Thing:
    """A target or schedule, whose bounds stand in `bounds`."""
    if not _is_provisioned_concurrency(block):
        return other(block)
    minimum, maximum = convert.optional_number(bounds, "min_capacity"), convert.optional_number(bounds, "max_capacity")
    named = _callee(block, "resource_id", index)
    if isinstance(minimum, Known):
        if minimum.value is None or minimum.value <= 0:
            return Scaling(**heading(block), means=means, callee=named, minimum=minimum, maximum=maximum)
        kept: Value[int] = Known(minimum.value, minimum.place, minimum.basis)
    else:
        kept = minimum
    is_left_alone = ignores(block, "min_capacity", "max_capacity")
    return Provisioned(**heading(block), means=means, callee=named, executions=kept, maximum=maximum, is_left_alone=is_left_alone)


def _is_provisioned_concurrency(block: Block) -> bool:
    dimension = convert.optional_text(block, "scalable_dimension")
    return isinstance(dimension, Known) and dimension.value == _DIMENSION


def _is_none(executions: Value[int]) -> bool:
    return isinstance(executions, Known) and executions.value <= 0


def _callee(block: Block, argument: str, index: Index, qualifier: str = "") -> Callee:
    """The alias or version that an argument names."""
    found = callee(block, argument, index, qualifier)
    return found or Callee(None, convert.unknown(block.term(argument), block.at(argument)).expression)


def _function(block: Block, argument: str, index: Index) -> Link | None:
    """The function an argument names, where it is certain which; else a link without target that says how it is written."""
    found = callee(block, argument, index)
    if found is None or (found.function is not None and found.unknown is None):
        return found.function if found else None
    return Link(None, found.expression, block.at(argument), origin="unknown" if found.unknown else "literal")
