"""Queues and event invoke configurations: where failed events land.

Arguments: Terraform AWS provider 6.55 documentation, `aws_sqs_queue`, `aws_sqs_queue_redrive_policy` and
`aws_lambda_function_event_invoke_config`; `deadLetterTargetArn`: Amazon SQS API Reference, "SetQueueAttributes".
"""

from __future__ import annotations

from serverful.estate.model import Callee, EventInvokeConfig, Link, Queue
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Entries, Literal, Undecided, references
from serverful.estate.read.things.callee import callee
from serverful.estate.read.things.callers.documents import document_of
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.nested import nested_link
from serverful.estate.read.things.sources import parts
from serverful.estate.value import Basis, Known, Unknown, Value

QUEUE = "aws_sqs_queue"
_POLICY, _TARGET = "redrive_policy", "deadLetterTargetArn"


def queue(block: Block, index: Index) -> Queue:
    """A queue, with the redrive policy that stands in it or in a block of its own."""
    nobody = Known(False, block.place, Basis.DEFAULTED)  # it tells nobody by itself
    name = convert.optional_text(block, "name")
    return Queue(**parts(block, "queue", nobody, index), name=name, dead_letters=_dead_letters(block, index))


def _dead_letters(block: Block, index: Index) -> Value[Link | None]:
    own = _redriven(block, index)
    if isinstance(own, Known) and own.value is not None:
        return own
    name = convert.optional_text(block, "name")
    known_name = name.value if isinstance(name, Known) else None
    beside = index.children(block.address, (QUEUE,), f"{QUEUE}_{_POLICY}", "queue_url", known_name)
    for child in beside.sure:
        found = _redriven(child, index)
        if isinstance(found, Known) and found.value is not None:
            return child.exists if isinstance(child.exists, Unknown) else found
        own = found
    return beside.possible[0][1] if beside.possible and isinstance(own, Known) else own


def _redriven(block: Block, index: Index) -> Value[Link | None]:
    """The queue that a redrive policy names. Of one that is certainly there and cannot be read, the queue that it speaks of will do."""
    term, place = block.term(_POLICY), block.at(_POLICY)
    if convert.settled(term) in (NULL, Literal("")):
        return Known(None, place, Basis.DEFAULTED)
    document = document_of(term)
    if isinstance(document, Entries) and (_TARGET in document.entries or not document.rest):
        found = index.link_of(document.entries.get(_TARGET, NULL), place, QUEUE)
        return Known(Link(None, found.expression, place, origin="unknown") if isinstance(found, Unknown) else found, place)
    spoken = [ref for ref in references(term) if ref.block.type == QUEUE and ref.block.address != block.address]
    if spoken and not (isinstance(term, Undecided) and term.may_be_empty):
        return Known(Link(spoken[0].block.address, spoken[0].expression, place, "arn"), place, Basis.DERIVED)
    return convert.unknown(term, place)


def event_invoke_config(block: Block, index: Index) -> EventInvokeConfig:
    """What becomes of events that were handed over to one qualifier of a function."""
    found = callee(block, "function_name", index, "qualifier")
    return EventInvokeConfig(
        **heading(block),
        callee=found if found is not None else Callee(None, "", unknown=Unknown(f"{block.address}.function_name", block.place)),
        on_failure=nested_link(block, ("destination_config", "on_failure"), "destination"),
    )
