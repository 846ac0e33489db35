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
from serverful.estate.read.things.callers.roles import caller_with, principal
from serverful.estate.read.things.identity import ROLES
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.text_parts import HOLE
from serverful.estate.value import Known
from serverful.evidence.principals import service_of

if TYPE_CHECKING:
    from serverful.estate.read.things.callers import Reader

INVOKE, INVOKE_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"


def permission(block: Block, index: Index) -> Iterator[Invocation]:
    """A permission to invoke; one to read or change the function calls nobody."""
    action = convert.optional_text(block, "action")
    known = (action.value or INVOKE) if isinstance(action, Known) else INVOKE
    is_url = covers(known, INVOKE_URL) and not covers(known, INVOKE)
    via_url = convert.flag(block, "invoked_via_function_url", False)
    if not (covers(known, INVOKE) or is_url):
        return
    if is_url or (isinstance(via_url, Known) and via_url.value):
        service, style = "function URL", Style.SYNCHRONOUS
    else:
        service, style = _principal(block, index)
    caller = Caller(block, service, style, index.link(block, "source_arn"))
    for call in calls_at(caller, "function_name", index, qualifier="qualifier"):
        yield replace(call, is_permission=True)


def _principal(block: Block, index: Index) -> tuple[str, Style]:
    """Who is permitted. A role of this root stands for the services that it trusts."""
    link = index.link(block, "principal", *ROLES)
    role = index.block_of(link)
    if role is not None and role.type in ROLES:
        return caller_with(role)
    written = principal(block.term("principal"))
    service = service_of(written)
    if service is not None:
        return service.name, Style(service.style)
    if HOLE in written or not written:
        return f"a principal ({convert.unknown(block.term('principal'), block.place).expression})", Style.EITHER
    return "anybody" if written == "*" else written if ".amazon" in written else f"the principal {written}", Style.EITHER


READERS: dict[str, Reader] = {"aws_lambda_permission": permission}
