"""Why is this function attached to a VPC? The verdict before recorded reasons, which SLS_VPC_1 and SLS_RAD_3 share."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, functions_by_role, role_of
from serverful.estate.memo import once_per_estate, once_per_subject
from serverful.estate.model import Attachment, Function, Role
from serverful.estate.value import Known, Unknown
from serverful.evidence.closure import Opening, opened_by
from serverful.evidence.evidence import Evidence
from serverful.evidence.private import Reach, reach
from serverful.verdict import Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

# AWS managed policies whose purpose is an attachment (AWS Lambda Developer Guide, "Configuring a Lambda function to access resources in a
# VPC", on the execution role): once it is gone, the permission is left over.
_NETWORK_POLICIES = ("AWSLambdaVPCAccessExecutionRole", "AWSLambdaENIManagementAccess")
_ENOUGH = 8


@once_per_subject  # SLS_VPC_1 and SLS_RAD_3 both ask
def why_attached(function: Function, estate: Estate) -> Verdict:
    """Not ours without an attachment; passed on evidence E1 to E4; undecided on hints or where something from outside could hold a reason.

    Undecided is answerable by a recorded reason only when the attachment itself is certain. Failed says what was looked at.
    """
    if isinstance(function.attachment, Unknown):
        return undecided(
            f"Whether the function is attached to a VPC is decided outside: {function.attachment.expression}.", function.attachment
        )
    attachment = function.attachment.value
    if attachment is None:
        return not_ours("The function is not attached to a VPC.")
    found = reach(function, estate)
    if found.evidence:
        strongest = found.evidence[0]
        return passed(f"The function is attached to a VPC and reaches something private: {strongest.says}.", *found.evidence[:_ENOUGH])
    open_parts = opened_by(function, estate)
    if open_parts or found.hints or estate.unreadable or not estate.evaluated:
        return _cannot_tell(attachment, found, open_parts, estate)
    return failed(
        "The function is attached to a VPC, and nothing in this root shows a private thing that it reaches.",
        *_path(attachment, estate),
        missed=found.looked_at,
        instead=_instead(function, attachment, estate),
        argument="vpc_config",
    )


def _cannot_tell(attachment: Attachment, found: Reach, open_parts: tuple[Opening, ...], estate: Estate) -> Verdict:
    """The function is attached, and what could say why lies outside, or only names speak of it."""
    unknown = [opening.unknown for opening in open_parts]
    reasons = []
    if open_parts:
        reasons.append("what could hold its reason is decided outside this root: " + _listed(_named(opening) for opening in open_parts))
    if found.hints and not open_parts:
        reasons.append("names suggest a private store or service, but nothing shows it: " + _listed(hint.says for hint in found.hints))
    if estate.unreadable:
        unknown += [Unknown(f"what {file} holds", attachment.place) for file in estate.unreadable]
        reasons.append(f"a reason may stand in what could not be read: {_listed(estate.unreadable)}")
    if not estate.evaluated:
        unknown.append(Unknown("what evaluating this root would tell", attachment.place))
        reasons.append("this root could not be evaluated, so what we did not find may be there")
    return undecided(
        f"The function is attached to a VPC; {'; and '.join(reasons)}.",
        *unknown,
        path=(*_path(attachment, estate), *found.hints[:_ENOUGH]),
        missed=found.looked_at,
        answerable=True,
    )


def _named(opening: Opening) -> str:
    expression = opening.unknown.expression
    return opening.says if expression in opening.says else f"{opening.says} ({expression})"


def _listed(parts: Iterable[str]) -> str:
    names = list(parts)
    more = f" and {len(names) - _ENOUGH} more" if len(names) > _ENOUGH else ""
    return ", ".join(names[:_ENOUGH]) + more


def _path(attachment: Attachment, estate: Estate) -> tuple[Evidence, ...]:
    """The attachment, its subnets and its groups, each where it stands."""
    path = [Evidence("vpc_config attaches the function", attachment.place)]
    for what, listing in (("subnet", attachment.subnets), ("security group", attachment.security_groups)):
        for link in listing:
            thing = estate.thing(link.target)
            if thing is not None and thing.address == link.target:
                path.append(Evidence(f"{what} of the function", thing.place))
            else:
                path.append(Evidence(f"{what} {link.expression}", link.place))
        path += [Evidence(f"{what}s from {part.expression}", part.place) for part in listing.unknown]
    return tuple(path)


# --- what to write instead --------------------------------------------------------------------------------------------------------------


def _instead(function: Function, attachment: Attachment, estate: Estate) -> str:
    """What to change in this very Terraform, then where the one call that does need the VPC goes."""
    steps = [_detach(function, attachment)]
    role = role_of(function, estate)
    if role is not None:
        steps += _leftovers(function, role, estate)
    return (
        f"{joined(steps)}. Default Lambda networking reaches AWS APIs and the internet, and the execution role says what the function may "
        "do there. If one of its calls does need the VPC, move that call to a small second function behind a queue."
    )


def _detach(function: Function, attachment: Attachment) -> str:
    if function.type == "module":
        return f"Leave out the subnets and security groups ({attachment.place.spot})"
    if function.calls:
        call = function.calls[0]
        return (
            f"Leave out the subnets and security groups that {call.address} ({call.spot}) is given for vpc_config ({attachment.place.spot})"
        )
    return f"Remove vpc_config ({attachment.place.spot})"


def _leftovers(function: Function, role: Role, estate: Estate) -> list[str]:
    """Permissions for network interfaces that the role no longer needs, unless another attached function shares it."""
    if set(_attached_with(estate, role.address)) - {function.address}:
        return []
    found = [f"{policy.name} ({policy.place.spot})" for policy in role.managed if policy.name in _NETWORK_POLICIES]
    places = [item.statement.place.spot for item in allowed(role) if item.service == "ec2" and item.covers("ec2:CreateNetworkInterface")]
    found += [f"the permission to make network interfaces ({spot})" for spot in dict.fromkeys(places)]
    return [f"take {joined(found)} from {role.address}"] if found else []


@once_per_estate
def _attached_with(estate: Estate, role: str) -> tuple[str, ...]:
    """The first two functions of a role that are attached, or may be: enough to tell whether one has company."""
    functions = functions_by_role(estate).get(role, ())
    attached = (f.address for f in functions if not isinstance(f.attachment, Known) or f.attachment.value is not None)
    return tuple(islice(attached, 2))
