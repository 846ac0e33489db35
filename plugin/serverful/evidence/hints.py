"""E6, hint: names that speak of a database, cache, broker or file system.

A hint never passes a policy by itself. It turns *failed* into *undecided*: somebody called it `DB_HOST` for a reason we cannot see.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.attached import attachment_of
from serverful.estate.databases import database_at
from serverful.estate.estate import Estate
from serverful.estate.identity import allow_statements, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import EnvironmentVariable, Function, Link, Role, Secret
from serverful.estate.place import Place
from serverful.estate.value import Basis, Known, Listing, Unknown
from serverful.evidence.closure import explains
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.services import managed_policies, services
from serverful.evidence.words import is_plain, names_identity_service, speaks_of_something_internal, speaks_of_store, words


def hints(function: Function, estate: Estate) -> Iterator[Evidence]:
    """What the names around a function suggest, in the order in which one would look."""
    yield from _environment(function, estate)
    attachment = attachment_of(function)
    if attachment is not None:
        yield from _outside_names("security group", attachment.security_groups, estate)
        yield from _outside_names("subnet", attachment.subnets, estate)
    role = role_of(function, estate)
    if role is not None:
        yield from _role(estate, role.address)
    elif function.role is not None and speaks_of_store(function.role.expression):
        yield _hint(f"its role is {function.role.expression}", function.role.place)
    yield from _modules(estate)


def _hint(says: str, place: Place) -> Evidence:
    return Evidence(says, place, Basis.DERIVED, Grade.E6)


# --- environment ------------------------------------------------------------------------------------------------------------------


def _environment(function: Function, estate: Estate) -> Iterator[Evidence]:
    for variable in function.environment.variables:
        name = _telling(variable, estate)
        if name is not None:
            source = f" (from {variable.text.expression})" if isinstance(variable.text, Unknown) else ""
            says = f"environment variable {variable.name}{source} has a name that speaks of a private store or service"
            yield _hint(says, variable.place)
    for part in function.environment.unknown:
        if any(speaks_of_store(name) for name in (part.expression, *part.names)):
            yield _hint(f"environment variables come from {part.expression}", part.place)


def _telling(variable: EnvironmentVariable, estate: Estate) -> str | None:
    """The name that tells, of a variable that refers to nothing in this root: what it refers to there speaks for itself.

    A secret whose value is written elsewhere does not: its name is all that is seen of it.
    """
    if any(explains(link, estate) and not _is_sealed(link, estate) for link in variable.links):
        return None
    is_port = words(variable.name)[-1:] == ("PORT",)
    if isinstance(variable.text, Known):
        text = variable.text.value.strip()
        names: tuple[str, ...] = (variable.name,)
        if database_at(text, estate) is not None:
            return None
        if not text or (text.replace(".", "", 1).isdigit() and not is_port) or text.lower() in ("true", "false"):
            return None
    else:
        names = (variable.name, variable.text.expression, *variable.text.names)
        if names_identity_service(variable.name):
            return None
    if is_plain(variable.name) and not is_port:
        return None
    if speaks_of_something_internal(variable.name):
        return variable.name
    return next((name for name in names if speaks_of_store(name)), None)


def _is_sealed(link: Link, estate: Estate) -> bool:
    secret = estate.find(link, Secret)
    return secret is not None and not secret.holds


# --- groups, subnets, roles, modules ------------------------------------------------------------------------------------------------


def _outside_names(what: str, listing: Listing[Link], estate: Estate) -> Iterator[Evidence]:
    for part in listing.unknown:
        if any(speaks_of_store(name) for name in (part.expression, *part.names)):
            yield _hint(f"its {what}s come from {part.expression}", part.place)
    for link in listing:
        is_outside = link.origin != "resource" or estate.thing(link.target) is None
        if is_outside and speaks_of_store(link.expression):
            yield _hint(f"a {what} is {link.expression}", link.place)


@once_per_estate
def _role(estate: Estate, address: str) -> tuple[Evidence, ...]:
    role = estate.thing(address)
    return tuple(_of_role(role, estate)) if isinstance(role, Role) else ()


def _of_role(role: Role, estate: Estate) -> Iterator[Evidence]:
    known = managed_policies()
    for policy in role.managed:
        prefixes = known.prefixes.get(policy.name, ())
        # AWSLambdaMSKExecutionRole and its like serve the event source mapping, which stands in the broker's network
        is_for_poller = policy.name.startswith("AWSLambda")
        is_data_api = bool(services().data_apis.intersection(prefixes))
        if policy.name not in known.logins and speaks_of_store(policy.name) and not is_for_poller and not is_data_api:
            yield _hint(f"{role.address} carries {policy.name}", policy.place)
    for part in role.unknown:
        if any(speaks_of_store(name) for name in (part.expression, *part.names)):
            yield _hint(f"a policy of {role.address} comes from {part.expression}", part.place)
    for statement in allow_statements(role):
        for part in statement.resources.unknown:
            if any(speaks_of_store(name) for name in (part.expression, *part.names)):
                yield _hint(f"{role.address} speaks of {part.expression}", statement.place)
        for link in statement.resources:
            if _is_outside_secret(link, estate) and speaks_of_store(link.expression):
                yield _hint(f"{role.address} speaks of {link.expression}", statement.place)


def _is_outside_secret(link: Link, estate: Estate) -> bool:
    """A secret or parameter outside this root: only there does the name of a resource tell of a login."""
    if link.origin == "resource" and estate.thing(link.target) is not None:
        return False
    text = link.expression
    return ":secretsmanager:" in text or ":ssm:" in text or "secretsmanager_secret" in text or "ssm_parameter" in text


@once_per_estate
def _modules(estate: Estate) -> tuple[Evidence, ...]:
    """Modules that are not loaded and are called after a store: `module "redis"`, terraform-aws-modules/rds/aws."""
    return tuple(
        _hint(f"{call.address} ({call.source}) is not loaded and may hold a store", call.place)
        for call in estate.unread_modules
        if speaks_of_store(call.address) or speaks_of_store(call.source)
    )
