"""What is asked about who a function is, and about who may call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from serverful.estate.entries import ways_in
from serverful.estate.estate import Estate
from serverful.estate.fronts import front_of
from serverful.estate.identity import role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Api, DataStore, Function, Permission, Thing, WebAcl
from serverful.estate.value import Unknown
from serverful.evidence.address_list import address_lists_of
from serverful.evidence.identity_login import perhaps_using, roles_of, users_of
from serverful.evidence.identity_login_words import is_on, is_open
from serverful.evidence.stacking import ID as STACKED
from serverful.evidence.stacking import asks_about_role
from serverful.finding import Finding
from serverful.policy import Severity
from serverful.stack.answers import Answer, Answers, answer_of, cell_of, has_failed
from serverful.stack.cell import Cell, Layer, Standing
from serverful.verdict import Outcome
from serverful.wording import joined

_ENTRY, _PERMISSION, _OWN, _NARROW, _LEFT_OVER, _LOGIN = "SLS_ID_1", "SLS_ID_2", "SLS_ID_3", "SLS_ID_4", "SLS_ID_5", "SLS_ID_6"
_PRIVATE_API, _ADDRESS_LIST = "SLS_VPC_9", "SLS_IP_3"
# Where all of these were asked and none has found anything, there is nothing to ask at the role and the ways in.
_ENOUGH = (_ENTRY, _PERMISSION, _OWN, _NARROW)
_MANY = 20  # stores that nobody is seen to reach: the rest would not make it less certain


def cell_of_identity(function: Function, answers: Answers, estate: Estate) -> Cell:
    """The cell of identity, which is always the customer's: is the role the function's own and narrow, is everybody asked who comes?"""
    findings = sorted(_findings(function, answers, estate), key=lambda finding: -finding.severity)
    questions = tuple(found.policy.id for found in findings if _is_question(found))
    found = [_answer(finding) for finding in findings if not _is_question(finding)]
    role = role_of(function, estate)
    if role is None:
        where = f": {function.role.expression}" if function.role is not None else ""
        found.append(Answer(Standing.UNDECIDED, f"Its role stands outside this root{where}."))
    elif not found:
        left_out = [policy for policy in _ENOUGH if not answers.was_asked(policy)]
        if left_out:
            was = "was" if len(left_out) == 1 else "were"
            found.append(Answer(Standing.UNDECIDED, f"Its role is {role.address}, and {joined(left_out)} {was} not asked about it."))
        else:
            found.append(Answer(Standing.EVIDENCE, f"Its role is {role.address}, and nothing was found at it or at the ways in."))
    return cell_of(Layer.IDENTITY, found, "", questions)


def _is_question(finding: Finding) -> bool:
    return has_failed(finding) and finding.severity is Severity.INFO


def _answer(finding: Finding) -> Answer:
    answer = answer_of(finding)
    if finding.policy.id != _PERMISSION or finding.verdict.outcome is not Outcome.PASSED:
        return answer
    return replace(answer, says=f"{finding.address} names who may call it, or from what.")


def _findings(function: Function, answers: Answers, estate: Estate) -> Iterator[Finding]:
    """Everything that was found about this function's identity, in the order of its policies."""
    role = role_of(function, estate)
    at_function = answers.about(function)
    yield from (at_function[policy] for policy in (_ENTRY, _NARROW, _LOGIN, _ADDRESS_LIST) if policy in at_function)
    if role is not None:
        at_role = answers.about(role)
        yield from (at_role[policy] for policy in (_OWN, _NARROW, _LEFT_OVER, _ADDRESS_LIST) if policy in at_role)
    for permission in _permissions(estate).get(function.address, ()):
        finding = answers.of(_PERMISSION, permission)
        if finding is not None:
            yield finding
    if (stacked := answers.of(STACKED, function)) is not None and has_failed(stacked) and asks_about_role(function, estate):
        yield stacked
    yield from _at_stores(function, answers, estate)
    yield from _at_entries(function, answers, estate)


@once_per_estate
def _permissions(estate: Estate) -> dict[str, list[Permission]]:
    found: dict[str, list[Permission]] = {}
    for permission in estate.all(Permission):
        function = estate.find(permission.callee.function, Function)
        if function is not None:
            found.setdefault(function.address, []).append(permission)
    return found


def _at_stores(function: Function, answers: Answers, estate: Estate) -> Iterator[Finding]:
    """What SLS_ID_6 has found at stores that the function reaches; where their roles decide, only if it speaks of this one.

    Of a store that nobody is seen to reach it is open for those of whom it is not known what they reach.
    """
    for store in _stores(estate).get(function.address, ()):
        finding = answers.of(_LOGIN, store)
        if finding is None:
            continue
        is_at_roles = has_failed(finding) and is_on(store) and not is_open(store)
        if not is_at_roles or function.address in _without_login(estate, store.address):
            yield finding
    if _unreached(estate) and _may_reach_any(function, estate):
        found = (answers.of(_LOGIN, store) for store in _unreached(estate))
        yield from (finding for finding in found if finding is not None and finding.verdict.outcome is Outcome.UNDECIDED)


@once_per_estate
def _unreached(estate: Estate) -> tuple[DataStore, ...]:
    unreached = (store for store in estate.all(DataStore) if not users_of(store, estate))
    return tuple(islice(unreached, _MANY))


def _may_reach_any(function: Function, estate: Estate) -> bool:
    """Whether it is among those of whom it is not known what they reach."""
    attachment = function.attachment
    groups: tuple[Unknown, ...] = ()
    if isinstance(attachment, Unknown):
        groups = (attachment,)
    elif attachment.value is not None:
        groups = attachment.value.security_groups.unknown
    return bool(groups) and not _anything(estate).isdisjoint(groups)


@once_per_estate
def _anything(estate: Estate) -> frozenset[Unknown]:
    return frozenset(perhaps_using(estate))


@once_per_estate
def _stores(estate: Estate) -> dict[str, list[DataStore]]:
    found: dict[str, list[DataStore]] = {}
    for store in estate.all(DataStore):
        for user in users_of(store, estate):
            found.setdefault(user.function.address, []).append(store)
    return found


@once_per_estate
def _without_login(estate: Estate, address: str) -> frozenset[str]:
    """The functions whose roles do not let them log in to a store by IAM."""
    store = estate.thing(address)
    if not isinstance(store, DataStore):
        return frozenset()
    return frozenset(user.function.address for user in roles_of(users_of(store, estate), store.login.service, estate).without)


def _at_entries(function: Function, answers: Answers, estate: Estate) -> Iterator[Finding]:
    """What was found at the APIs and firewalls before the function, as far as it speaks of its own entries."""
    told: dict[str, Finding] = {}
    for entry in ways_in(function, estate):
        api = estate.thing(entry.api)
        private = answers.of(_PRIVATE_API, api) if api is not None else None
        if private is not None and (private.verdict.outcome is Outcome.PASSED or not entry.guards.items):
            told.setdefault(f"{_PRIVATE_API} {private.address}", private)
        for holder in _holders(estate).get(front_of(entry), ()):
            listed = answers.of(_ADDRESS_LIST, holder)
            if listed is not None and (not has_failed(listed) or address_lists_of(entry, estate)):
                told.setdefault(f"{_ADDRESS_LIST} {listed.address}", listed)
    for api in _linked(estate).get(function.address, ()):
        private = answers.of(_PRIVATE_API, api)
        if private is not None:
            told.setdefault(f"{_PRIVATE_API} {private.address}", private)
    yield from told.values()


@once_per_estate
def _holders(estate: Estate) -> dict[str, list[Thing]]:
    """By what requests meet first, the blocks that may hold a list of addresses before it: policies of APIs, firewalls."""
    found: dict[str, list[Thing]] = {}
    for policy in estate.resource_policies:
        holder = estate.thing(policy.by)
        if policy.service == "execute-api" and policy.guarded.target is not None and holder is not None:
            found.setdefault(policy.guarded.target, []).append(holder)
    for acl in estate.all(WebAcl):
        for front in acl.fronts:
            found.setdefault(front, []).append(acl)
    return found


@once_per_estate
def _linked(estate: Estate) -> dict[str, list[Api]]:
    """The APIs that lead to a function through a VPC link."""
    found: dict[str, list[Api]] = {}
    for api in estate.all(Api):
        for link in api.links:
            for target in link.functions:
                if target.target is not None:
                    found.setdefault(target.target, []).append(api)
    return found
