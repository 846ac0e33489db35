"""Which version of a function is meant, and whether two names mean the same.

Sources: AWS Lambda Developer Guide, "Configuring provisioned concurrency for a function" (it stands on an alias or a published version,
never on `$LATEST`; of an alias it serves the version that the alias points to, and who calls must use that qualifier) and "Lambda function
versions"; read 2026-11-23.
"""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Alias, Callee, Qualified
from serverful.estate.place import Place
from serverful.estate.value import Known, Unknown


def meets(caller: Callee, kept: Callee, place: Place, estate: Estate) -> bool | Unknown:
    """Whether a call to `caller` is served by what is kept ready on `kept`, both of one function.

    False only where it is certain: an unqualified call never is. Unknown names what decides; `place` is where the caller stands.
    """
    if kept.qualified is Qualified.LATEST:  # AWS refuses it; what is meant will turn out to be something else
        return Unknown("which version it will be", place)
    if caller.qualified is Qualified.LATEST:
        return False
    for callee in (kept, caller):
        if callee.qualified is Qualified.UNKNOWN:
            return Unknown(callee.expression, place)
    if key_of(caller, estate) == key_of(kept, estate):
        return True
    versions = (_version(caller, estate), _version(kept, estate))
    for version in versions:
        if not isinstance(version, str):
            return version or Unknown(f"the version behind {named(caller)} and {named(kept)}", place)
    if versions[0] == versions[1]:
        # Two aliases of one version: AWS says what a version and an alias of it share, not what two aliases do.
        is_one_a_version = Qualified.VERSION in (caller.qualified, kept.qualified)
        return True if is_one_a_version else Unknown(f"whether {named(caller)} and {named(kept)} share a version", place)
    if "" in versions:  # the version that the function publishes has a number, and it may be that one
        return Unknown(f"the number of the version behind {named(caller)} and {named(kept)}", place)
    return False


def named(callee: Callee) -> str:
    """How people call what is meant: `alias live`, `version 3`, `the published version`, `the function without a qualifier`."""
    match callee.qualified:
        case Qualified.LATEST:
            return "the function without a qualifier"
        case Qualified.ALIAS:
            return f"alias {callee.qualifier or callee.alias}"
        case Qualified.VERSION:
            return f"version {callee.qualifier}" if callee.qualifier else "the published version"
    return f"a qualifier decided elsewhere ({callee.expression})"


def standing(kept: Callee) -> str:
    """How people call what something is kept ready on: as `named`, but for what AWS refuses (`PutProvisionedConcurrencyConfig`)."""
    if kept.qualified is Qualified.LATEST:
        return "$LATEST (which AWS refuses: it takes an alias or a published version)"
    return named(kept)


def alias_of(callee: Callee, estate: Estate) -> Alias | None:
    """The alias that is meant, where it is in this root: by its address first, by its function and name second."""
    thing = estate.thing(callee.alias)
    if isinstance(thing, Alias):
        return thing
    if callee.qualified is not Qualified.ALIAS or callee.target is None:
        return None
    return _aliases(estate).get((callee.target, callee.qualifier))


@once_per_estate
def _aliases(estate: Estate) -> dict[tuple[str, str], Alias]:
    """Every alias whose function and name are known."""
    found: dict[tuple[str, str], Alias] = {}
    for alias in estate.all(Alias):
        if alias.callee.target is not None and isinstance(alias.name, Known):
            found.setdefault((alias.callee.target, alias.name.value), alias)
    return found


def key_of(callee: Callee, estate: Estate) -> tuple[Qualified, str]:
    """What tells one qualifier of a function from another: an alias's address where it is in this root, else its name.

    All that are decided elsewhere are one.
    """
    if callee.qualified is Qualified.UNKNOWN:
        return callee.qualified, ""
    alias = alias_of(callee, estate)
    return callee.qualified, alias.address if alias else callee.alias or callee.qualifier


def _version(callee: Callee, estate: Estate) -> str | Unknown | None:
    """The version that is meant; Unknown where an alias's is decided elsewhere, None for an alias that is not in this root."""
    if callee.qualified is Qualified.VERSION:
        return callee.qualifier
    alias = alias_of(callee, estate)
    if alias is None:
        return None
    return alias.version.value if isinstance(alias.version, Known) else alias.version
