"""Does a function or capacity provider own its security groups, and are they closed?

A group of one's own is the network's name for who is calling: a store admits it, and nobody else. Shared, it names nobody; open, it says
nothing. Nothing connects to a function (AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC": it is
invoked through the Lambda API), nor has to connect to managed instances, so no ingress rule is needed. Terraform removes the rule by which
AWS lets a new group reach everything (provider documentation, `aws_security_group`), so no egress rule means no egress.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from serverful.estate.attached import attachment_of, noun
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import (
    Attached,
    CapacityProvider,
    Endpoint,
    Function,
    GroupQuery,
    LatticeAssociation,
    Link,
    Rule,
    SecurityGroup,
    Store,
    Thing,
)
from serverful.estate.unread_modules import calls_given
from serverful.estate.value import Basis, Known, Listing, Unknown
from serverful.evidence.edges import on_ports
from serverful.evidence.evidence import Evidence
from serverful.evidence.groups import Key, described, groups_of, key_of, whole_of
from serverful.evidence.nat_account import named
from serverful.evidence.open_egress import lets_everything_out, may_let_everything_out
from serverful.evidence.wearers import may_be_connected_to, sharing
from serverful.policy import Severity
from serverful.wording import joined

_OWN = (
    "Give it an aws_security_group of its own without ingress rules, let out by aws_vpc_security_group_egress_rule only what it calls "
    "(referenced_security_group_id = the store's group, port 443, or a prefix_list_id), and name it in the store's "
    "aws_vpc_security_group_ingress_rule as referenced_security_group_id: then the store knows who is calling."
)
_NARROW = (
    "Let out by aws_vpc_security_group_egress_rule only what it calls: referenced_security_group_id = the store's group, port 443, or a "
    "prefix_list_id."
)
_NAME_IT = (
    "Name that in the store's aws_vpc_security_group_ingress_rule as referenced_security_group_id: then the store knows who is calling."
)
_CLOSE = "Take the ingress rules away."
_CITED = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a group. `says` completes a sentence about it, `means` is one, `instead` is what to write."""

    group: str
    says: str
    means: str
    instead: str
    path: tuple[Evidence, ...] = ()
    severity: Severity = Severity.LOW


@dataclass(frozen=True, slots=True)
class GroupAccount:
    """All groups of one subject, a function or (`who`) a capacity provider.

    `unknown` names what keeps us from telling that there is no fault; `path` cites the groups and where they let out. `own` are the groups
    that belong to it alone, whatever else may be wrong with them.
    """

    who: str
    faults: tuple[Fault, ...]
    unknown: tuple[Unknown, ...]
    path: tuple[Evidence, ...]
    own: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """What is, and what it means."""
        by_group: dict[str, dict[str, None]] = {}
        for fault in self.faults:
            by_group.setdefault(fault.group, {})[fault.says] = None
        clauses = "; ".join(f"{group} {joined(list(said))}" for group, said in by_group.items())
        means = dict.fromkeys(fault.means for fault in self.faults)
        return " ".join((f"The {self.who} does not own a closed security group: {clauses}.", *means))

    @property
    def instead(self) -> str:
        foreign = list(dict.fromkeys(fault.group for fault in self.faults if fault.instead == _OWN))
        if foreign and not self.own:
            return _OWN
        more = dict.fromkeys(fault.instead for fault in self.faults if fault.group not in foreign)
        leave = f"Take {named(foreign)} out of security_group_ids: {named(self.own)} is its own. {_NAME_IT}" if foreign else ""
        return " ".join(part for part in (leave, *more) if part)

    @property
    def severity(self) -> Severity:
        return max((fault.severity for fault in self.faults), default=Severity.LOW)

    @property
    def fault_path(self) -> tuple[Evidence, ...]:
        return tuple(dict.fromkeys((*self.path, *(step for fault in self.faults for step in fault.path))))


def group_account(subject: Attached, estate: Estate) -> GroupAccount:
    """The faults of the groups of what is certainly attached."""
    attachment = attachment_of(subject)
    if attachment is None:
        return GroupAccount(noun(subject), (), (), ())
    groups = attachment.security_groups
    faults: list[Fault] = []
    unknown: list[Unknown] = list(groups.unknown)
    path: list[Evidence] = [Evidence(f"security groups from {part.expression}", part.place) for part in groups.unknown]
    for link in groups:
        faults += _faults(link, subject, estate)
        unknown += _unknown(link, subject, estate)
        path += _path(link, subject, estate)
    for part in groups.unknown:  # `var.group_ids`: who else stands there may be seen all the same
        key = key_of(part)
        faults += _shared(key, part.expression, subject, estate) if key else ()
    if groups.is_empty:
        unknown.append(Unknown(f"the security groups of {subject.address}", attachment.place))
    own = _own(groups, {fault.group for fault in faults if fault.instead == _OWN}, subject, estate)
    return GroupAccount(noun(subject), tuple(faults), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(path)), own)


def _own(groups: Listing[Link], foreign: Container[str], subject: Attached, estate: Estate) -> tuple[str, ...]:
    """The groups of this root that nobody else certainly or possibly stands in."""
    keys = {group.address: key_of(link) for link in groups if (group := estate.find(link, SecurityGroup)) is not None}
    return tuple(name for name, key in keys.items() if key and name not in foreign and not sharing(key, subject, estate).unknown)


# --- what is wrong ----------------------------------------------------------------------------------------------------------------------


def _faults(link: Link, subject: Attached, estate: Estate) -> Iterator[Fault]:
    store = estate.find(link, Store)
    if store is not None:
        says = f"is the own group of {described(store, estate)}"
        means = f"What may reach the {store.kind} counts for the {noun(subject)} as well."
        yield Fault(link.expression, says, means, _OWN)
        return
    yield from _default(link, estate)
    key = key_of(link)
    if key is not None:
        yield from _shared(key, _name(link, estate), subject, estate)
        yield from _let_in(key, _name(link, estate), subject, estate)
        yield from _let_out(key, _name(link, estate), subject, estate)


def _default(link: Link, estate: Estate) -> Iterator[Fault]:
    if _is_default(link, estate):
        means = "What names no group gets the default one, so it says of nothing what it is."
        yield Fault(_name(link, estate), "is the default group of its VPC", means, _OWN, severity=Severity.MEDIUM)


def _is_default(link: Link, estate: Estate) -> bool:
    thing = estate.thing(link.target)
    if isinstance(thing, GroupQuery):
        return isinstance(thing.name, Known) and thing.name.value == "default"
    return isinstance(thing, SecurityGroup) and thing.is_default


def _shared(key: Key, name: str, subject: Attached, estate: Estate) -> Iterator[Fault]:
    found = sharing(key, subject, estate)
    if found.things:
        others = named(list(dict.fromkeys(_described(thing, found.things, estate) for thing in found.things)))
        worn = tuple(Evidence(f"stands in {name} as well", thing.place) for thing in found.things[:_CITED])
        means = f"No rule can speak of the {noun(subject)} alone: what is let in or out for one is let for all."
        yield Fault(name, f"is shared with {others}", means, _OWN, worn)
    if found.functions:
        names = named([function.address for function in found.functions], found.count)
        worn = tuple(Evidence(f"stands in {name} with a role of its own", function.place) for function in found.functions[:_CITED])
        means = "A store that admits the group admits all of them, whoever was meant."
        yield Fault(name, f"is shared with functions of other roles ({names})", means, _OWN, worn)


def _described(thing: Thing, beside: Sequence[Thing], estate: Estate) -> str:
    """What a thing is. Of a store that stands there by several of its parts the whole alone, so that it is named once."""
    if isinstance(thing, Store):
        whole = whole_of(thing, estate)
        parts = [part for part in beside if isinstance(part, Store) and whole_of(part, estate) is whole]
        return f"the {whole.kind} {whole.address}" if isinstance(whole, Store) and len(parts) > 1 else described(thing, estate)
    if isinstance(thing, Function):
        return f"the function {thing.address}"
    if isinstance(thing, CapacityProvider):
        return f"the capacity provider {thing.address}"
    if isinstance(thing, LatticeAssociation):
        return f"the VPC Lattice association {thing.address}"
    return f"the endpoint {thing.address}" if isinstance(thing, Endpoint) else thing.address


def _let_in(key: Key, name: str, subject: Attached, estate: Estate) -> Iterator[Fault]:
    rules = _rules(key, "ingress", subject, estate)
    if not rules or may_be_connected_to(key, estate):  # then sharing the group is the fault, or may be
        return
    why = "nothing can connect to a function" if isinstance(subject, Function) else "nothing has to connect to its instances"
    seen = tuple(Evidence(f"{name} lets in{on_ports(rule)}", rule.place) for rule in rules[:_CITED])
    if key[0] == "group":
        means = f"Ingress rules are for nothing: {why}, because Lambda hands over the events itself."
        yield Fault(name, "has ingress rules", means, _CLOSE, seen)
        return
    # Who stands in a group from outside cannot be seen, and may need the rules: then they stay, and the subject goes.
    means = f"Who stands in a group that lets in is somebody else: {why}, because Lambda hands over the events itself."
    yield Fault(name, "has ingress rules for others, who are not in this root", means, _OWN, seen)


def _let_out(key: Key, name: str, subject: Attached, estate: Estate) -> Iterator[Fault]:
    rules = lets_everything_out(_rules(key, "egress", subject, estate))
    if rules:
        means = f"A group that lets everything out does not say what the {noun(subject)} is for, nor stop what it is not for."
        yield Fault(name, "lets everything out", means, _NARROW)


def _rules(key: Key, direction: str, subject: Attached, estate: Estate) -> tuple[Rule, ...]:
    """The rules of one direction that this root certainly writes for a group where the subject exists."""
    written = (pair for pair in _written(estate, key) if pair[0].direction == direction)
    return tuple(rule for rule, exists in written if exists is None or doubt(exists, subject.exists) is None)


@once_per_estate
def _written(estate: Estate, key: Key) -> tuple[tuple[Rule, Unknown | None], ...]:
    """The rules that this root writes for a group, with what decides outside whether there is such a rule.

    Those of a default group as AWS makes it are no news beside its being one.
    """
    rules = groups_of(estate).rules.get(key, ())
    stated = (rule for rule in rules if not (isinstance(rule.protocol, Known) and rule.protocol.basis is Basis.DEFAULTED))
    return tuple((rule, _existence(rule, key, estate)) for rule in stated)


def _existence(rule: Rule, key: Key, estate: Estate) -> Unknown | None:
    """What decides whether there is such a rule, apart from the group itself."""
    block = estate.thing(rule.address)
    is_apart = block is not None and block.address != key[1]
    return block.exists if block is not None and is_apart and isinstance(block.exists, Unknown) else None


# --- what cannot be seen ----------------------------------------------------------------------------------------------------------------


def _unknown(link: Link, subject: Attached, estate: Estate) -> Iterator[Unknown]:
    if isinstance(estate.thing(link.target), Store):
        return
    key = key_of(link)
    group = estate.find(link, SecurityGroup)
    if key is None or group is None:
        yield Unknown(link.expression, link.place)  # its rules stand elsewhere
    if group is not None:
        with_subject = {exists for _, exists in _written(estate, key) if exists and not doubt(exists, subject.exists)} if key else set()
        yield from (part for part in group.unseen if part not in with_subject)
        yield from (Unknown(call.address, call.place) for call in calls_given(group.address, estate))
    if key is not None:
        yield from may_let_everything_out(_rules(key, "egress", subject, estate))
        yield from sharing(key, subject, estate).unknown


# --- names and places -------------------------------------------------------------------------------------------------------------------


def _name(link: Link, estate: Estate) -> str:
    group = estate.find(link, SecurityGroup)
    return group.address if group else link.expression


def _path(link: Link, subject: Attached, estate: Estate) -> tuple[Evidence, ...]:
    """The group, and where it lets out."""
    group = estate.find(link, SecurityGroup)
    key = key_of(link)
    if group is None or key is None:
        return (Evidence(f"security group {link.expression}", link.place),)
    rules = _rules(key, "egress", subject, estate)
    says = "security group without egress" if not rules and not group.unseen and not group.is_default else "security group"
    return (
        Evidence(says, group.place),
        *(Evidence(f"it lets out to {_peers(rule)}{on_ports(rule)}", rule.place) for rule in rules[:_CITED]),
    )


def _peers(rule: Rule) -> str:
    links = [link.expression for link in (*rule.peers, *rule.prefix_lists)]
    unknown = [part.expression for part in (*rule.cidrs.unknown, *rule.peers.unknown, *rule.prefix_lists.unknown)]
    itself = ["itself"] if isinstance(rule.is_self, Known) and rule.is_self.value and not links else []
    return named([*rule.cidrs.items, *links, *unknown, *itself]) or "nothing"
