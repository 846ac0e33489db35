"""Is load taken from a function before executions are kept ready for it? What SLS_PC_3 asks.

Decisions:
- Asked is a function that keeps executions ready where a public entry certainly waits for it. Where nobody waits, SLS_PC_1 asks.
- One relief in front of one of these entries passes: somebody has thought of it. A CDN, a cache, a rate limit, a WAF rule that counts, and
  reads of the same API that need no function are reliefs.
- A distribution whose origin is decided elsewhere, a web ACL from elsewhere, and a module whose name speaks of a CDN or a firewall may be
  one, and so may a CDN of another root, to which an output speaks: undecided.
- AppSync is not asked about: what relieves a GraphQL API is another question.

Amazon CloudFront Developer Guide, "Use Amazon CloudFront with AWS Lambda function URL"; API Gateway developer guide, "Throttle requests to
your REST APIs" and "Cache settings for REST APIs" (2026-08).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.capacity import Capacity, capacities_of, undecided_in
from serverful.estate.entries import READS, entries_of, perhaps_entries, why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.fronts import BALANCER, KINDS, front_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Entry, Function, Relief, Secret
from serverful.estate.qualifiers import meets, standing
from serverful.estate.unread_modules import calls_given
from serverful.estate.unseen import unseen
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import kept
from serverful.verdict import Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined, shortened

_SHOWN = 4
_SPEAKS = re.compile(r"cdn|cloud_?front|distribution|(^|[^a-z])waf|firewall|fastly|cloudflare|akamai", re.IGNORECASE)
_LOOKED_FOR = (
    "a CDN in front (aws_cloudfront_distribution)",
    "a cache (aws_api_gateway_stage.cache_cluster_enabled)",
    "a rate limit (aws_api_gateway_method_settings, aws_api_gateway_usage_plan, aws_apigatewayv2_stage, a rate rule of aws_wafv2_web_acl)",
    "reads that AWS services answer themselves",
)


def what_relieves(function: Function, estate: Estate) -> Verdict:
    """Failed (unexplained) where executions are kept ready behind a public entry and nothing takes load from it before."""
    capacities = capacities_of(function, estate)
    if not capacities:
        return not_ours("the function has no provisioned concurrency")
    waiting = [(entry, capacity) for capacity in capacities for entry in _waiting(function, capacity, estate)]
    if not waiting:
        return _perhaps(function, capacities, estate)
    entries = list(dict.fromkeys(entry for entry, _ in waiting))
    fronts = list(dict.fromkeys(front_of(entry) for entry in entries))
    path = (
        *(Evidence(f"{entry.name} is a public entry and waits for it", entry.place) for entry in entries[:_SHOWN]),
        *kept(waiting[0][1]),
    )
    reliefs = [relief for front in fronts for relief in _reliefs(estate).get(front, ())]
    certain = [relief for relief in reliefs if relief.unknown is None and doubt(relief.exists, function.exists) is None]
    if certain:
        says = f"{certain[0].says[:1].upper()}{certain[0].says[1:]} takes load from the function before executions are kept ready for it."
        return passed(says, *(Evidence(relief.says, relief.place) for relief in certain[:_SHOWN]), *path)
    missing = undecided_in([capacity for _, capacity in waiting], function)
    if missing:
        says = f"Whether executions are kept ready is decided outside this root: {joined([part.expression for part in missing[:_SHOWN]])}."
        return undecided(says, *missing, path=path)
    unknown = tuple(dict.fromkeys(_elsewhere(function, fronts, reliefs, estate)))
    where = standing(waiting[0][1].callee)
    if unknown:
        says = f"Whether something takes load from the function, for which executions are kept ready on {where}, is decided elsewhere: "
        return undecided(
            f"{says}{joined([part.expression for part in unknown[:_SHOWN]])}.", *unknown, path=path, missed=_LOOKED_FOR, answerable=True
        )
    return failed(
        f"Executions are kept ready on {where} for {entries[0].kind} requests from the internet ({_names(entries)}), and nothing in front "
        "takes load from the function: no CDN, no cache, no rate limit.",
        *path,
        missed=_LOOKED_FOR,
        instead=_instead(entries),
        argument="provisioned_concurrent_executions",
    )


def _perhaps(function: Function, capacities: tuple[Capacity, ...], estate: Estate) -> Verdict:
    """Undecided where a public entry may wait for what is kept ready, not ours where none does."""
    open_ = [why for capacity in capacities for why in _may_wait(function, capacity, estate)]
    unknown = tuple(dict.fromkeys((*open_, *perhaps_entries(function, estate))))
    if not unknown:
        return not_ours("no public entry is seen to wait for the function where it is kept ready")
    says = "Whether a public entry waits for the function where executions are kept ready is decided outside this root: "
    ready = tuple(evidence for capacity in capacities for evidence in kept(capacity))
    return undecided(f"{says}{joined([part.expression for part in unknown[:_SHOWN]])}.", *unknown, path=ready, answerable=True)


def _may_wait(function: Function, capacity: Capacity, estate: Estate) -> Iterator[Unknown]:
    for entry in entries_of(function, estate):
        met = meets(entry.call.callee, capacity.callee, entry.place, estate)
        if entry.kind not in KINDS or met is False or (isinstance(entry.is_public, Known) and not entry.is_public.value):
            continue
        front = None if front_of(entry) else Unknown(f"what {entry.by} belongs to", entry.place)
        public = entry.is_public if isinstance(entry.is_public, Unknown) else None
        why = public or (met if isinstance(met, Unknown) else None) or why_not_certain(entry, function) or front
        if why is not None:
            yield why


def _waiting(function: Function, capacity: Capacity, estate: Estate) -> Iterator[Entry]:
    """The entries that certainly are public, wait, and call what is kept ready."""
    for entry in entries_of(function, estate):
        is_public = isinstance(entry.is_public, Known) and entry.is_public.value
        is_meant = meets(entry.call.callee, capacity.callee, entry.place, estate) is True and why_not_certain(entry, function) is None
        if is_public and is_meant and front_of(entry):
            yield entry


@once_per_estate
def _reliefs(estate: Estate) -> dict[str, tuple[Relief, ...]]:
    found: dict[str, list[Relief]] = {}
    for relief in estate.reliefs:
        for front in relief.fronts:
            found.setdefault(front, []).append(relief)
    return {front: tuple(reliefs) for front, reliefs in found.items()}


def _elsewhere(function: Function, fronts: list[str], reliefs: list[Relief], estate: Estate) -> Iterator[Unknown]:
    """What may relieve the function and is not seen."""
    for relief in (*reliefs, *_anybodys(estate)):
        why = relief.unknown or doubt(relief.exists, function.exists)
        if why is not None:
            yield why
    for front in fronts:
        yield from (Unknown(call.address, call.place) for call in calls_given(front, estate))
        yield from (Unknown(name, thing.place) for name, thing, targets in _told(estate) if front in targets)
    yield from _speaking(estate)
    yield from unseen(estate, function.place, "who calls this module, and what stands before it")


@once_per_estate
def _anybodys(estate: Estate) -> tuple[Relief, ...]:
    """Reliefs of which it is not known before what they stand."""
    return tuple(relief for relief in estate.reliefs if not relief.fronts)[:_SHOWN]


@once_per_estate
def _told(estate: Estate) -> tuple[tuple[str, Evidence, frozenset[str]], ...]:
    """Outputs and parameters that speak of a CDN or firewall, and what they tell of."""
    tellers = [(f"output {output.name}", output.description, output.place, output.links) for output in estate.outputs]
    tellers += [(secret.address, "", secret.place, secret.holds) for secret in estate.all(Secret)]
    return tuple(
        (name, Evidence(name, place), frozenset(link.target for link in links if link.target))
        for name, description, place, links in tellers
        if _SPEAKS.search(f"{name} {description}")
    )


@once_per_estate
def _speaking(estate: Estate) -> tuple[Unknown, ...]:
    """Modules that are not here and data sources whose names speak of a CDN or a firewall."""
    calls = (Unknown(c.address, c.place) for c in estate.unread_modules if _SPEAKS.search(f"{c.address} {c.source}"))
    found = (Unknown(t.address, t.place) for t in estate if ".aws_" in f".{t.address}" and _is_found_front(t.address, t.type))
    return (*calls, *found)


def _is_found_front(address: str, type_: str) -> bool:
    is_front = type_ in ("aws_cloudfront_distribution", "aws_wafv2_web_acl")
    return is_front and re.search(rf"(^|\.)data\.{type_}\.", address) is not None


def _names(entries: list[Entry]) -> str:
    return shortened(list(dict.fromkeys(entry.name for entry in entries)), _SHOWN)


def _instead(entries: list[Entry]) -> str:
    kinds = {entry.kind for entry in entries}
    reads = any(entry.is_greedy or (isinstance(entry.method, Known) and entry.method.value in READS) for entry in entries)
    first = (
        "Put an aws_cloudfront_distribution in front and let it cache what many ask alike. "
        if reads
        else "Let a queue take what is only written: the entry answers at once, and nobody waits for the function. "
    )
    if "REST API" in kinds:
        limit = "Limit the rate by aws_api_gateway_method_settings (throttling_rate_limit, throttling_burst_limit) or a usage plan"
    elif "HTTP API" in kinds:
        limit = "Limit the rate by default_route_settings { throttling_rate_limit, throttling_burst_limit } of the aws_apigatewayv2_stage"
    elif BALANCER in kinds:
        limit = "Limit the rate by a rate_based_statement of an aws_wafv2_web_acl in front of the load balancer"
    else:
        limit = "Limit the rate by a rate_based_statement of an aws_wafv2_web_acl at that distribution"
    return f"{first}{limit}. See then how many executions still have to be kept ready, or record why they all are."
