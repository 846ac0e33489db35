"""Why is this function attached to a VPC? The verdicts before recorded reasons, which SLS_VPC_1, SLS_VPC_2 and SLS_RAD_3 share.

One question, one finding. `explained` is what all of them start from. Where it fails, either positive evidence says that the function
talks to nothing but public AWS services, and SLS_VPC_2 fails (`serves_more`), or there is none, and SLS_VPC_1 does (`why_attached`).
Where `explained` is undecided, SLS_VPC_1 says so and names what would decide it; SLS_VPC_2 does not repeat it: as long as something private
may be out of sight, nobody can claim that there is only public. It is undecided itself only where its own question is: all that is seen is
public, and a permission is so wide that it may be meant for something else.
"""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Attached, Attachment, Function
from serverful.estate.value import Unknown
from serverful.evidence.closure import Opening, opened_by
from serverful.evidence.evidence import Evidence
from serverful.evidence.guardrails import perhaps_demanded
from serverful.evidence.leaving import leaving
from serverful.evidence.private import Reach, reach
from serverful.evidence.public_services import PublicServices, public_services
from serverful.verdict import Kind, Outcome, Verdict, failed, not_ours, passed, undecided

_ENOUGH = 8


@once_per_subject  # SLS_VPC_1 and SLS_RAD_3 both ask
def why_attached(function: Function, estate: Estate) -> Verdict:
    """The verdict of SLS_VPC_1: `explained`, and not ours where SLS_VPC_2 fails."""
    verdict = explained(function, estate)
    if verdict.outcome is Outcome.FAILED and _only_public(function, estate).are_all:
        return not_ours("The function talks to public AWS services only: SLS_VPC_2 says so.")
    return verdict


def serves_more(function: Function, estate: Estate) -> Verdict:
    """The verdict of SLS_VPC_2: does the attachment serve more than public AWS services?"""
    verdict = explained(function, estate)
    if verdict.outcome is Outcome.PASSED:
        return passed(f"The attachment serves more than public AWS services: {verdict.path[0].says}.", *verdict.path)
    if verdict.outcome is not Outcome.FAILED:
        return not_ours(f"It cannot be said that the function talks to public AWS services only. {verdict.says}")
    account = _only_public(function, estate)
    if account.lacking:
        return not_ours(f"It cannot be said that the function talks to public AWS services only: {account.lacking}.")
    attached = verdict.path[:1]
    if account.wide:
        return undecided(
            "The function is attached to a VPC, and all that is seen of it talks to public AWS services; but "
            f"{_listed(part.expression for part in account.wide)} cannot be seen in its role.",
            *account.wide,
            path=(*attached, *account.path),
            missed=verdict.missed,
            answerable=True,
        )
    return failed(
        "The function is attached to a VPC, and all that its role, environment and egress speak of are public AWS services, which ask who "
        f"is calling: {_listed(account.names)}.",
        *attached,
        *account.path,
        kind=Kind.CONTRADICTED,
        missed=verdict.missed,
        instead=_boundary(function, estate),
        argument="vpc_config",
    )


@once_per_subject  # three policies start from it
def explained(function: Function, estate: Estate) -> Verdict:
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
    # Here and not in the closure: tags say nothing about where a function's calls go, so what else the closure decides stays decided.
    open_parts = (*opened_by(function, estate), *(Opening(says, unknown) for says, unknown in perhaps_demanded(function, estate)))
    if open_parts or found.hints or estate.unreadable or not estate.evaluated:
        return _cannot_tell(attachment, found, open_parts, estate)
    return failed(
        "The function is attached to a VPC, and nothing in this root shows a private thing that it reaches.",
        *_path(attachment, estate),
        missed=found.looked_at,
        instead=_instead(function, attachment, estate),
        argument="vpc_config",
    )


def needs_its_vpc(subject: Attached, estate: Estate) -> bool:
    """Whether evidence shows that something attached cannot leave: then nobody has to be told to ask whether it can."""
    return not isinstance(subject, Function) or explained(subject, estate).outcome is Outcome.PASSED


def _only_public(function: Function, estate: Estate) -> PublicServices:
    attachment = attachment_of(function)
    return public_services(function, attachment, estate) if attachment else PublicServices(lacking="it is not attached")


def _cannot_tell(attachment: Attachment, found: Reach, open_parts: tuple[Opening, ...], estate: Estate) -> Verdict:
    """The function is attached, and what could say why lies outside, or only names speak of it."""
    unknown = [opening.unknown for opening in open_parts]
    reasons = []
    if open_parts:
        reasons.append("what could hold its reason is decided outside this root: " + _listed(_named(opening) for opening in open_parts))
    perhaps, names = [h for h in found.hints if h.if_exists], [h for h in found.hints if not h.if_exists]
    if perhaps and not open_parts:
        unknown += [hint.if_exists for hint in perhaps if hint.if_exists]
        reasons.append("whether what may explain it exists is decided outside this root: " + _listed(hint.says for hint in perhaps))
    elif names and not open_parts:
        reasons.append("names suggest a private store or service, but nothing shows it: " + _listed(hint.says for hint in names))
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
    return (
        f"{leaving(function, attachment, estate)}. Default Lambda networking reaches AWS APIs and the internet, and the execution role "
        "says what the function may do there. If one of its calls does need the VPC, move that call to a small second function behind "
        "a queue."
    )


def _boundary(function: Function, estate: Estate) -> str:
    """What to change where only public services are reached, and which conditions hold the boundary then.

    AWS Lambda Developer Guide, "Using source function ARN to control function access behavior": `lambda:SourceFunctionArn` works in
    identity policies and service control policies, not in policies of resources. IAM User Guide, "AWS global condition context keys".
    """
    attachment = attachment_of(function)
    steps = leaving(function, attachment, estate) if attachment else "Remove vpc_config"
    return (
        f"{steps}. Put the boundary into IAM instead: in the role's policies the ARNs of its resources, aws:ResourceOrgID, and "
        "lambda:SourceFunctionArn for this very function (there and in service control policies; not in policies of resources); in the "
        "policies of the resources aws:PrincipalOrgID or the role itself, also where they ask for a VPC (aws:SourceVpce) today."
    )
