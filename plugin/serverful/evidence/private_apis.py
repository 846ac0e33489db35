"""Is an API private so that nobody has to be asked who comes? The verdict of SLS_VPC_9.

API Gateway developer guide, "Private REST APIs in API Gateway" (2026): a private API is reached through interface endpoints, and only as
far as its resource policy says; without one nobody may call it. AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint
policies": the default policy of an endpoint lets everybody through.

Decisions:
- Asked are REST APIs that are private, and HTTP APIs that reach a balancer through a VPC link, where all that is behind them are functions.
  An API that leads to containers, to instances or on-premises has a reason to stand there, and is not asked.
- A function that needs its VPC, by the evidence of SLS_VPC_1, is such a reason as well. Where that is open, so is this.
- An interface endpoint is no question of its own: it is cited with the API that is reached through it.
- The network is no identity, also as `aws:SourceVpce` or `aws:SourceVpc`. A policy of each endpoint that names who may pass asks.
- What cannot be seen of endpoints and policies elsewhere is undecided.
- The reason of a function's own attachment does not answer it; one that is recorded at the API does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from serverful.estate.entries import why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Api, Document, Entry, Function, PrivateLink
from serverful.estate.value import Known, Unknown
from serverful.evidence.attachment import explained
from serverful.evidence.entry_guard import INVOKE, who_is_checked
from serverful.evidence.evidence import Evidence
from serverful.evidence.resource_policy import let_in
from serverful.evidence.warmth_words import MANY, listed
from serverful.verdict import Kind, Outcome, Verdict, failed, not_ours, passed, undecided


@dataclass(slots=True)
class _Account:
    """What is found: `open_at` asks nobody, `asking` does, `unknown` may."""

    names: list[str] = field(default_factory=list)
    open_at: list[Evidence] = field(default_factory=list)
    asking: list[Evidence] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)


def why_private(api: Api, estate: Estate) -> Verdict:
    """Failed (unexplained) where an API is kept private for functions alone and asks nobody; not ours where others are behind it."""
    if isinstance(api.is_private, Known) and not api.is_private.value:
        links = [link for link in api.links if link.functions and not link.leads_elsewhere]
        return _linked(api, links, estate) if links else not_ours("the API is not private, and reaches no function through a VPC link")
    entries = [entry for entry in _entries(estate).get(api.address, ()) if not _is_free(entry)]
    if not entries:
        return not_ours("no function is seen behind the API")
    if api.leads_elsewhere:
        return not_ours("the API leads to others than functions as well")
    if any(_needs_vpc(function, estate) is True for function in _behind(entries, estate)):
        return not_ours("a function behind the API needs its VPC")
    account = _Account(unknown=[api.is_private] if isinstance(api.is_private, Unknown) else [])
    for entry in entries:
        _add(entry, api, account, estate)
    private = Evidence("the API is private", api.is_private.place)
    through = [Evidence("reached through an interface endpoint", link.place) for link in api.endpoints.items[:MANY]]
    return _verdict(
        api,
        account,
        (private, *through),
        f"The API is private, and asks nobody who comes by {listed(account.names)}. What is behind it needs no VPC, so the network is "
        "there to keep people out, and whoever is inside may call.",
        f'Make {api.address} REGIONAL, and let its methods ask: authorization = "AWS_IAM" or "COGNITO_USER_POOLS", with a resource policy '
        "that names the accounts, the roles or the organisation (aws:PrincipalOrgID). Then the interface endpoint is needed by nobody.",
    )


def _behind(entries: Iterable[Entry], estate: Estate) -> Iterator[Function]:
    found = (estate.find(entry.call.callee.function, Function) for entry in entries)
    yield from (function for function in found if function is not None)


def _add(entry: Entry, api: Api, account: _Account, estate: Estate) -> None:
    function = estate.find(entry.call.callee.function, Function)
    checked = who_is_checked(entry, estate)
    if checked.by:
        account.asking += checked.by
        return
    if function is None:
        return
    doubts = [*checked.unknown, *_endpoints(api), why_not_certain(entry, function), _needs_vpc(function, estate)]
    unknown = [part for part in doubts if isinstance(part, Unknown)]
    if not api.policies and not unknown:
        unknown.append(Unknown(f"the resource policy without which nobody may call {api.address}", api.policy_at))
    policies = api.endpoint_policies
    if policies and api.endpoints.is_complete and all(_asks(policy) for policy in policies):
        account.asking.append(Evidence("the endpoint's policy names who may pass", entry.asked_at))
    elif unknown:
        account.unknown += unknown
    else:
        account.names.append(entry.name)
        account.open_at.append(Evidence(f"{entry.name} asks nobody", entry.asked_at))


def _asks(policy: Document) -> bool:
    if not policy.statements:
        return False
    answer = let_in((policy,), INVOKE)
    return answer.asks and bool(answer.named or answer.conditions)


def _endpoints(api: Api) -> Iterator[Unknown]:
    """The endpoints whose policies are not seen."""
    yield from api.endpoints.unknown
    for link in api.endpoints:
        if link.origin != "resource":
            yield Unknown(f"the policy of the endpoint {link.expression}", link.place)
    if api.endpoints.is_empty:
        yield Unknown(f"the interface endpoint through which {api.address} is reached", api.place)


def _needs_vpc(function: Function, estate: Estate) -> bool | Unknown:
    verdict = explained(function, estate)
    if verdict.outcome is Outcome.UNDECIDED:
        return verdict.unknown[0] if verdict.unknown else Unknown(f"whether {function.address} needs its VPC", function.place)
    return verdict.outcome is Outcome.PASSED


def _linked(api: Api, links: list[PrivateLink], estate: Estate) -> Verdict:
    """The verdict about an API that reaches functions through a VPC link and a balancer."""
    account = _Account()
    for link in links:
        functions = [function for function in (estate.find(target, Function) for target in link.functions) if function is not None]
        needs = [_needs_vpc(function, estate) for function in functions]
        if link.guards.items:
            account.asking += [Evidence(f"{link.by} is behind {guard.says}", guard.place) for guard in link.guards.items]
        elif not functions or any(need is True for need in needs):  # a way to what stands in the VPC
            continue
        elif link.guards.unknown or any(isinstance(need, Unknown) for need in needs):
            account.unknown += [*link.guards.unknown, *(need for need in needs if isinstance(need, Unknown))]
        else:
            account.names += [function.address for function in functions]
            account.open_at.append(Evidence("the route asks nobody", link.asked_at))
    return _verdict(
        api,
        account,
        tuple(Evidence("reaches a balancer through a VPC link", link.place) for link in links[:MANY]),
        f"The API reaches {listed(account.names)} through a VPC link and a balancer, and asks nobody who comes. API Gateway calls "
        "functions itself, so the private way guards nothing and has to be kept.",
        f"Let the integrations of {api.address} call the function (integration_uri = its invoke_arn), give the routes an "
        "authorization_type, and remove the VPC link and the balancer.",
    )


def _verdict(api: Api, account: _Account, path: tuple[Evidence, ...], says: str, instead: str) -> Verdict:
    if account.open_at:
        return failed(
            says,
            *dict.fromkeys(account.open_at[:MANY]),
            *path,
            kind=Kind.UNEXPLAINED,
            missed=("an authorization of the method or route", "a resource policy or endpoint policy that names identities"),
            instead=instead,
            argument="connection_type" if api.links else "endpoint_configuration",
        )
    if account.unknown:
        names = listed(part.expression for part in account.unknown)
        return undecided(f"Whether the API asks who comes is decided elsewhere: {names}.", *dict.fromkeys(account.unknown), path=path)
    if account.asking:
        return passed("The API asks who comes, wherever that is from.", *dict.fromkeys(account.asking[:MANY]), *path)
    return not_ours("what is behind the API needs the VPC")


def _is_free(entry: Entry) -> bool:
    return isinstance(entry.method, Known) and entry.method.value == "OPTIONS"


@once_per_estate
def _entries(estate: Estate) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in estate.entries:
        if entry.api and entry.call.callee.target is not None:
            found.setdefault(entry.api, []).append(entry)
    return found
