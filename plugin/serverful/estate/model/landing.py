"""Where events land that nobody could process: queues, and what a function's asynchronous calls are told about failures."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.callers import Callee
from serverful.estate.model.stores import Source
from serverful.estate.model.thing import Link, Thing
from serverful.estate.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Source):
    """`aws_sqs_queue`. `dead_letters` is where it puts what was received too often, Known(None) where it puts it nowhere."""

    name: Value[str | None]
    dead_letters: Value[Link | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventInvokeConfig(Thing):
    """`aws_lambda_function_event_invoke_config`: how often Lambda tries an event that was handed over, and what becomes of it then.

    It is about the calls of one qualifier (`callee`). `on_failure` is Known(None) where it names no destination.
    """

    callee: Callee
    on_failure: Value[Link | None]
