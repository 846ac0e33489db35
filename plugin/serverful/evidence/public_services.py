"""Does everything that can be seen of an attached function say that it talks to AWS services which check identity, and to nothing else?

This is the account that SLS_VPC_2 asks for and SLS_VPC_1 and SLS_RAD_3 leave to it (`evidence.attachment`). Unlike theirs it wants positive
evidence: the role, the environment and the egress of the security groups must all say so. Where one does not, nothing is claimed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.identity import role_of
from serverful.estate.model import Attachment, EnvironmentVariable, Function, Link, Secret, Store
from serverful.estate.value import Known, Unknown
from serverful.evidence.closure import is_harmless
from serverful.evidence.destinations import destinations, hosts_written_in
from serverful.evidence.evidence import Evidence
from serverful.evidence.groups import is_private
from serverful.evidence.identity_services import identity_services
from serverful.evidence.narrow_egress import narrow_egress
from serverful.evidence.references import uses_data_api
from serverful.evidence.role_services import holds_names_only, role_services
from serverful.evidence.words import is_plain, names_identity_service, speaks_of_address_or_login, words

# Resources of other providers that make up names and nothing else.
_NAMING_TYPES = re.compile(r"^(random_(id|pet|string|integer|uuid)|time_\w+|terraform_data|null_resource|archive_file)$")
# AWS General Reference, "AWS service endpoints".
_AWS_URL = re.compile(r"^https://[\w.\-]+\.(amazonaws\.com(\.cn)?|api\.aws)([/:]|$)", re.IGNORECASE)
# Words of names whose values look like hosts and are none: EVENT_SOURCE = "shop.orders", a Java class, a file.
_NO_HOSTS = frozenset({"CLASS", "EVENT", "EVENTS", "FILE", "HANDLER", "KEY", "NAMESPACE", "PATH", "PREFIX", "SOURCE", "SUFFIX"})


@dataclass(frozen=True, slots=True)
class PublicServices:
    """`names` are the services, `path` cites the role, the environment and the egress that say so.

    `wide` names permissions that may be meant for something else. `lacking` says what is no positive evidence, and is empty where all is.
    """

    names: tuple[str, ...] = ()
    path: tuple[Evidence, ...] = ()
    wide: tuple[Unknown, ...] = ()
    lacking: str = ""

    @property
    def are_all(self) -> bool:
        """Whether it is certain that the function talks to nothing else."""
        return not self.lacking and not self.wide


def public_services(function: Function, attachment: Attachment, estate: Estate) -> PublicServices:
    """The account of an attached function. Asked only where nothing private was found and nothing that could hold it is out of sight."""
    egress = narrow_egress(attachment, estate)
    if egress.lacking:
        return PublicServices(lacking=egress.lacking)
    doubt = next(_doubts(function, estate), "")
    if doubt:
        return PublicServices(lacking=doubt)
    role = role_of(function, estate)
    if role is None:
        return PublicServices(lacking="its role is not in this root")
    of_role = role_services(estate, role.address)
    named = tuple(_named_in_environment(function, estate))
    return PublicServices(of_role.names, (*of_role.path, *named, *egress.path), of_role.wide, of_role.lacking)


# --- environment ------------------------------------------------------------------------------------------------------------------


def _doubts(function: Function, estate: Estate) -> Iterator[str]:
    """What in the environment is not known to belong to a service that checks identity."""
    for destination in destinations(function, estate):
        yield f"environment variable {destination.variable.name} names {destination.host}"
    for variable in function.environment.variables:
        for link in variable.links:
            if not _is_of_identity_service(link, variable, function, estate):
                yield f"environment variable {variable.name} refers to {link.target or link.expression}"
        if isinstance(variable.text, Known) and _holds_address_or_login(variable, variable.text.value.strip()):
            yield f"environment variable {variable.name} holds an address or a login"


def _is_of_identity_service(link: Link, variable: EnvironmentVariable, function: Function, estate: Estate) -> bool:
    thing = estate.thing(link.target)
    if link.origin == "data":
        return is_harmless(link) or identity_services().holds(_type_in(link.target or ""))
    if link.origin == "module" or thing is None:
        return names_identity_service(variable.name)
    if isinstance(thing, Store):
        return is_private(thing, estate) and uses_data_api(function, estate)  # or it would have been evidence, of a database
    if isinstance(thing, Secret):
        return uses_data_api(function, estate) or holds_names_only(thing, estate)
    return identity_services().holds(thing.type) or _NAMING_TYPES.match(thing.type) is not None


def _type_in(address: str) -> str:
    return address.rpartition("data.")[2].partition(".")[0]


def _holds_address_or_login(variable: EnvironmentVariable, text: str) -> bool:
    """Whether a text that is known is somebody's address or login: `API_TOKEN = "…"`, `PARTNER = "api.partner.example"`."""
    name = variable.name
    if not text or is_plain(name) or names_identity_service(name) or text.replace(".", "", 1).isdigit() or text in ("true", "false"):
        return False
    if "execute-api" in text:
        return True  # an API that may be a private one
    if _AWS_URL.match(text):
        return False
    if speaks_of_address_or_login(name) and not variable.links:
        return True
    return not _NO_HOSTS.intersection(words(name)) and bool(hosts_written_in(text))


def _named_in_environment(function: Function, estate: Estate) -> Iterator[Evidence]:
    for variable in function.environment.variables:
        for link in variable.links:
            thing = estate.thing(link.target)
            if link.origin == "resource" and thing is not None and identity_services().holds(thing.type):
                yield Evidence(f"environment variable {variable.name} refers to {thing.address}", variable.place)
