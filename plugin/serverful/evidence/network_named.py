"""Does the policy of something that a function reaches ask who comes, or only through which network? What SLS_VPC_5 asks.

Decisions:
- `aws:SourceVpc`, `aws:SourceVpce` and `aws:VpcSourceIp` tell through which network somebody comes. Whoever is in it, comes.
- A statement that also names principals, or asks for an organisation, an account, a role, a tag or anything else, has named somebody. A
  denial with such a condition beside it leaves these out. AWS's own services, TLS and the time name nobody.
- A denial that names principals narrows what these may do, and is left alone; so is an `Allow` that an absent key meets, because it does
  not ask for the network at all.
- A private REST API is reached through an endpoint whatever its policy says: the API is private by a decision of its own.
- What reaches it is what a role or an environment names. Where the policy cannot be read, that matters for functions in a VPC only.

Amazon S3 User Guide, "Controlling access from VPC endpoints with bucket policies"; AWS whitepaper "Building a data perimeter on AWS"
(both 2026-08): a perimeter joins the network with exceptions for the organisation's own identities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from serverful.estate.attached import attachment_of
from serverful.estate.conditions import NETWORK_KEYS, is_anybody, is_denial, is_readable, limits, others, values_of
from serverful.estate.estate import Estate
from serverful.estate.identity import role_of
from serverful.estate.model import Api, Condition, ResourcePolicy, Statement, Thing
from serverful.estate.resource_policies import Reach, concerns, policies_held, reaching
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined, shortened

_SHOWN = 4


@dataclass(slots=True)
class _Reading:
    """What the statements of one policy come to: those that ask for the network alone, those that name somebody as well, what is open."""

    bare: list[tuple[Statement, tuple[Condition, ...]]] = field(default_factory=list)
    named: list[tuple[Statement, str]] = field(default_factory=list)
    unknown: dict[Unknown, None] = field(default_factory=dict)


def names_network_only(holder: Thing, estate: Estate) -> Verdict:
    """Failed (contradicted) where a policy that the block holds asks functions for nothing but their network."""
    policies = policies_held(holder, estate)
    if not policies:
        return not_ours("it holds no policy")
    policy = policies[0]
    reading = _read(policy)
    if not (reading.bare or reading.named or reading.unknown):
        return not_ours("its policy asks for no network")
    if _is_private_api(policy, estate):
        return not_ours("a private API is reached through its endpoint whatever the policy says")
    reaches = reaching(policy, estate)
    if not reaches:
        return not_ours("no function of this root is seen to reach what it guards")
    guarded = estate.thing(policy.guarded.target)
    return _answer(policy, reading, reaches, (guarded,) if guarded is not None and guarded is not holder else (), estate)


def _answer(policy: ResourcePolicy, reading: _Reading, reaches: tuple[Reach, ...], beside: tuple[Thing, ...], estate: Estate) -> Verdict:
    bare = [(statement, limits_) for statement, limits_ in reading.bare if any(concerns(statement, reach) for reach in reaches)]
    concerned = [reach for reach in reaches if not bare or any(concerns(statement, reach) for statement, _ in bare)]
    attached = [reach for reach in concerned if attachment_of(reach.function) is not None]
    what = f"the {policy.what} {policy.guarded.target or policy.guarded.expression}"
    path = tuple(_path(concerned))
    if bare:
        return failed(
            _says(bare, what, concerned, policy),
            *(Evidence(_asks(statement, conditions), statement.place) for statement, conditions in bare[:_SHOWN]),
            *path,
            kind=Kind.CONTRADICTED,
            instead=_instead(policy, concerned, estate),
            argument="policy",
            recorded_at=beside,
        )
    if reading.unknown and attached:
        unknown = tuple(reading.unknown)
        says = f"Whether the policy of {what} asks for more than the network is decided outside this root: "
        return undecided(f"{says}{joined([part.expression for part in unknown[:_SHOWN]])}.", *unknown, path=path, recorded_at=beside)
    if reading.named and not reading.bare:
        seen = [Evidence(f"asks for {by} as well", statement.place) for statement, by in reading.named[:_SHOWN]]
        return passed(f"The policy of {what} asks for a network and names somebody as well ({reading.named[0][1]}).", *seen, *path)
    return not_ours("its policy asks no function for a network")


def _read(policy: ResourcePolicy) -> _Reading:
    reading = _Reading(unknown=dict.fromkeys(policy.document.unknown))
    for statement in policy.document.statements:
        found = limits(statement, NETWORK_KEYS)
        unreadable = [Unknown(part.key, statement.place) for part in statement.conditions if not is_readable(part)]
        if not found:
            # What may be the network: conditions of an unknown key, or those that are not seen at all. Who is let in by name is named.
            if is_denial(statement) or is_anybody(statement):
                reading.unknown.update(dict.fromkeys((*unreadable, *statement.conditions_unknown)))
            continue
        by = _named_by(statement)
        if by:
            reading.named.append((statement, by))
            continue
        doubts = [*unreadable, *statement.conditions_unknown, *(() if is_anybody(statement) else statement.principals.unknown)]
        doubts += [statement.effect] if isinstance(statement.effect, Unknown) else []
        if doubts:
            reading.unknown.update(dict.fromkeys(doubts))
        else:
            reading.bare.append((statement, found))
    return reading


def _named_by(statement: Statement) -> str:
    """Whom a statement names beside the network, in a few words; "" for nobody."""
    asked = [condition.key for condition in others(statement, NETWORK_KEYS | {"aws:sourceip"}) if is_readable(condition)]
    if asked:
        return asked[0]
    if is_anybody(statement):
        return ""
    if any(part.expression in ("NotPrincipal", "not_principals") for part in statement.principals.unknown):
        return "NotPrincipal"
    named = [principal.link.target or principal.link.expression for principal in statement.principals]
    return named[0] if named else ""


def _is_private_api(policy: ResourcePolicy, estate: Estate) -> bool:
    api = estate.find(policy.guarded, Api)
    return api is not None and isinstance(api.is_private, Known) and api.is_private.value


def _says(bare: list[tuple[Statement, tuple[Condition, ...]]], what: str, reaches: list[Reach], policy: ResourcePolicy) -> str:
    functions = joined([*[reach.function.address for reach in reaches[:_SHOWN]], *_more(len(reaches))])
    keys = joined(list(dict.fromkeys(condition.key for _, conditions in bare for condition in conditions)))
    if policy.what == "VPC endpoint":
        return f"The policy of {what} asks for the network alone ({keys}), in which everybody behind it stands anyway: {functions}."
    if any(is_denial(statement) for statement, _ in bare):
        return (
            f"The policy of {what} shuts out whoever comes from outside a network ({keys}), whatever their identity, so {functions} "
            f"{'has' if len(reaches) == 1 else 'have'} to stand in that VPC to reach it."
        )
    return f"The policy of {what} lets in whoever comes through a network ({keys}), and asks nobody who they are. {functions} may reach it."


def _asks(statement: Statement, conditions: tuple[Condition, ...]) -> str:
    does = "denies everybody else" if is_denial(statement) else "allows everybody there"
    asked = joined(list(dict.fromkeys(condition.key for condition in conditions)))
    return f"asks for {asked} = {shortened(values_of(conditions), _SHOWN)} and {does}"


def _path(reaches: list[Reach]) -> Iterator[Evidence]:
    for reach in reaches[:_SHOWN]:
        yield Evidence(f"{reach.function.address} {reach.says}", reach.place)
        attachment = reach.function.attachment
        if isinstance(attachment, Known) and attachment.value is not None:
            yield Evidence(f"{reach.function.address} is attached to a VPC", attachment.value.place)


def _instead(policy: ResourcePolicy, reaches: list[Reach], estate: Estate) -> str:
    roles = [role.address for reach in reaches if (role := role_of(reach.function, estate)) is not None]
    named = list(dict.fromkeys(f"{role}.arn" for role in roles)) or ["the functions' execution roles"]
    who = joined([*named[:_SHOWN], *(["the other roles"] if len(named) > _SHOWN else [])])
    return (
        f"Let {policy.by} name the identities: {who} as principals, or aws:PrincipalOrgID as condition. Where people and instances shall "
        "still come through the network, leave these roles out of that statement by ArnNotEquals on aws:PrincipalArn. If the network is "
        "a data perimeter that you want, record it: `serverful:SLS_VPC_5`, with an owner and an end date."
    )


def _more(number: int) -> list[str]:
    return [f"{number - _SHOWN} more"] if number > _SHOWN else []
