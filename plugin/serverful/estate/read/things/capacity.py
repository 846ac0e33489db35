"""Capacity that waits for calls: provisioned concurrency, scaling targets and schedules above zero, provisioned pollers.

Arguments: Terraform AWS provider 6.55 documentation; forms of `resource_id`: Application Auto Scaling API Reference,
"RegisterScalableTarget".
"""

from __future__ import annotations

import re

from serverful.estate.model import Link, Poller, Provisioned, Thing
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal, Ref, Term, Text, references, shown
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Unknown

_FUNCTIONS = ("aws_lambda_function",)
_DIMENSION = "lambda:function:ProvisionedConcurrency"
# A name, `name:alias`, `function:name:alias`, or an ARN with either (Lambda API Reference, "FunctionName").
_NAME = re.compile(r"^(?:arn:[^:]*:lambda:[^:]*:[^:]*:)?(?:function:)?(?P<name>[A-Za-z0-9_-]+)(?::[^:]+)?$")


def provisioned(block: Block, index: Index) -> Provisioned:
    """`aws_lambda_provisioned_concurrency_config`."""
    return Provisioned(
        **heading(block),
        function=function_link(block, "function_name", index),
        executions=convert.number(block, "provisioned_concurrent_executions"),
    )


def scaling_target(block: Block, index: Index) -> Thing:
    """`aws_appautoscaling_target` of provisioned concurrency with a minimum above zero; zero lets it scale away."""
    if not _is_provisioned_concurrency(block):
        return other(block)
    minimum = convert.number(block, "min_capacity")
    if isinstance(minimum, Known) and minimum.value <= 0:
        return other(block)
    return Provisioned(**heading(block), function=function_link(block, "resource_id", index), executions=minimum)


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
    return Provisioned(**heading(block), function=function_link(block, "resource_id", index), executions=minimum)


def _is_provisioned_concurrency(block: Block) -> bool:
    dimension = convert.optional_text(block, "scalable_dimension")
    return isinstance(dimension, Known) and dimension.value == _DIMENSION


def poller(block: Block, index: Index) -> Thing:
    """`aws_lambda_event_source_mapping` with `provisioned_poller_config`; any other mapping costs nothing while it waits."""
    nested = block.blocks("provisioned_poller_config")
    function = function_link(block, "function_name", index)
    if nested.blocks:
        return Poller(**heading(block), function=function, minimum=convert.number(nested.blocks[0], "minimum_pollers", 1))
    if nested.undecided:
        why = convert.unknown(nested.undecided[0], block.at("provisioned_poller_config"))
        head = heading(block)
        head["exists"] = why
        return Poller(**head, function=function, minimum=why)
    return other(block)


def function_link(block: Block, argument: str, index: Index) -> Link | None:
    """The function an argument names: through references to it or its alias first, by its known name second."""
    place = block.at(argument)
    term = _towards_function(block.term(argument))
    if isinstance(term, Literal) and term.value is not None:
        return _by_name(str(term.value), str(term.value), place, index)
    if isinstance(term, Text):
        for ref in references(term):
            reached = _towards_function(ref)
            if isinstance(reached, Ref) and reached.block.type in _FUNCTIONS:
                return index.link_of(reached, place)  # type: ignore[return-value]  # a reference is never unknown
        expression = shown(term).strip('"')
        return _by_name(_rendered(term), expression, place, index)
    found = index.link_of(term, place)
    return Link(None, found.expression, place, origin="unknown") if isinstance(found, Unknown) else found


def _towards_function(term: Term) -> Term:
    """`aws_lambda_alias.live.arn` and `aws_lambda_alias.live.function_name` lead to the function behind the alias."""
    for _ in range(20):  # a chain of references; cycles are not valid Terraform, but must not hang us
        if not isinstance(term, Ref) or term.block.mode != "managed" or term.block.type in _FUNCTIONS or not term.path:
            return term
        head = str(term.path[0])
        if term.block.type == "aws_lambda_alias" and head in ("arn", "invoke_arn", "id"):
            head = "function_name"
        if not term.block.has(head) or len(term.path) > 1:
            return term
        term = term.block.term(head)
    return term


def _rendered(term: Text) -> str:
    parts = (convert.settled(part) for part in term.parts)
    return "".join(str(part.value) if isinstance(part, Literal) else "?" for part in parts)


def _by_name(name: str, expression: str, place: Place, index: Index) -> Link:
    match = _NAME.match(name)
    own = index.named("aws_lambda_function", match["name"], "function_name") if match else ()
    return Link(own[0].address if len(own) == 1 else None, expression, place, origin="resource" if len(own) == 1 else "literal")
