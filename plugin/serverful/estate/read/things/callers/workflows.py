"""Step Functions, and CloudFormation stacks: documents whose tasks and resources call functions.

Source: AWS Step Functions developer guide, "Invoke an AWS Lambda function with Step Functions" (the function's ARN as `Resource`, or
`arn:aws:states:::lambda:invoke`) and "Integrating AWS SDK services" (`arn:aws:states:::aws-sdk:lambda:invoke`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from serverful.estate.model import Invocation, Style
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Items, Literal, Term, Undecided, shown
from serverful.estate.read.things.callee import callee_of, qualified
from serverful.estate.read.things.callers.calling import Caller
from serverful.estate.read.things.callers.documents import document_of, entries_of, rendered_template, words
from serverful.estate.read.things.index import Index
from serverful.estate.value import Unknown

if TYPE_CHECKING:
    from serverful.estate.read.things.callers import Reader

_INVOKE = re.compile(r":states:[^:]*:[^:]*:(aws-sdk:)?lambda:invoke")
_DEEPEST = 20  # state machines inside `Map` and `Parallel` states


def state_machine(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_sfn_state_machine`. What of its definition is decided elsewhere may call any function."""
    term, place = block.term("definition"), block.at("definition")
    caller = Caller(block, "Step Functions", Style.SYNCHRONOUS)
    document = document_of(term)
    if document is not None:
        yield from _Definition(caller, place, index).calls(document)
        return
    # A template with holes in odd places: whether a call is asynchronous is seen, but not which.
    text = shown(term)
    caller = replace(caller, style=Style.EITHER) if "InvocationType" in text else caller
    for word in words(term):
        yield from caller.named(word, place, block.exists, index, is_mixed=True)


class _Definition:
    """A definition in Amazon States Language, read down to its tasks."""

    def __init__(self, caller: Caller, place: Place, index: Index) -> None:
        self._caller, self._place, self._index = caller, place, index
        self._unknown: list[Undecided] = []

    def calls(self, document: Term) -> Iterator[Invocation]:
        yield from self._machine(document, _DEEPEST)
        for part in self._unknown:
            yield self._caller.unfollowed(convert.unknown(part, self._place))

    def _entries(self, term: Term) -> dict[str, Term]:
        known, unknown = entries_of(term)
        self._unknown += unknown
        return dict(known)

    def _machine(self, machine: Term, depth: int) -> Iterator[Invocation]:
        if depth == 0:
            return
        states = self._entries(self._entries(machine).get("States", NULL))
        for state in (self._entries(state) for state in states.values()):
            yield from self._task(state)
            for name in ("Iterator", "ItemProcessor"):
                yield from self._machine(state.get(name, NULL), depth - 1)
            branches = convert.settled(state.get("Branches", NULL))
            if isinstance(branches, Items):
                self._unknown += branches.rest
                for branch in branches.items:
                    yield from self._machine(branch, depth - 1)
            elif isinstance(branches, Undecided):
                self._unknown.append(branches)

    def _task(self, state: dict[str, Term]) -> Iterator[Invocation]:
        resource = state.get("Resource", NULL)
        if not _INVOKE.search(shown(convert.settled(resource))):
            yield from self._caller.named(resource, self._place, self._caller.block.exists, self._index, is_mixed=True)
            return
        given = self._entries(state.get("Parameters", state.get("Arguments", NULL)))
        yield from self._invoke(given)

    def _invoke(self, given: dict[str, Term]) -> Iterator[Invocation]:
        caller = replace(self._caller, style=_style(given))
        name = given.get("FunctionName", NULL)
        at_run_time = given.get("FunctionName.$", name)
        if name == NULL or (isinstance(name, Literal) and str(name.value).startswith("{%")):
            yield caller.unfollowed(Unknown(shown(at_run_time).strip('"'), self._place))
            return
        found = callee_of(name, self._place, self._index)
        if found is not None:
            yield caller.of(qualified(found, given.get("Qualifier", NULL), self._index), self._place, caller.block.exists)


def _style(given: dict[str, Term]) -> Style:
    if "InvocationType.$" in given:
        return Style.EITHER
    kind = convert.settled(given.get("InvocationType", NULL))
    if not isinstance(kind, Literal) or str(kind.value).startswith("{%"):
        return Style.EITHER
    return Style.ASYNCHRONOUS if str(kind.value).lower() == "event" else Style.SYNCHRONOUS


def stack(block: Block, index: Index) -> Iterator[Invocation]:
    """`aws_cloudformation_stack`: a template or its parameters name functions, as custom resources or for what the stack makes.

    A template that is not here names none that this root does not hand to it.
    """
    template = block.term("template_body")
    is_custom = "ServiceToken" in shown(convert.settled(rendered_template(template)))
    caller = Caller(block, "CloudFormation", Style.ASYNCHRONOUS if is_custom else Style.EITHER)
    for word in words(template):
        yield from caller.named(word, block.at("template_body"), block.exists, index, is_mixed=True)
    for name in ("parameters", "parameter_overrides"):
        for _, value in entries_of(block.term(name))[0]:
            yield from (call for call in caller.named(value, block.at(name), block.exists, index) if call.callee.function is not None)


READERS: dict[str, Reader] = {
    "aws_sfn_state_machine": state_machine,
    "aws_cloudformation_stack": stack,
    "aws_cloudformation_stack_set": stack,
    "aws_cloudformation_stack_set_instance": stack,
    "aws_cloudformation_stack_instances": stack,
    "aws_serverlessapplicationrepository_cloudformation_stack": stack,
}
