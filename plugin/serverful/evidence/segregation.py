"""Which requests from the internet wait for a function inside a VPC? The accounts behind SLS_FLOW_1 (queries) and SLS_FLOW_2 (commands).

Decisions:
- Public is what can be reached from the internet, whoever is let in there.
- An entry that takes every method (`ANY`, `$default`, a function URL, a load balancer) hides what it is for. SLS_FLOW_2 alone asks about
  it, and about a write to `{proxy+}`, at LOW.
- A step of a login is neither query nor command here, a question whether the function is alive is no query, and one that is asked by
  POST no command (`evidence/route_words.py`): nothing that could be advised about them would be right.
- Where SLS_VPC_1 or SLS_VPC_2 fails, the function is asked to leave the VPC, and both answers would be one. Whoever has recorded why it
  stays is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from serverful.estate.attached import attachment_of
from serverful.estate.callers import handed_over
from serverful.estate.capacity import capacities_of, undecided_in
from serverful.estate.entries import READS, WRITES, entries_of, perhaps_entries, why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.model import ANY, Entry, Function, Style
from serverful.estate.value import Known, Unknown
from serverful.evidence.attachment import explained
from serverful.evidence.categories import POLICIES_ASKING
from serverful.evidence.evidence import Evidence
from serverful.evidence.reasons import reasons_of
from serverful.evidence.route_words import asks_whether_alive, is_question, is_step_of_login
from serverful.evidence.warmth_words import MANY, cited, kept, listed
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict, failed, not_ours, passed, undecided

_LEAVES = "whether the function needs its VPC is asked first"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Public entries of one sort that wait for the function: certainly, or perhaps (what decides that beside each)."""

    certain: tuple[Entry, ...]
    open: tuple[tuple[Entry, Unknown], ...]


def why_queries_wait(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where a public query waits for the function inside its VPC; passed where its entries are none."""
    entries = entries_of(function, estate)
    queries = _waiting(function, entries, _is_query)
    answer = _not_asked(function, estate, queries)
    if answer is not None:
        return answer
    if queries.certain:
        return failed(
            f"A function inside a VPC answers {_listed(queries.certain)}: who only wants to read waits for its network, and for what it "
            "asks there.",
            *_path(queries.certain),
            *_attached(function),
            kind=Kind.CONTRADICTED,
            instead=(
                f"Keep what {queries.certain[0].called} shows in an aws_dynamodb_table, written by a stream or a queue whenever it "
                "changes, and let a function without vpc_config read it, or the API itself. The function inside the VPC keeps the writes."
            ),
            argument="vpc_config",
        )
    if queries.open:
        return _undecided("query", queries)
    if entries and all(_is_no_query(entry) for entry in entries):
        return passed("No query from the internet waits for the function inside its VPC.", *_path(entries), *_attached(function))
    return not_ours("no query from the internet is seen that waits for the function")


def why_commands_wait(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where a public command waits for the function inside its VPC; passed where commands reach it another way."""
    entries = entries_of(function, estate)
    commands = _waiting(function, entries, _is_command)
    answer = _not_asked(function, estate, commands)
    if answer is not None:
        return answer
    if commands.certain:
        return _commands_fail(function, estate, commands.certain)
    if commands.open:
        return _undecided("command", commands)
    handed = handed_over(function, estate)
    if handed:
        return passed("What reaches the function inside its VPC was handed over before, and nobody waits.", *cited(handed))
    return not_ours("no command from the internet is seen that waits for the function")


def _commands_fail(function: Function, estate: Estate, commands: tuple[Entry, ...]) -> Verdict:
    plain = tuple(entry for entry in commands if not entry.is_greedy)
    shown = plain or commands
    capacities = capacities_of(function, estate)
    warm = [evidence for capacity in capacities for evidence in kept(capacity)] if not undecided_in(capacities, function) else []
    says = f"A function inside a VPC answers {_listed(shown)}"
    if plain:
        says += ": when its network, or what it needs there, is slow or down, nothing is taken in either."
    else:
        says = f"A function inside a VPC answers whatever comes in by {_listed(shown)}, and writes may be among it."
    if plain and warm:
        says += " Executions are kept ready so that it may wait a little less."
    return failed(
        says,
        *_path(shown),
        *_attached(function),
        *warm,
        kind=Kind.CONTRADICTED,
        severity=Severity.LOW if not plain else Severity.HIGH if warm else Severity.MEDIUM,
        instead=(
            f"Let {shown[0].called} put what it is given into an aws_sqs_queue or an aws_kinesis_stream and answer 202 (an HTTP API does "
            'so with integration_subtype = "SQS-SendMessage", a REST API with an integration of type "AWS"), and let an '
            f"aws_lambda_event_source_mapping hand it to {function.address}."
        ),
        argument="vpc_config",
    )


def _waiting(function: Function, entries: Iterable[Entry], is_meant: Callable[[Entry], bool]) -> _Waiting:
    certain: list[Entry] = []
    open_: list[tuple[Entry, Unknown]] = []
    for entry in entries:
        is_public, is_hidden = entry.is_public, isinstance(entry.method, Unknown)
        if (isinstance(is_public, Known) and not is_public.value) or entry.call.style is Style.ASYNCHRONOUS:
            continue
        if not is_hidden and not is_meant(entry):
            continue
        doubts = [entry.method, is_public, why_not_certain(entry, function)]
        why = next((part for part in doubts if isinstance(part, Unknown)), None)
        if why is None:
            certain.append(entry)
        else:
            open_.append((entry, why))
    return _Waiting(tuple(certain), tuple(open_))


def _not_asked(function: Function, estate: Estate, waiting: _Waiting) -> Verdict | None:
    """The answer where the VPC itself is in question, or is none."""
    attachment = function.attachment
    if isinstance(attachment, Known) and attachment.value is None:
        return not_ours("the function is not attached to a VPC")
    perhaps = perhaps_entries(function, estate)
    if perhaps:
        return undecided("Which requests from the internet wait for the function is decided outside this root.", *perhaps)
    if not waiting.certain and not waiting.open:
        return not_ours("nobody waits for the function") if isinstance(attachment, Unknown) else None
    if isinstance(attachment, Unknown):
        names = _listed([*waiting.certain, *(entry for entry, _ in waiting.open)])
        return undecided(f"Whether a function inside a VPC answers {names} is decided outside: {attachment.expression}.", attachment)
    keys = ("vpc", *POLICIES_ASKING["vpc"])
    if explained(function, estate).outcome is Outcome.FAILED and not any(r.key in keys for r in reasons_of(function, estate).valid):
        return not_ours(_LEAVES)
    return None


def _undecided(what: str, waiting: _Waiting) -> Verdict:
    return undecided(
        f"Whether a {what} from the internet waits for the function inside its VPC is decided outside this root: "
        f"{listed(f'{entry.name} ({why.expression})' for entry, why in waiting.open)}.",
        *(why for _, why in waiting.open),
        path=_path(entry for entry, _ in waiting.open),
    )


def _is_query(entry: Entry) -> bool:
    return not entry.is_greedy and _method(entry) in READS and not is_step_of_login(entry) and not asks_whether_alive(entry)


def _is_command(entry: Entry) -> bool:
    return _method(entry) in WRITES | {ANY} and not is_step_of_login(entry) and not is_question(entry)


def _is_no_query(entry: Entry) -> bool:
    is_private = isinstance(entry.is_public, Known) and not entry.is_public.value
    return is_private or (not entry.is_greedy and not isinstance(entry.method, Unknown) and not _is_query(entry))


def _method(entry: Entry) -> str:
    return "" if isinstance(entry.method, Unknown) else entry.method.value


def _listed(entries: Iterable[Entry]) -> str:
    return listed(entry.called for entry in entries)


def _path(entries: Iterable[Entry]) -> tuple[Evidence, ...]:
    each = dict.fromkeys(Evidence(_way(entry), entry.place) for entry in entries)
    return tuple(each)[:MANY]


def _way(entry: Entry) -> str:
    is_private = isinstance(entry.is_public, Known) and not entry.is_public.value
    return f"{'private ' if is_private else ''}{entry.full_name} calls the function" + (
        " and does not wait" if entry.call.style is Style.ASYNCHRONOUS else " and waits for the answer"
    )


def _attached(function: Function) -> tuple[Evidence, ...]:
    attachment = attachment_of(function)
    return (Evidence("vpc_config attaches the function", attachment.place),) if attachment is not None else ()
