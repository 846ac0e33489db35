"""E1, edge: a rule between security groups leads from the function's own group to the group of something private.

"Own" and "of": the rule may stand on either side, as ingress on the thing's group or as egress on the function's. An ingress rule on the
function's group is no evidence, because nothing can connect to a function. Two things that merely stand in one group, without a rule
between them, are a hint (E6).

A group that the function shares with its own event source says nothing (`Evidence.unless_called_by`): the event source mapping stands in
that group, by itself, and whoever gave the group to the function as well has copied it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Rule, SecurityGroup, Store, Thing
from serverful.estate.place import Place
from serverful.estate.value import Basis, Known, Unknown
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.groups import Key, Private, described, groups_of, is_private, key_of, keys_of, members_of, own_keys, shown, whole_of
from serverful.evidence.services import services
from serverful.evidence.words import speaks_of_store

# What a Kafka broker that is not Amazon's may run on.
_HOSTS = frozenset({"instance", "container service", "network interface"})


def edges(function: Function, estate: Estate) -> Iterator[Evidence]:
    """Edges from the function's groups (E1), and shared groups without one (E6)."""
    for key in own_keys(function):
        yield from _edges_of(estate, key)
    yield from _group_taken_from_store(function, estate)


@once_per_estate
def _edges_of(estate: Estate, key: Key) -> tuple[Evidence, ...]:
    return (*_admitted(key, estate), *_let_out(key, estate), *_shared(key, estate))


def graded(
    grade: Grade, says: str, thing: Thing, place: Place, basis: Basis = Basis.STATED, *, unless_called_by: tuple[str, ...] = ()
) -> Evidence:
    """Evidence about a thing, which says where it is decided outside whether the thing exists at all."""
    exists = thing.exists if isinstance(thing.exists, Unknown) else None
    return Evidence(says, place, basis, grade, unless_called_by=unless_called_by, if_exists=exists, of=thing.address)


def _admitted(key: Key, estate: Estate) -> Iterator[Evidence]:
    """Ingress rules on the groups of private things that name our group as their source."""
    index = groups_of(estate)
    for target, rule in index.admitted.get(key, ()):
        if target == key:
            continue  # a rule from a group to itself is a shared one
        for thing in members_of(target, estate):
            says = f"{shown(target)} of {described(thing, estate)} admits {shown(key)}{on_ports(rule)}"
            yield graded(Grade.E1, says, thing, rule.place, unless_called_by=_callers(key, thing, estate))


def _let_out(key: Key, estate: Estate) -> Iterator[Evidence]:
    """Egress rules on our group that name the group of a private thing."""
    index = groups_of(estate)
    for rule in index.rules.get(key, ()):
        if rule.direction != "egress":
            continue
        for peer in keys_of(rule.peers):
            for thing in members_of(peer, estate) if peer != key else ():
                says = f"{shown(key)} leads to {shown(peer)} of {described(thing, estate)}{on_ports(rule)}"
                yield graded(Grade.E1, says, thing, rule.place, unless_called_by=_callers(key, thing, estate))


def _callers(key: Key, thing: Private, estate: Estate) -> tuple[str, ...]:
    """Who explains a rule from a group to a thing without the function: the thing, where the group is one of its own; and, where the thing
    may be a broker of one's own, the group itself, which an event source mapping may bring."""
    owner = (whole_of(thing, estate).address,) if key in keys_of(thing.security_groups) else ()
    return (*owner, shown(key)) if isinstance(thing, Store) and thing.kind in _HOSTS else owner


def _shared(key: Key, estate: Estate) -> Iterator[Evidence]:
    """Our group is the thing's group as well: an edge when it admits itself or is the store's own group, else a hint."""
    index = groups_of(estate)
    for thing in index.members.get(key, ()):
        what, callers = described(thing, estate), _callers(key, thing, estate)
        rule = _rule_to_itself(key, index.rules.get(key, ()))
        if rule is not None:
            says = f"it shares {shown(key)} with {what}, and the group admits itself{on_ports(rule)}"
            yield graded(Grade.E1, says, thing, rule.place, unless_called_by=callers)
        elif _is_named_after_store(key, index.groups.get(key)):
            says = f"it is a member of {shown(key)}, the group of {what}"
            yield graded(Grade.E1, says, thing, thing.place, Basis.DERIVED, unless_called_by=callers)
        else:
            says = f"it shares {shown(key)} with {what}, without a rule between them"
            yield graded(Grade.E6, says, thing, thing.place, Basis.DERIVED, unless_called_by=callers)


def _rule_to_itself(key: Key, rules: Iterable[Rule]) -> Rule | None:
    for rule in rules:
        if isinstance(rule.is_self, Known) and rule.is_self.value:
            return rule
        if any(key_of(peer) == key for peer in rule.peers):
            return rule
    return None


def _is_named_after_store(key: Key, group: SecurityGroup | None) -> bool:
    names = [shown(key)]
    if group is not None and isinstance(group.name, Known):
        names.append(group.name.value)
    return any(speaks_of_store(name) for name in names)


def _group_taken_from_store(function: Function, estate: Estate) -> Iterator[Evidence]:
    """`security_group_ids = aws_elasticache_cluster.sessions.security_group_ids`: the function joins the store's own group by id."""
    attachment = attachment_of(function)
    for link in attachment.security_groups if attachment else ():
        store = estate.find(link, Store)
        if store is not None and is_private(store, estate):
            says = f"it takes its security group from {described(store, estate)}"
            yield graded(Grade.E1, says, store, link.place, unless_called_by=(whole_of(store, estate).address,))


def on_ports(rule: Rule) -> str:
    """` on port 5432 (PostgreSQL)`, ` on ports 6379-6380`, or nothing where the rule is for all ports or they are unknown."""
    if not isinstance(rule.from_port, Known) or not isinstance(rule.to_port, Known):
        return ""
    low, high = rule.from_port.value, rule.to_port.value
    if low is None or high is None or (low <= 0 and high in (0, 65535, -1)):
        return ""
    if low != high:
        return f" on ports {low}-{high}"
    name = services().ports.get(low)
    return f" on port {low} ({name})" if name else f" on port {low}"
