"""Is the role of a serverful function narrow? The account behind SLS_ID_4.

Decisions:
- The role is asked, once, whoever has it; where it stands in another root, each function is.
- A function counts where it is certain that it stands in a VPC or on a capacity provider, mounts a file system, or answers the internet.
- What one role may do is the answer, so one wide permission is enough, whatever else cannot be seen. Where nothing visible is wide, a
  policy from elsewhere may be.
- Where the internet and a network or a file system meet with the wide role on one function, SLS_RAD_2 asks about all three at once. Here
  the role is asked where other such functions have it too, or where a reason answers SLS_RAD_2.
- A resource that an expression puts in (`var.table_arn`) is taken for a name, as inside of an ARN. Whoever writes `*` writes it somewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.identity import NOT_RESOURCE, allow_statements, functions_by_role
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Role
from serverful.estate.unread_modules import calls_given
from serverful.estate.unseen import unread
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.exposure import Exposure, exposures
from serverful.evidence.leftovers import may_wear
from serverful.evidence.stacking import asks_about_role
from serverful.evidence.wide import Wide, wide_permissions
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import counted, joined, shortened

_SHOWN = 4
_STACKED = "SLS_RAD_2 asks about the wide role together with the network and the internet"
_NOT_EXPOSED = "no function with the role stands in a VPC, mounts a file system or answers the internet"
# What to name instead of `*`: the types of things that each service's actions are about.
_THINGS = {
    "dynamodb": "aws_dynamodb_table",
    "events": "aws_cloudwatch_event_bus",
    "kinesis": "aws_kinesis_stream",
    "kms": "aws_kms_key",
    "lambda": "aws_lambda_function",
    "s3": "aws_s3_bucket",
    "secretsmanager": "aws_secretsmanager_secret",
    "sns": "aws_sns_topic",
    "sqs": "aws_sqs_queue",
    "ssm": "aws_ssm_parameter",
    "states": "aws_sfn_state_machine",
}


@dataclass(frozen=True, slots=True)
class _Wearer:
    """A function with the role, and why it matters what it may do: `certain` reasons, or else what leaves that open."""

    function: Function
    certain: tuple[Exposure, ...]
    doubts: tuple[Unknown, ...]


def why_narrow(role: Role, estate: Estate) -> Verdict:
    """Failed (contradicted) where a role of an exposed function has a wide permission; passed where all is seen, and narrow."""
    wearers = tuple(_wearer(function, estate) for function in functions_by_role(estate).get(role.address, ()))
    exposed = [wearer for wearer in wearers if wearer.certain]
    perhaps = tuple(dict.fromkeys(doubt for wearer in wearers if not wearer.certain for doubt in wearer.doubts))
    if not wearers:
        perhaps = may_wear(role, estate)
    if not exposed and not perhaps:
        return not_ours(_NOT_EXPOSED)
    wide = wide_permissions(estate, role.address)
    sure = [one for one in wide if one.doubt is None]
    if sure and exposed:
        asked = [wearer for wearer in exposed if not asks_about_role(wearer.function, estate)]
        return _failed(asked, sure, estate) if asked else not_ours(_STACKED)
    if sure:
        says = "Whether a function with this wide role stands in a VPC, mounts a file system or answers the internet is decided elsewhere"
        return undecided(f"{says}: {_named(perhaps)}.", *perhaps, path=tuple(one.evidence for one in sure[:_SHOWN]))
    open_ = tuple(dict.fromkeys((*(one.doubt for one in wide if one.doubt is not None), *_unseen(role, estate))))
    path = tuple(wearer.certain[0].evidence for wearer in exposed[:_SHOWN])
    if open_:
        return undecided(f"Whether the role is narrow is decided elsewhere: {_named(open_)}.", *open_, path=path)
    if not exposed:
        return undecided(f"Whether such a function has the role is decided elsewhere: {_named(perhaps)}.", *perhaps)
    seen = Evidence(f"each permission of {role.address} names its actions and what they are about", role.place)
    return passed("No permission of the role is wide.", seen, *path)


def why_elsewhere(function: Function, estate: Estate) -> Verdict:
    """Undecided for an exposed function whose role stands elsewhere; of the others, the role is asked."""
    if function.role is None or estate.find(function.role, Role) is not None:
        return not_ours("the role is asked")
    certain = [one for one in exposures(function, estate) if one.doubt is None]
    if not certain:
        return not_ours("the function stands in no VPC, mounts no file system and does not answer the internet")
    role = Unknown(function.role.expression, function.role.place)
    says = f"What the role of the function allows is decided elsewhere: {role.expression}."
    return undecided(says, role, path=tuple(one.evidence for one in certain))


def _wearer(function: Function, estate: Estate) -> _Wearer:
    found = exposures(function, estate)
    return _Wearer(
        function,
        tuple(one for one in found if one.doubt is None),
        tuple(one.doubt for one in found if one.doubt is not None),
    )


def _unseen(role: Role, estate: Estate) -> list[Unknown]:
    """What may be wide and cannot be seen: policies and statements from elsewhere, modules that are given the role, files."""
    statements = tuple(allow_statements(role))
    found = [*role.unknown, *(part for document in role.documents for part in document.unknown)]
    found += [part for statement in statements for part in (*statement.actions.unknown, *statement.not_actions.unknown)]
    found += [part for statement in statements for part in statement.resources.unknown if part.expression == NOT_RESOURCE]
    found += [Unknown(call.address, call.place) for call in calls_given(role.address, estate)]
    return [*found, *unread(estate, role.place)]


def _failed(exposed: list[_Wearer], wide: list[Wide], estate: Estate) -> Verdict:
    first = exposed[0]
    others = [f"{len(exposed) - 1} more"] if len(exposed) > 1 else []
    who = joined([f"{first.function.address}, which {joined([one.says for one in first.certain])}", *others])
    says = list(dict.fromkeys(one.says for one in wide))
    more = [f"has {counted(len(says) - _SHOWN, 'more permission')} of the kind"] if len(says) > _SHOWN else []
    return failed(
        f"The role {joined([*says[:_SHOWN], *more])}. That is within reach of whoever gets hold of {who}.",
        *(one.evidence for one in wide[:_SHOWN]),
        *(one.evidence for wearer in exposed[:_SHOWN] for one in wearer.certain),
        kind=Kind.CONTRADICTED,
        severity=Severity.HIGH if any(one.is_everything for one in wide) else Severity.MEDIUM,
        instead=_instead(wide, estate),
        argument="policy",
        recorded_at=tuple(wearer.function for wearer in exposed),
    )


def _instead(wide: list[Wide], estate: Estate) -> str:
    services = dict.fromkeys(service for one in wide for service in one.services)
    things = [address for service in services for address in _things(estate).get(service, ())][:_SHOWN]
    named = f" ({joined([f'{address}.arn' for address in things])})" if things else ""
    return (
        f"Write down the actions that the code calls and the ARNs of what it calls them on, as references{named}. Where an ARN is not "
        "known beforehand, a condition holds the statement to a tag (aws:ResourceTag), an account or an organisation (aws:ResourceOrgID)."
    )


@once_per_estate
def _things(estate: Estate) -> dict[str, list[str]]:
    """The first things of this root that the actions of each service may be about."""
    services = {type_: service for service, type_ in _THINGS.items()}
    found: dict[str, list[str]] = {}
    for thing in estate:
        of_service = found.setdefault(services[thing.type], []) if thing.type in services else None
        if of_service is not None and len(of_service) < _SHOWN and "data." not in thing.address:
            of_service.append(thing.address)
    return found


def _named(unknown: tuple[Unknown, ...]) -> str:
    return shortened([part.expression for part in unknown], _SHOWN)
