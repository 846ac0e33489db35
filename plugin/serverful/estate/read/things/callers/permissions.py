"""`aws_lambda_permission`: who may call, where what calls stands elsewhere or is seen as well. Never proof that somebody does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from serverful.estate.identity import covers
from serverful.estate.model import Invocation, Style
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.callers.calling import Caller, calls_at
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Unknown
from serverful.evidence.principals import service_of

if TYPE_CHECKING:
    from serverful.estate.read.things.callers import Reader

_INVOKE, _INVOKE_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"


def permission(block: Block, index: Index) -> Iterator[Invocation]:
    """A permission to invoke; one to read or change the function calls nobody."""
    action = convert.optional_text(block, "action")
    known = (action.value or _INVOKE) if isinstance(action, Known) else _INVOKE
    is_url = covers(known, _INVOKE_URL) and not covers(known, _INVOKE)
    via_url = convert.flag(block, "invoked_via_function_url", False)
    if not (covers(known, _INVOKE) or is_url):
        return
    if is_url or (isinstance(via_url, Known) and via_url.value):
        service, style = "function URL", Style.SYNCHRONOUS
    else:
        service, style = _principal(block)
    caller = Caller(block, service, style, index.link(block, "source_arn"))
    for call in calls_at(caller, "function_name", index, qualifier="qualifier"):
        yield replace(call, is_permission=True)


def _principal(block: Block) -> tuple[str, Style]:
    principal = convert.optional_text(block, "principal")
    if isinstance(principal, Unknown) or not principal.value:
        return f"a principal ({principal.expression if isinstance(principal, Unknown) else 'none'})", Style.EITHER
    service = service_of(principal.value)
    if service is not None:
        return service.name, Style(service.style)
    if ".amazon" in principal.value:
        return principal.value, Style.EITHER
    return "anybody" if principal.value == "*" else f"the principal {principal.value}", Style.EITHER


READERS: dict[str, Reader] = {"aws_lambda_permission": permission}
