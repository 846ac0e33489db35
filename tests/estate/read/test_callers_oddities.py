"""Nothing that stands in a block makes the reading of callers raise, and it stays linear."""

from __future__ import annotations

import pytest
from blocks_by_hand import Counted, block, counted, dynamic, encoded, nested, ref, some, text, undecided
from callers_by_hand import FN, LIVE, OTHER

from serverful.estate.read.block import Block
from serverful.estate.read.build import parts_of
from serverful.estate.read.term import Entries, Every, Literal, Undecided
from serverful.estate.read.things.callers import READERS, SHAPES

ODD = [
    None,
    "",
    0,
    True,
    "::::",
    "arn:",
    "arn:aws:lambda",
    "function:",
    "/functions//invocations",
    "${",
    "\x00",
    [],
    {},
    [[None]],
    {"a": [{}]},
    undecided("var.x"),
    undecided("var.x", ref(FN, "arn"), ref(OTHER, "arn")),
    Undecided("missing", is_missing=True),
    ref(FN),
    ref(FN, "arn", 0),
    ref(LIVE, "name"),
    ref(block("data.aws_lambda_function.d"), "arn"),
    ref(block("module.m"), "a", "b"),
    text("a", undecided("var.x")),
    text(undecided("var.x"), ":", undecided("var.y")),
    text('{"States": ', undecided("var.x"), ', "paths": {"a": ', undecided("var.y")),
    encoded([]),
    encoded({"States": {"a": {"Resource": 1, "Branches": {}}}, "paths": {"a": {"b": {"x-amazon-apigateway-integration": 1}}}}),
    some(ref(FN, "arn"), more=undecided("var.more")),
    Every(ref(FN, "arn"), undecided("var.n")),
    Every(Literal("orders"), undecided("var.n")),
    Entries({"FunctionName": Literal("orders")}, (undecided("var.more"),)),
]
NAMES = sorted(
    {
        *(piece for shapes in SHAPES.values() for shape in shapes for name in shape.arguments for piece in name.split(".")),
        *(name for shapes in SHAPES.values() for shape in shapes for name in (shape.source, shape.qualifier) if name),
        *("uri", "type", "rest_api_id", "request_parameters", "integration_uri", "integration_type", "body", "target", "definition"),
        *("target_group_arn", "target_id", "load_balancer_arn", "listener_arn", "action", "default_action", "forward", "target_group"),
        *("target_group_identifier", "protocol", "endpoint", "topic_arn", "rule", "arn", "input", "enrichment", "target_parameters"),
        *("lambda_function_parameters", "invocation_type", "lambda_action", "function_arn", "stage", "provider", "configuration", "owner"),
        *("policy_document", "function_name", "event_source_arn", "self_managed_event_source", "source_access_configuration", "topics"),
        *("extended_s3_configuration", "processing_configuration", "processors", "parameters", "parameter_name", "parameter_value"),
        *("principal", "source_arn", "action", "invoked_via_function_url", "template_body", "parameters", "assume_role_policy"),
    }
)
TYPES = sorted({*SHAPES, *READERS, "aws_lambda_alias", "aws_lb_target_group", "aws_lb_listener", "aws_lb_listener_rule", "aws_iam_role"})


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:60])
def test_nothing_odd_raises(odd: object) -> None:
    inner = dict.fromkeys(NAMES, odd)
    deep, maybe = nested(**inner), dynamic("var.x", **inner)
    blocks: list[Block] = []
    for type_ in TYPES:
        blocks.append(block(f"{type_}.odd", arguments=inner))
        blocks.append(block(f"{type_}.nested", arguments=dict.fromkeys(NAMES, deep)))
        blocks.append(block(f"{type_}.dynamic", arguments=dict.fromkeys(NAMES, maybe)))
    for call in parts_of([FN, OTHER, LIVE, *blocks]).invocations:
        assert call.callee.function is not None or call.callee.unknown is not None or call.callee.expression


def test_each_caller_is_read_once_however_many_functions_there_are() -> None:
    def blocks(count: int) -> list[Counted]:
        made: list[Counted] = []
        for n in range(count):
            fn = counted(f"aws_lambda_function.f[{n}]", function_name=text(undecided("var.stage"), f"-{n}"))
            alias = counted(f"aws_lambda_alias.a[{n}]", name="live", function_name=ref(fn, "function_name"))
            by_name = text(undecided("var.stage"), f"-{n}:live")
            group = counted(f"aws_lb_target_group.g[{n}]", target_type="lambda")
            made += [
                fn,
                alias,
                group,
                counted(f"aws_lambda_permission.p[{n}]", function_name=by_name, principal="events.amazonaws.com"),
                counted(f"aws_lambda_permission.q[{n}]", function_name=f"other-{n}", principal="events.amazonaws.com"),
                counted(f"aws_lb_listener_rule.l[{n}]", action=nested(target_group_arn=ref(group, "arn"))),
                counted(f"aws_lb_target_group_attachment.t[{n}]", target_group_arn=ref(group, "arn"), target_id=ref(alias, "arn")),
            ]
        return made

    costs = []
    for count in (10, 100):
        asked = blocks(count)
        assert len(parts_of(asked).invocations) == 3 * count
        costs.append(sum(block.reads for block in asked) / count)
    assert costs[1] <= costs[0] * 1.01
