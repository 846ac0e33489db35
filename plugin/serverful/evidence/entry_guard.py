"""Who is checked where requests come in: the authorization of a method, route or URL, and the resource policy of its API.

API Gateway developer guide, "How API Gateway resource policies affect authorization workflow" (2026): a method without authorization is
open to whomever the policy lets in, and the anonymous are not let in by a policy that names principals. Only REST APIs have one. An API key
identifies nobody ("Usage plans and API keys for REST APIs").
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.model import Api, Entry
from serverful.estate.unseen import unseen
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.resource_policy import LetIn, let_in
from serverful.wording import joined

INVOKE = "execute-api:Invoke"
_REST = "REST API"
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """What asks who comes in at one entry: `by` certainly, `unknown` perhaps. `policy` is whom the API's resource policy lets in, if any."""

    entry: Entry
    by: tuple[Evidence, ...]
    unknown: tuple[Unknown, ...]
    policy: LetIn | None = None

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in who gets there, from whatever address or network."""
        return not self.by and not self.unknown


def who_is_checked(entry: Entry, estate: Estate) -> Checked:
    """What asks who comes in at an entry."""
    if entry.guards.items:
        return Checked(entry, tuple(Evidence(f"{entry.name} asks: {guard.says}", guard.place) for guard in entry.guards.items), ())
    if entry.kind != _REST:
        return Checked(entry, (), entry.guards.unknown)
    api = estate.thing(entry.api)
    if not isinstance(api, Api):
        return Checked(entry, (), (*entry.guards.unknown, Unknown(f"the resource policy of the API of {entry.by}", entry.place)))
    if not api.policies:
        perhaps = (*api.unknown, *unseen(estate, api.place, "who calls this module, and may add a policy"))
        return Checked(entry, (), (*entry.guards.unknown, *perhaps))
    policy = let_in(api.policies, INVOKE)
    if policy.asks:
        whom = [*policy.named[:_SHOWN], *policy.conditions[:_SHOWN]]
        says = f"the API's resource policy names who may call it ({joined(whom)})" if whom else "the API's resource policy lets nobody in"
        return Checked(entry, (Evidence(says, api.policy_at),), (), policy)
    return Checked(entry, (), (*entry.guards.unknown, *(() if policy.open_at else policy.unknown)), policy)
