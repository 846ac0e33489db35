"""Can everything be seen that could hold a reason for a private network? If not, the question is undecided, never failed.

What could hold one is the function's environment, its role's policies and its security groups; for a capacity provider, its groups and the
functions that run on it. Where the *subnets* come from opens
nothing: an attachment is a fact whatever variable brought it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from serverful.estate.attached import attachment_of, functions_on, unseen_on
from serverful.estate.estate import Estate
from serverful.estate.identity import allow_statements, role_of
from serverful.estate.memo import once_per_estate, once_per_subject
from serverful.estate.model import Attached, CapacityProvider, EnvironmentVariable, Function, Link, ModuleCall, Role, SecurityGroup
from serverful.estate.value import Unknown
from serverful.evidence.words import is_plain, names_identity_service, speaks_of_address_or_login, word_set

# Data sources that say where we are, or name a thing of a service that checks identity. None holds a private endpoint.
_HARMLESS_DATA = word_set(
    """
    archive_file aws_availability_zone aws_availability_zones aws_billing_service_account aws_caller_identity
    aws_canonical_user_id aws_cloudwatch_event_bus aws_cloudwatch_log_group aws_cognito_user_pool aws_cognito_user_pools
    aws_default_tags aws_dynamodb_table aws_iam_account_alias aws_iam_policy aws_iam_policy_document aws_iam_role
    aws_kinesis_firehose_delivery_stream aws_kinesis_stream aws_kms_alias aws_kms_key aws_lambda_alias aws_lambda_function
    aws_lambda_layer_version aws_organizations_organization aws_partition aws_region aws_regions aws_s3_bucket aws_s3_object
    aws_service_principal aws_sfn_state_machine aws_sns_topic aws_sqs_queue aws_sqs_queues
    """
)
# What lies outside a root, inside an expression: `var.db.host`, `data.aws_db_instance.main.address`, `module.net.url`.
_OUTSIDE = re.compile(r"\b(?:var|data|module)\.[A-Za-z_][\w.\-]*(?:\[[^\]]*\][\w.\-]*)*")


@dataclass(frozen=True, slots=True)
class Opening:
    """A part that comes from outside and could hold a reason: what it is in a sentence, and its name."""

    says: str
    unknown: Unknown


def openings(subject: Attached, estate: Estate) -> tuple[Unknown, ...]:
    """The named unknowns that could hold a reason; empty when all that could hold one is visible."""
    return tuple(opening.unknown for opening in opened_by(subject, estate))


@once_per_subject
def opened_by(subject: Attached, estate: Estate) -> tuple[Opening, ...]:
    """Like `openings`, each with a sentence about it, in the order in which one would look."""
    found: dict[tuple[str, str], Opening] = {}
    for opening in _all(subject, estate):
        found.setdefault((opening.says, opening.unknown.expression), opening)
    return tuple(found.values())


def _all(subject: Attached, estate: Estate) -> Iterator[Opening]:
    if isinstance(subject, CapacityProvider):
        yield from (Opening("what runs on it", part) for part in unseen_on(subject, estate))
        for function in functions_on(subject, estate):
            yield from _all(function, estate)
        yield from _groups(subject, estate)
        yield from _modules(subject, estate)
        return
    yield from _environment(subject, estate)
    yield from _role(subject, estate)
    yield from _groups(subject, estate)
    yield from _modules(subject, estate)
    yield from _file_system(subject)


def _file_system(function: Function) -> Iterator[Opening]:
    if isinstance(function.file_system, Unknown):
        yield Opening("whether a file system is mounted", function.file_system)


# --- environment ------------------------------------------------------------------------------------------------------------------


def _environment(function: Function, estate: Estate) -> Iterator[Opening]:
    for part in function.environment.unknown:
        yield Opening("environment variables", part)
    for variable in function.environment.variables:
        if isinstance(variable.text, Unknown) and could_be_address(variable, variable.text, estate):
            yield Opening(f"environment variable {variable.name}", variable.text)


def could_be_address(variable: EnvironmentVariable, text: Unknown, estate: Estate) -> bool:
    """Whether an environment variable whose value is unknown could hold an address or a login, by the names that speak of it.

    Numbers, flags, levels, stages, regions and the names of things that identity protects hold none. What refers to a block of this root
    is visible, whatever its value will be.
    """
    if is_plain(variable.name) or names_identity_service(variable.name):
        return False
    here = tuple(link.target for link in variable.links if link.target and explains(link, estate))  # also inside modules that are loaded
    outside = [name for name in _OUTSIDE.findall(text.expression) if not _leads_to(name, here) and not _is_harmless_name(name)]
    if here:
        # What it refers to is visible and explains the key; only the rest of the expression may come from outside.
        return any(speaks_of_address_or_login(name) for name in outside)
    if variable.links and not outside and all(is_harmless(link) for link in variable.links):
        return False
    return any(speaks_of_address_or_login(name) for name in (variable.name, *text.names, *(outside or (text.expression,))))


def _leads_to(name: str, targets: Iterable[str]) -> bool:
    return any(name == target or name.startswith((f"{target}.", f"{target}[")) for target in targets)


def explains(link: Link, estate: Estate) -> bool:
    """Whether a link leads to an AWS resource of this root: then it is known what a variable holds, whatever the variable is called.

    A generated password or another provider's resource (`random_password`, `mongodbatlas_cluster`) explains nothing.
    """
    thing = estate.thing(link.target)
    return link.origin == "resource" and thing is not None and thing.type.startswith(("aws_", "awscc_"))


def is_harmless(link: Link) -> bool:
    """Whether a link leads to a data source that says where we are, or names a thing of a service that checks identity."""
    return link.origin == "data" and _is_harmless_name(link.target or "")


def _is_harmless_name(name: str) -> bool:
    return any(f"data.{kind}." in f"{name}." for kind in _HARMLESS_DATA)


# --- role -------------------------------------------------------------------------------------------------------------------------


def _role(function: Function, estate: Estate) -> Iterator[Opening]:
    role = role_of(function, estate)
    if role is not None:
        yield from _policies(estate, role.address)
    elif function.role is not None:
        yield Opening("its role and the role's policies", Unknown(function.role.expression, function.role.place))
    else:
        yield Opening("its role and the role's policies", Unknown(f"{function.address}.role", function.place))


@once_per_estate
def _policies(estate: Estate, address: str) -> tuple[Opening, ...]:
    """Policies of a role whose actions cannot be seen. AWS managed policies are known by their name and open nothing."""
    role = estate.thing(address)
    if not isinstance(role, Role):
        return ()
    found = [Opening(f"a policy of {role.address}", part) for part in role.unknown]
    for document in role.documents:
        found.extend(Opening(f"a policy document of {role.address}", part) for part in document.unknown)
    for statement in allow_statements(role):
        found.extend(Opening(f"actions of {role.address}", part) for part in statement.actions.unknown)
    return tuple(found)


# --- security groups --------------------------------------------------------------------------------------------------------------


def _groups(subject: Attached, estate: Estate) -> Iterator[Opening]:
    """Groups from outside open only when no egress can be seen: one visible rule is what the function may do."""
    attachment = attachment_of(subject)
    if attachment is None:
        return
    outside: list[Opening] = [Opening("its security groups", part) for part in attachment.security_groups.unknown]
    for link in attachment.security_groups:
        group = estate.find(link, SecurityGroup)
        if group is None:
            if estate.thing(link.target) is None or link.origin != "resource":
                outside.append(Opening("a security group", Unknown(link.expression, link.place)))
            continue
        if any(rule.direction == "egress" for rule in group.rules):
            return
        outside.extend(Opening(f"rules of {group.address}", part) for part in group.unseen)
    yield from outside


# --- modules that are not loaded ----------------------------------------------------------------------------------------------------


def _modules(subject: Attached, estate: Estate) -> Iterator[Opening]:
    """A module call that is given the function's group or role may add a rule or a policy that we cannot see.

    Of a group or role from outside nothing is seen anyway: that says `_groups` or `_role`, once, and not for each call.
    """
    calls = calls_by_target(estate)
    attachment = attachment_of(subject)
    links = [("security group", link) for link in attachment.security_groups] if attachment else []
    if isinstance(subject, Function) and subject.role is not None:
        links.append(("role", subject.role))
    for what, link in links:
        if link.origin != "resource":
            continue
        for call in calls.get(link.target or "", ()):
            if call.address != link.target:
                yield Opening(f"what {call.address} does with its {what}", Unknown(call.address, call.place, (link.target or "",)))


@once_per_estate
def calls_by_target(estate: Estate) -> dict[str, tuple[ModuleCall, ...]]:
    """Module calls that are not loaded, by the address of each thing that they are given."""
    found: dict[str, list[ModuleCall]] = {}
    for call in estate.unread_modules:
        for target in {link.target for link in call.links if link.target}:
            found.setdefault(target, []).append(call)
    return {target: tuple(calls) for target, calls in found.items()}
