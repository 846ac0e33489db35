"""The calls that blocks given in Python make, told in a few words."""

from __future__ import annotations

from blocks_by_hand import block, ref

from serverful.estate.model import Invocation, Style
from serverful.estate.read.block import Block
from serverful.estate.read.build import parts_of
from serverful.estate.value import Unknown

FN = block("aws_lambda_function.fn", function_name="orders", publish=True)
OTHER = block("aws_lambda_function.other", function_name="refunds")
LIVE = block("aws_lambda_alias.live", name="live", function_name=ref(FN, "function_name"))
WAITS, EVENT, POLLED, EITHER = Style.SYNCHRONOUS, Style.ASYNCHRONOUS, Style.POLLED, Style.EITHER


def calls(*blocks: Block) -> tuple[Invocation, ...]:
    """Every call that these blocks make of the functions above."""
    return parts_of([FN, OTHER, LIVE, *blocks]).invocations


def told(*blocks: Block) -> list[tuple[str, Style, str]]:
    """Of each call the service, the style and whom it calls: `fn`, `fn:live`, `<var.x>`, with `?` where it may not exist."""
    return [(call.service, call.style, whom(call)) for call in calls(*blocks)]


def whom(call: Invocation) -> str:
    callee = call.callee
    name = callee.function.target.rpartition(".")[2] if callee.function and callee.function.target else ""
    version = {"LATEST": "", "UNKNOWN": ":?"}.get(callee.qualified.name, f":{callee.qualifier}")
    if not name:
        return (f"<{callee.unknown.expression}>" if callee.unknown else "elsewhere") + ("?" if isinstance(call.exists, Unknown) else "")
    return f"{name}{version}{'?' if isinstance(call.exists, Unknown) else ''}"
