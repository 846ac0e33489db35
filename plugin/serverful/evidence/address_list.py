"""Is somebody's address all that is asked before a function's entry, or before a store that a function uses? What SLS_IP_3 asks.

Decisions:
- Of a policy: a statement that allows everybody from certain addresses and asks for nothing else, or one that allows everybody beside a
  denial of all other addresses. A denial beside permissions for identities is one layer more, and left alone.
- An address list that holds the whole internet is none.
- An API's policy counts where an entry of a function behind it asks nobody: no authorization of the method, no mutual TLS. `OPTIONS` is
  free. A private API is SLS_VPC_9's. Of a store it counts where a function is seen to use it, of a role where a function has it.
- A search domain with fine-grained access control asks for a user itself (Amazon OpenSearch Service Developer Guide, "Fine-grained access
  control in Amazon OpenSearch Service").
- Of a firewall: a rule that lets addresses through where everybody else is blocked, before an entry that asks nobody. Where the API's
  policy holds a list as well, that one is told of.
- A function that is named for its check of signatures may check them: that is left open.
- Who the sender of a webhook is can often be told by his signature: an authorizer checks it. A reason for one that cannot sign names this
  policy.

IAM User Guide, "AWS global condition context keys", `aws:SourceIp`; API Gateway developer guide, "API Gateway resource policy examples"
("API allow or deny API traffic based on source IP address or range") (both 2026-08).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from serverful.estate.conditions import ADDRESS_KEYS, is_anybody, is_denial, is_readable, limits, others, values_of
from serverful.estate.estate import Estate
from serverful.estate.fronts import entries_behind, front_of
from serverful.estate.globs import is_match
from serverful.estate.identity import functions_by_role
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Api, Condition, Document, Entry, Function, ResourcePolicy, Role, SearchDomain, Statement, Thing, WebAcl
from serverful.estate.place import Place
from serverful.estate.resource_policies import policies_held, reaching
from serverful.estate.value import Known, Unknown
from serverful.evidence.entry_guard import who_is_checked
from serverful.evidence.entry_words import may_check_itself
from serverful.evidence.evidence import Evidence
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined, shortened

_SHOWN = 4
# An address behind a VPC endpoint is one as well.
_KEYS = ADDRESS_KEYS | {"aws:vpcsourceip"}
_NETWORK = frozenset({"aws:sourcevpc", "aws:sourcevpce"})
_FREE = ("OPTIONS",)  # browsers call it without credentials
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(slots=True)
class _Lists:
    """What the address lists of one document come to: `bare` let in whoever comes from there, `joined` ask for somebody as well."""

    bare: list[tuple[Statement, tuple[Condition, ...]]] = field(default_factory=list)
    joined: list[tuple[Statement, tuple[Condition, ...]]] = field(default_factory=list)
    unknown: dict[Unknown, None] = field(default_factory=dict)

    @property
    def are_none(self) -> bool:
        return not (self.bare or self.joined or self.unknown)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Entries by what they ask for beside an address: nobody, somebody, or who knows what."""

    open: tuple[Entry, ...] = ()
    guarded: tuple[Evidence, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def only_addresses_are_asked(subject: Thing, estate: Estate) -> Verdict:
    """Failed (contradicted) where an address list that stands in this block is the only authorization before a function or its store."""
    if isinstance(subject, WebAcl):
        return _firewall(subject, estate)
    if isinstance(subject, Role):
        return _trust(subject, estate)
    policies = policies_held(subject, estate)
    if not policies:
        return not_ours("it holds no policy")
    policy, lists = policies[0], _lists(policies[0].document)
    if lists.are_none:
        return not_ours("its policy holds no address list")
    guarded = estate.thing(policy.guarded.target)
    beside = (guarded,) if guarded is not None and guarded is not subject else ()
    if isinstance(guarded, Api):
        return _api(guarded, policy, lists, beside, estate)
    if isinstance(guarded, Function):
        users: tuple[Evidence, ...] = (Evidence(f"it is the policy of {guarded.address}", guarded.place),)
    else:
        users = tuple(Evidence(f"{reach.function.address} {reach.says}", reach.place) for reach in reaching(policy, estate)[:_SHOWN])
    if not users:
        return not_ours("no function of this root is seen to use what it guards")
    if isinstance(guarded, SearchDomain):
        return _domain(guarded, policy, lists, users, beside)
    return _answer(lists, f"the {policy.what} {policy.guarded.target or policy.guarded.expression}", policy.by, users, beside)


def address_lists_of(entry: Entry, estate: Estate) -> tuple[Place, ...]:
    """Where the address lists stand that are all an entry asks for: SLS_IP_3 fails there, and whoever asks about identity may leave it."""
    front = front_of(entry)
    if not front or not who_is_checked(entry, estate).is_open:
        return ()
    return (*_lists_in_policies(estate).get(front, ()), *_lists_in_firewalls(estate).get(front, ()))


# --- policies ---------------------------------------------------------------------------------------------------------------------


def _lists(document: Document) -> _Lists:
    found = _Lists()
    opening = [statement for statement in document.statements if _opens(statement)]
    for statement in document.statements:
        conditions = tuple(condition for condition in limits(statement, _KEYS) if not _EVERYWHERE.intersection(condition.values))
        if not conditions:
            continue
        entry = (statement, conditions)
        doubts = [*statement.conditions_unknown, *(() if is_anybody(statement) else statement.principals.unknown)]
        doubts += [Unknown(part.key, statement.place) for part in statement.conditions if not is_readable(part)]
        doubts += [statement.effect] if isinstance(statement.effect, Unknown) else []
        asked = [condition for condition in others(statement, _KEYS | _NETWORK) if is_readable(condition)]
        if asked or (statement.principals.items and not is_anybody(statement)):
            found.joined.append(entry)
        elif is_denial(statement) and not any(_overlap(statement, other) for other in opening):
            found.joined.append(entry)  # one layer more: nobody is let in by this policy for his address
            if document.unknown:
                found.unknown.update(dict.fromkeys(document.unknown))
        elif doubts:
            found.unknown.update(dict.fromkeys(doubts))
        else:
            found.bare.append(entry)
    return found


def _opens(statement: Statement) -> bool:
    """Whether a statement certainly lets everybody in, wherever he comes from."""
    is_known = isinstance(statement.effect, Known) and not is_denial(statement) and not statement.conditions_unknown
    return is_known and is_anybody(statement) and not statement.conditions


def _overlap(one: Statement, other: Statement) -> bool:
    pairs = [(a.strip().lower(), b.strip().lower()) for a in one.actions for b in other.actions]
    return any(is_match(a, b) or is_match(b, a) for a, b in pairs)


def _api(api: Api, policy: ResourcePolicy, lists: _Lists, beside: tuple[Thing, ...], estate: Estate) -> Verdict:
    if isinstance(api.is_private, Known) and api.is_private.value:
        return not_ours("a private API is asked about by SLS_VPC_9")
    asked = _asked(entries_behind(api.address, estate), estate)
    if not (asked.open or asked.guarded or asked.unknown):
        return not_ours("no function of this root is seen behind the API")
    if asked.open:
        calls = tuple(Evidence(f"{entry.name} calls {entry.call.callee.target} and asks nobody", entry.asked_at) for entry in asked.open)
        return _answer(lists, f"the API {api.address}", policy.by, calls[:_SHOWN], beside)
    if asked.unknown and (lists.bare or lists.unknown):
        says = f"Whether the API {api.address} asks for more than an address is decided outside this root: "
        return undecided(
            f"{says}{joined([part.expression for part in asked.unknown[:_SHOWN]])}.", *asked.unknown, path=_cited(lists), recorded_at=beside
        )
    if not asked.guarded:
        return not_ours("nothing that is known stands behind its address list")
    return passed(
        f"The address list of the API {api.address} is one layer more: its entries ask who comes.", *asked.guarded, *_cited(lists)
    )


def _domain(domain: SearchDomain, policy: ResourcePolicy, lists: _Lists, users: tuple[Evidence, ...], beside: tuple[Thing, ...]) -> Verdict:
    """A search domain with fine-grained access control asks each request for a user, and its policy may leave that to it."""
    if isinstance(domain.asks_users, Unknown):
        says = f"Whether the search domain {domain.address} asks who comes is decided outside this root: {domain.asks_users.expression}."
        return undecided(says, domain.asks_users, path=(*_cited(lists), *users), recorded_at=beside)
    if domain.asks_users.value:
        asks = Evidence("asks each request for a user (advanced_security_options)", domain.asks_users.place)
        return passed(f"The address list of the search domain {domain.address} is one layer more.", asks, *_cited(lists), *users)
    return _answer(lists, f"the search domain {domain.address}", policy.by, users, beside)


def _asked(entries: Iterable[Entry], estate: Estate) -> _Asked:
    open_: list[Entry] = []
    guarded: list[Evidence] = []
    unknown: list[Unknown] = []
    for entry in entries:
        if isinstance(entry.method, Known) and entry.method.value in _FREE:
            continue
        checked = who_is_checked(entry, estate)
        if checked.is_open and may_check_itself(entry, estate):
            unknown.append(Unknown(f"whether {entry.call.callee.target or entry.call.by} checks who comes by {entry.name}", entry.asked_at))
        elif checked.is_open:
            open_.append(entry)
        guarded += checked.by[:1]
        unknown += checked.unknown
    return _Asked(tuple(open_), tuple(guarded[:_SHOWN]), tuple(dict.fromkeys(unknown)))


def _trust(role: Role, estate: Estate) -> Verdict:
    """Who may take a function's role."""
    lists = _lists(role.trust)
    functions = functions_by_role(estate).get(role.address, ())
    if lists.are_none or not functions:
        return not_ours("no function has it, or who may take it is no question of addresses")
    users = tuple(Evidence(f"{function.address} has this role", function.place) for function in functions[:_SHOWN])
    return _answer(lists, f"the role {role.address}", role.address, users, ())


def _answer(lists: _Lists, what: str, by: str, users: tuple[Evidence, ...], beside: tuple[Thing, ...]) -> Verdict:
    if lists.bare:
        return failed(
            f"An address list is all that guards {what}: whoever comes from one of the addresses is let in, and nobody asks who it is.",
            *_cited(lists),
            *users,
            kind=Kind.CONTRADICTED,
            instead=_instead(what, by),
            argument="policy",
            recorded_at=beside,
        )
    if lists.unknown:
        unknown = tuple(lists.unknown)
        says = f"Whether {what} asks for more than an address is decided outside this root: "
        return undecided(f"{says}{joined([part.expression for part in unknown[:_SHOWN]])}.", *unknown, path=users, recorded_at=beside)
    return passed(f"The address list of {what} is one layer more: it lets nobody in by itself.", *_cited(lists), *users)


def _cited(lists: _Lists) -> tuple[Evidence, ...]:
    return tuple(_list(statement, conditions) for statement, conditions in (lists.bare or lists.joined)[:_SHOWN])


def _list(statement: Statement, conditions: tuple[Condition, ...]) -> Evidence:
    does = "denies everybody who does not come from" if is_denial(statement) else "allows everybody from"
    return Evidence(f"{does} {shortened(values_of(conditions), _SHOWN)} ({conditions[0].key})", statement.place)


def _instead(what: str, by: str) -> str:
    if what.startswith("the API"):
        return (
            'Ask who comes: authorization = "AWS_IAM", a JWT or Cognito authorizer, a Lambda authorizer that checks a signature, or mutual '
            f"TLS on a domain name. {by} may keep the list as one layer more. A sender that cannot sign is a reason to record: "
            "`serverful:SLS_IP_3`."
        )
    return (
        f"Name who may come in {by}: roles or accounts as principals, or aws:PrincipalOrgID as condition. Where people read files, sign "
        "their URLs or cookies. The list may stay as one layer more. A partner who cannot sign is a reason to record: `serverful:SLS_IP_3`."
    )


# --- firewalls --------------------------------------------------------------------------------------------------------------------


def _firewall(acl: WebAcl, estate: Estate) -> Verdict:
    if not acl.lists:
        return not_ours("no rule of it decides by an address alone")
    told = _lists_in_policies(estate)
    asked = _asked((entry for front in acl.fronts if front not in told for entry in entries_behind(front, estate)), estate)
    rules = tuple(
        Evidence("lets through whoever comes from a list of addresses, and blocks everybody else", at) for at in acl.lists[:_SHOWN]
    )
    if asked.open:
        calls = (
            Evidence(f"{entry.name} calls {entry.call.callee.target} and asks nobody", entry.asked_at) for entry in asked.open[:_SHOWN]
        )
        return failed(
            f"A list of addresses in the firewall is all that guards {joined(list(dict.fromkeys(map(_front, asked.open)))[:_SHOWN])}: "
            "whoever comes from one of them is let in, and nobody asks who it is.",
            *rules,
            *calls,
            kind=Kind.CONTRADICTED,
            instead=_instead("the API", acl.address),
            argument="rule",
        )
    if asked.unknown:
        says = "Whether what stands behind the firewall's list of addresses asks who comes is decided outside this root: "
        return undecided(f"{says}{joined([part.expression for part in asked.unknown[:_SHOWN]])}.", *asked.unknown, path=rules)
    if asked.guarded:
        return passed("The firewall's list of addresses is one layer more: what stands behind it asks who comes.", *asked.guarded, *rules)
    return not_ours("no function of this root is seen behind it")


def _front(entry: Entry) -> str:
    return f"the {entry.kind} {front_of(entry)}"


@once_per_estate
def _lists_in_policies(estate: Estate) -> dict[str, tuple[Place, ...]]:
    """The APIs that nothing but the address list of a policy guards, and where that stands."""
    return dict(_guarding(estate))


def _guarding(estate: Estate) -> Iterator[tuple[str, tuple[Place, ...]]]:
    for policy in estate.resource_policies:
        bare = _lists(policy.document).bare if policy.service == "execute-api" else []
        if bare and policy.guarded.target is not None:
            yield policy.guarded.target, tuple(statement.place for statement, _ in bare)


@once_per_estate
def _lists_in_firewalls(estate: Estate) -> dict[str, tuple[Place, ...]]:
    return {front: acl.lists for acl in estate.all(WebAcl) if acl.lists for front in acl.fronts}
