"""What to write so that a function leaves its VPC: take away the attachment, and the permission that is left over."""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, functions_by_role, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attachment, Function, Role
from serverful.estate.value import Unknown
from serverful.evidence.event_sources import is_polled_in_vpc
from serverful.evidence.services import managed_policies
from serverful.wording import joined

# AWS managed policies whose purpose is an attachment (AWS Lambda Developer Guide, "Configuring a Lambda function to access resources in a
# VPC", on the execution role): once it is gone, the permission is left over.
VPC_ACCESS = "AWSLambdaVPCAccessExecutionRole"
NETWORK_POLICIES = (VPC_ACCESS, "AWSLambdaENIManagementAccess")
# The same guide, "AWS managed policies for AWS Lambda": AWSLambdaVPCAccessExecutionRole holds the permissions for logs as well.
_LOGS = "That policy lets the function write its logs too: attach AWSLambdaBasicExecutionRole in its place"


def leaving(function: Function, attachment: Attachment, estate: Estate) -> str:
    """The steps, without the last full stop: `Remove vpc_config (main.tf:7) and take … from aws_iam_role.orders`."""
    role = role_of(function, estate)
    leftovers = _leftovers(function, role, estate) if role else []
    steps = joined([_detach(function, attachment), *leftovers])
    return f"{steps}. {_LOGS}" if role and leftovers and writes_logs_by_vpc_access_alone(role) else steps


def _detach(function: Function, attachment: Attachment) -> str:
    where = attachment.place.where
    if function.type == "module":
        return f"Leave out the subnets and security groups ({where})"
    if function.calls:
        call = f"{function.calls[0].address} ({function.calls[0].spot})"
        return f"Leave out the subnets and security groups that {call} is given for vpc_config ({where})"
    return f"Remove vpc_config ({where})"


def _leftovers(function: Function, role: Role, estate: Estate) -> list[str]:
    """Permissions for network interfaces that the role no longer needs.

    Another attached function that shares the role needs them, and so does an event source mapping that polls in a VPC: it makes its
    interfaces by the role of its function (AWS Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK event source
    mappings", on VPC permissions).
    """
    if any(other != function.address for other in _needing_interfaces(estate, role.address)) or is_polled_in_vpc(function, estate):
        return []
    found = [f"{policy.name} ({policy.place.where})" for policy in role.managed if policy.name in NETWORK_POLICIES]
    places = [item.statement.place.where for item in allowed(role) if item.service == "ec2" and item.covers("ec2:CreateNetworkInterface")]
    found += [f"the permission to make network interfaces ({where})" for where in dict.fromkeys(places)]
    return [f"take {joined(found)} from {role.address}"] if found else []


def writes_logs_by_vpc_access_alone(role: Role) -> bool:
    """Whether the role would lose its logs with that policy, as far as its other policies can be seen."""
    names = {policy.name for policy in role.managed}
    others = any("logs" in managed_policies().prefixes.get(name, ()) for name in names - {VPC_ACCESS})
    return VPC_ACCESS in names and not others and not any(item.covers("logs:PutLogEvents") for item in allowed(role))


@once_per_estate
def _needing_interfaces(estate: Estate, role: str) -> tuple[str, ...]:
    """The functions with that role that are attached, or may be, or are polled for in a VPC."""
    return tuple(function.address for function in functions_by_role(estate).get(role, ()) if needs_interfaces(function, estate))


def needs_interfaces(function: Function, estate: Estate) -> bool:
    """Whether a function is attached, or may be, or is polled for in a VPC."""
    attachment = function.attachment
    return isinstance(attachment, Unknown) or attachment.value is not None or is_polled_in_vpc(function, estate)
