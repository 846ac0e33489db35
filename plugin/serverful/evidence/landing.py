"""Where does an event land that a function could not process? The account behind SLS_FLOW_7.

Sources (read 2026-11-23): AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation" (two more
attempts unless told, then the event is discarded, or goes to the on-failure destination of the event invoke configuration, or to the
function's dead-letter queue), "How Lambda processes records from stream and queue-based event sources", "Using Lambda with Amazon SQS";
AWS Lambda API Reference, "DestinationConfig" (of mappings for Kinesis, DynamoDB Streams, Amazon MSK and self-managed Kafka only).

Decisions:
- A function is asked about the ways by which something certainly comes to it. A bare permission of a service that hands over events is one.
- The dead-letter queue of a function takes what was handed over, not what is polled. That of a rule, a schedule or a subscription takes
  what Lambda did not accept, so it is no route for what the function could not do.
- A configuration of another qualifier than the one that is called leaves it open: AWS does not say that calls inherit it.
- Who itself waits for a report and shows when none comes is not asked: deployments, stacks, rotations, workflows.
- What is read off a queue of failures has landed already.
- A tick of a schedule that is lost comes again: LOW.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from serverful.estate.callers import callers_of, given_to, why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import EventInvokeConfig, Function, Invocation, Link, Qualified, Queue, Style
from serverful.estate.qualifiers import key_of, named
from serverful.estate.unseen import unseen
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import cited, listed
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

_SCHEDULE = " schedule"
# The caller waits for a report of its own, and somebody sees that none came (user guides of the four services).
_REPORTED = ("CodePipeline", "CloudFormation", "Secrets Manager", "Transfer Family")
_STREAMS = ("Kinesis", "DynamoDB Streams", "MSK", "self-managed Kafka")
_NO_DESTINATION = ("Amazon MQ", "DocumentDB")
_AT = "\0"  # no address has it


@dataclass(frozen=True, slots=True)
class _Way:
    """One way by which events come, and where those land that fail: `lands`, or nowhere (`fault`), or nobody knows (`unknown`).

    In `fault` and `instead` stands `_AT` for `at`, the address of the block that they speak of, so that several ways make one sentence.
    """

    caller: Invocation
    lands: tuple[Evidence, ...] = ()
    at: str = ""
    fault: str = ""
    instead: str = ""
    unknown: tuple[Unknown, ...] = ()


def how_failures_land(function: Function, estate: Estate) -> Verdict:
    """Not ours where nothing hands events over; failed (contradicted) where one way certainly leads nowhere; undecided before passed."""
    ways = [_way(caller, function, estate) for caller in _handing_over(function, estate)]
    if not ways:
        return not_ours("nothing that is seen hands events to the function")
    lost = [way for way in ways if way.fault and why_not_certain(way.caller, function) is None]
    perhaps = [way for way in ways if way.fault and why_not_certain(way.caller, function) is not None]
    open_ = [way for way in ways if way.unknown]
    hidden = _hidden(function, estate) if lost else ()
    if lost and not hidden:
        return failed(
            _told((way.fault, way.at) for way in lost),
            *cited(way.caller for way in lost),
            *(Evidence("names no destination for failures", config.place) for config in _without(function, estate)),
            kind=Kind.CONTRADICTED,
            missed=_looked_at(lost),
            severity=Severity.LOW if all(way.caller.service.endswith(_SCHEDULE) for way in lost) else None,
            instead=_told((way.instead, way.at) for way in lost),
            argument="dead_letter_config",
        )
    doubts = [why for way in perhaps if (why := why_not_certain(way.caller, function)) is not None]
    unknown = tuple(dict.fromkeys((*hidden, *(why for way in open_ for why in way.unknown), *doubts)))
    if unknown:
        about = [*lost, *open_, *perhaps]
        return undecided(
            f"Where events land that fail is decided elsewhere: {listed(why.expression for why in unknown)}.",
            *unknown,
            path=cited(way.caller for way in about),
            missed=_looked_at(about),
        )
    landed = tuple(dict.fromkeys(evidence for way in ways for evidence in way.lands))
    return passed("What the function cannot process lands where somebody finds it.", *landed, *cited(way.caller for way in ways))


def _told(sentences: Iterable[tuple[str, str]]) -> str:
    """Each sentence once, with all the addresses that it is about."""
    about: dict[str, list[str]] = {}
    for sentence, at in sentences:
        about.setdefault(sentence, []).append(at)
    return " ".join(sentence.replace(_AT, listed(addresses)) for sentence, addresses in about.items())


def _handing_over(function: Function, estate: Estate) -> Iterator[Invocation]:
    """Who hands events to the function, or lets Lambda poll them.

    A permission counts where its service is not seen calling, and not for a thing of this root, which would be seen.
    """
    callers = callers_of(function, estate)
    wired = {caller.service.removesuffix(_SCHEDULE) for caller in callers if not caller.is_permission}
    for caller in callers:
        if caller.style is Style.POLLED:
            is_asked = not caller.is_permission and caller.service not in _NO_DESTINATION
        else:
            is_seen = caller.service.removesuffix(_SCHEDULE) in wired or (caller.source is not None and caller.source.target is not None)
            is_asked = caller.style is Style.ASYNCHRONOUS and not (caller.is_permission and is_seen) and caller.service not in _REPORTED
        if is_asked and not _is_of_failures(caller, estate):
            yield caller


def _is_of_failures(caller: Invocation, estate: Estate) -> bool:
    """Whether what is handed over has failed before: it comes from where failures land."""
    is_sink = caller.service == "Lambda destination" and caller.place.address in _sinks(estate)
    return is_sink or (caller.source is not None and caller.source.target in _landing_places(estate))


@once_per_estate
def _landing_places(estate: Estate) -> frozenset[str]:
    """The queues and topics of this root that take failures."""
    given = [
        *(queue.dead_letters for queue in estate.all(Queue)),
        *(config.on_failure for config in estate.all(EventInvokeConfig)),
        *(function.dead_letters for function in estate.all(Function)),
        *(call.on_failure for call in estate.invocations if call.on_failure is not None),
    ]
    return frozenset(
        value.value.target for value in given if isinstance(value, Known) and value.value is not None and value.value.target is not None
    )


@once_per_estate
def _sinks(estate: Estate) -> frozenset[str]:
    """The event invoke configurations whose failures go to a function."""
    functions = {function.address for function in estate.all(Function)}
    return frozenset(
        config.address
        for config in estate.all(EventInvokeConfig)
        if isinstance(config.on_failure, Known) and config.on_failure.value is not None and config.on_failure.value.target in functions
    )


def _way(caller: Invocation, function: Function, estate: Estate) -> _Way:
    if caller.style is Style.ASYNCHRONOUS:
        return _handed_over(caller, function, estate)
    if caller.service == "SQS":
        return _queued(caller, estate)
    return _streamed(caller)


# --- handed over ------------------------------------------------------------------------------------------------------------------


def _handed_over(caller: Invocation, function: Function, estate: Estate) -> _Way:
    if isinstance(function.dead_letters, Known) and function.dead_letters.value is not None:
        where = function.dead_letters.value
        return _Way(caller, (Evidence(f"events that fail go to {where.expression}", function.dead_letters.place),))
    unknown = [function.dead_letters] if isinstance(function.dead_letters, Unknown) else []
    called = key_of(caller.callee, estate)
    for config in (*_configs(estate).get(function.address, ()), *_anybodys(estate)):
        if isinstance(config.on_failure, Known) and config.on_failure.value is None:
            continue
        is_this = config.callee.unknown is None and called == key_of(config.callee, estate) and called[0] is not Qualified.UNKNOWN
        why = config.callee.unknown or doubt(config.exists, function.exists)
        if why is None and not is_this:
            why = Unknown(f"whether {config.address}, which speaks of {named(config.callee)}, counts for it", config.place)
        lands = why if why is not None else config.on_failure
        if isinstance(lands, Unknown):
            unknown.append(lands)
        elif isinstance(lands, Known) and lands.value is not None:
            return _Way(caller, (Evidence(f"events that fail go to {lands.value.expression}", lands.place),))
    if unknown:
        return _Way(caller, unknown=tuple(unknown))
    what = "is permitted to hand events over" if caller.is_permission else "hands events over"
    alias = f", qualifier = {named(caller.callee).rpartition(' ')[2]}" if caller.callee.qualified is Qualified.ALIAS else ""
    return _Way(
        caller,
        at=caller.by,
        fault=f"{caller.service} {what} ({_AT}), and one that keeps failing is dropped after a few attempts.",
        instead=(
            f"Add an aws_lambda_function_event_invoke_config (function_name = {function.address}.function_name{alias}) with "
            "destination_config { on_failure { destination = the ARN of an aws_sqs_queue } }, let the role send to it, and put an alarm on "
            "what lands there."
        ),
    )


@once_per_estate
def _configs(estate: Estate) -> dict[str, tuple[EventInvokeConfig, ...]]:
    found: dict[str, list[EventInvokeConfig]] = {}
    for config in estate.all(EventInvokeConfig):
        if config.callee.target is not None:
            found.setdefault(config.callee.target, []).append(config)
    return {function: tuple(configs) for function, configs in found.items()}


@once_per_estate
def _anybodys(estate: Estate) -> tuple[EventInvokeConfig, ...]:
    """The configurations of functions that cannot be followed."""
    return tuple(c for c in estate.all(EventInvokeConfig) if c.callee.target is None and c.callee.unknown is not None)


def _without(function: Function, estate: Estate) -> Iterator[EventInvokeConfig]:
    """The function's configurations that name no destination: they say how often it is tried, and no more."""
    for config in _configs(estate).get(function.address, ()):
        if isinstance(config.on_failure, Known) and config.on_failure.value is None:
            yield config


# --- polled -----------------------------------------------------------------------------------------------------------------------


def _queued(caller: Invocation, estate: Estate) -> _Way:
    queue = _queue_of(caller.source, estate)
    if queue is None:
        what = caller.source.expression if caller.source is not None else caller.by
        return _Way(caller, unknown=(Unknown(f"the redrive policy of {what}", caller.place),))
    letters = queue.dead_letters
    if isinstance(letters, Unknown):
        return _Way(caller, unknown=(letters,))
    if letters.value is not None:
        return _Way(caller, (Evidence(f"what is received too often goes to {letters.value.expression}", letters.place),))
    return _Way(
        caller,
        at=queue.address,
        fault=f"A message of {_AT} that keeps failing comes back until its retention ends, and is gone then.",
        instead=(
            f"Give {_AT} redrive_policy = jsonencode({{ deadLetterTargetArn = the ARN of a second "
            "aws_sqs_queue, maxReceiveCount = 5 }), and put an alarm on what lands there."
        ),
    )


def _queue_of(source: Link | None, estate: Estate) -> Queue | None:
    """The queue that is read: by reference first, by the name at the end of its ARN second."""
    found = estate.find(source, Queue)
    if found is not None or source is None or source.origin != "literal":
        return found
    same = _queues(estate).get(source.expression.rpartition(":")[2], ())
    return same[0] if len(same) == 1 else None


@once_per_estate
def _queues(estate: Estate) -> dict[str, tuple[Queue, ...]]:
    found: dict[str, list[Queue]] = {}
    for queue in estate.all(Queue):
        if isinstance(queue.name, Known) and queue.name.value:
            found.setdefault(queue.name.value, []).append(queue)
    return {name: tuple(queues) for name, queues in found.items()}


def _streamed(caller: Invocation) -> _Way:
    on_failure = caller.on_failure
    if isinstance(on_failure, Known) and on_failure.value is not None:
        return _Way(caller, (Evidence(f"records that fail go to {on_failure.value.expression}", on_failure.place),))
    if not isinstance(on_failure, Known):
        return _Way(caller, unknown=(on_failure or Unknown(f"what becomes of failures at {caller.by}", caller.place),))
    if caller.service not in _STREAMS:
        return _Way(caller, unknown=(Unknown(f"whether {caller.by} reads a queue or a stream", caller.place),))
    return _Way(
        caller,
        at=caller.by,
        fault=f"A batch of {caller.service} that keeps failing ({_AT}) holds up what comes after it, and is lost in the end.",
        instead=(
            f"Give {_AT} maximum_retry_attempts and destination_config {{ on_failure {{ destination_arn = the "
            "ARN of an aws_sqs_queue } }, and let the role send to it."
        ),
    )


# --- what may stand elsewhere -----------------------------------------------------------------------------------------------------


def _hidden(function: Function, estate: Estate) -> tuple[Unknown, ...]:
    """What may hold the route that is missed here: callers of a reusable module, modules and files that are not read."""
    return (*given_to(function, estate), *unseen(estate, function.place, "what the callers of this module add"))


def _looked_at(ways: Sequence[_Way]) -> tuple[str, ...]:
    found = []
    if any(way.caller.style is Style.ASYNCHRONOUS for way in ways):
        found.append("dead_letter_config of the function, and on_failure of an aws_lambda_function_event_invoke_config for it")
    if any(way.caller.service == "SQS" for way in ways):
        found.append("redrive_policy of the queue, in it or in an aws_sqs_queue_redrive_policy")
    if any(way.caller.style is Style.POLLED and way.caller.service != "SQS" for way in ways):
        found.append("destination_config of the event source mapping")
    return (joined(found),)
