"""How one logs in to each kind of store: by IAM, by a password, or not at all.

Arguments: Terraform AWS provider 6.55 documentation, page of each type. Amazon DocumentDB has IAM login that is made in the database, by
its users, and in no argument (Amazon DocumentDB Developer Guide, "Authentication using IAM identity", 2026-08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from serverful.estate.model import Link, Login, Store
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import references
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Unknown, Value

_GROUP, _USER = "aws_elasticache_user_group", "aws_elasticache_user"
_ACL, _MEMORYDB_USER = "aws_memorydb_acl", "aws_memorydb_user"
_ROTATION = "aws_secretsmanager_secret_rotation"
_OPEN_ACL = "open-access"


def login(made: Store, block: Block, index: Index) -> Login:
    """The login of a store of one of the types in `LOGINS`."""
    return LOGINS[block.type](made, block, index)


def _sql(made: Store, block: Block, index: Index) -> Login:
    return Login(
        service="rds-db",
        engine=convert.optional_text(block, "engine"),
        version=convert.optional_text(block, "engine_version"),
        by_identity=convert.flag(block, "iam_database_authentication_enabled", False),
        is_open=_no(block),
        is_managed=_is_managed(made, block, index),
        by_directory=block.has("domain") or block.has("domain_fqdn"),
    )


def _proxy(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    """Who comes to a proxy is asked for IAM by its `auth` blocks, or by its default where it has none (`default_auth_scheme`)."""
    auth = block.blocks("auth")
    schemes = [(scheme, "REQUIRED") for scheme in (convert.text(one, "iam_auth", "DISABLED") for one in auth.blocks)]
    schemes.append((convert.text(block, "default_auth_scheme", "NONE"), "IAM_AUTH"))
    found = [scheme for scheme, on in schemes if isinstance(scheme, Known) and scheme.value in (on, "ENABLED")]
    unknown = [scheme for scheme, _ in schemes if isinstance(scheme, Unknown)]
    unknown += [convert.unknown(part, block.at("auth")) for part in auth.undecided]
    place = found[0].place if found else auth.blocks[0].at("iam_auth") if auth.blocks else block.place
    by_identity: Value[bool] = unknown[0] if unknown and not found else Known(bool(found), place)
    family = convert.optional_text(block, "engine_family")
    return Login("rds-db", family, Known(None, block.place, Basis.DEFAULTED), by_identity, _no(block), _no(block))


def _replication_group(made: Store, block: Block, index: Index) -> Login:
    engine = convert.text(block, "engine", "redis")
    groups = index.links(block, "user_group_ids", _GROUP)
    by_identity = _any_user(groups.items, groups.unknown, block, index, _GROUP, "user_ids", _USER, "user_id")
    is_asked = block.has("auth_token") or not groups.is_empty
    is_open = Known(not is_asked, block.place)
    version = convert.optional_text(block, "engine_version")
    return Login("elasticache", _stated(engine), version, by_identity, is_open, _is_managed(made, block, index))


def _cache_cluster(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    """A cluster of its own takes no users, so nobody logs in to it by IAM."""
    nothing: Value[str | None] = Known(None, block.place, Basis.DEFAULTED)
    return Login("elasticache", Known("a cache cluster", block.place), nothing, _no(block), Known(True, block.place), _no(block))


def _serverless_cache(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    group = index.link(block, "user_group_id", _GROUP)
    by_identity = _any_user(() if group is None else (group,), (), block, index, _GROUP, "user_ids", _USER, "user_id")
    nothing: Value[str | None] = Known(None, block.place, Basis.DEFAULTED)
    return Login("elasticache", convert.optional_text(block, "engine"), nothing, by_identity, Known(group is None, block.place), _no(block))


def _memorydb(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    acl = index.link(block, "acl_name", _ACL)
    is_open = acl is None or acl.expression == _OPEN_ACL
    links = () if acl is None or is_open else (acl,)
    by_identity = _any_user(links, (), block, index, _ACL, "user_names", _MEMORYDB_USER, "user_name")
    engine = _stated(convert.text(block, "engine", "redis"))
    return Login(
        "memorydb", engine, convert.optional_text(block, "engine_version"), by_identity, Known(is_open, block.at("acl_name")), _no(block)
    )


def _documents(made: Store, block: Block, index: Index) -> Login:
    by_identity = Unknown("which users the database holds", block.place)
    engine: Value[str | None] = Known("docdb", block.place)
    return Login("docdb", engine, convert.optional_text(block, "engine_version"), by_identity, _no(block), _is_managed(made, block, index))


def _neptune(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    """Neptune has no passwords: without IAM whoever reaches it is let in (Amazon Neptune User Guide, "Security", 2026-08)."""
    by_identity = convert.flag(block, "iam_database_authentication_enabled", False)
    is_open = by_identity if isinstance(by_identity, Unknown) else Known(not by_identity.value, by_identity.place)
    engine: Value[str | None] = Known("neptune", block.place)
    return Login("neptune-db", engine, convert.optional_text(block, "engine_version"), by_identity, is_open, _no(block))


def _kafka(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    """Brokers let in whom `client_authentication` names, and everybody where it is left out."""
    ways = block.blocks("client_authentication")
    sasl = [nested for way in ways.blocks for nested in way.blocks("sasl").blocks]
    unknown = [*ways.undecided, *(part for way in ways.blocks for part in way.blocks("sasl").undecided)]
    iam = [convert.flag(one, "iam", False) for one in sasl]
    free = [convert.flag(way, "unauthenticated", False) for way in ways.blocks]
    by_identity = _any([*iam, *(convert.unknown(part, block.place) for part in unknown)], block)
    is_open = _any(free, block) if ways.blocks or ways.undecided else Known(True, block.place, Basis.DEFAULTED)
    engine: Value[str | None] = Known("kafka", block.place)
    return Login("kafka-cluster", engine, Known(None, block.place), by_identity, is_open, _no(block))


def _kafka_serverless(made: Store, block: Block, index: Index) -> Login:  # noqa: ARG001
    engine: Value[str | None] = Known("kafka", block.place)
    return Login("kafka-cluster", engine, Known(None, block.place), Known(True, block.place), _no(block), _no(block))


LOGINS: dict[str, Callable[[Store, Block, Index], Login]] = {
    "aws_db_instance": _sql,
    "aws_rds_cluster": _sql,
    "aws_db_proxy": _proxy,
    "aws_docdb_cluster": _documents,
    "aws_elasticache_cluster": _cache_cluster,
    "aws_elasticache_replication_group": _replication_group,
    "aws_elasticache_serverless_cache": _serverless_cache,
    "aws_memorydb_cluster": _memorydb,
    "aws_msk_cluster": _kafka,
    "aws_msk_serverless_cluster": _kafka_serverless,
    "aws_neptune_cluster": _neptune,
}


# --- parts ------------------------------------------------------------------------------------------------------------------------------


def _no(block: Block) -> Value[bool]:
    return Known(False, block.place, Basis.DEFAULTED)


def _stated(value: Value[str]) -> Value[str | None]:
    return value if isinstance(value, Unknown) else Known(value.value, value.place, value.basis)


def _any(flags: list[Value[bool]], block: Block) -> Value[bool]:
    """Whether one of several is on; the first unknown where none is known to be."""
    on = next((flag for flag in flags if isinstance(flag, Known) and flag.value), None)
    unknown = next((flag for flag in flags if isinstance(flag, Unknown)), None)
    return on or unknown or Known(False, flags[0].place if flags else block.place)


def _is_managed(made: Store, block: Block, index: Index) -> Value[bool]:
    """AWS keeps the password (`manage_master_user_password`), or rotates the secret that holds it."""
    if any(link.attribute == "master_user_secret" for link in made.secrets):
        return Known(True, block.at("manage_master_user_password"))
    if block.has("manage_master_user_password"):
        stated = convert.flag(block, "manage_master_user_password", False)
        if isinstance(stated, Unknown):
            return stated
    rotated = {link.target: link for rotation in index.of_type(_ROTATION) if (link := index.link(rotation, "secret_id")) and link.target}
    held = next((rotated[link.target] for link in made.secrets if link.target in rotated), None)
    held = held or next((link for secret, link in rotated.items() if _is_kept_in(secret, block, index)), None)
    return Known(held is not None, held.place if held else block.place)


def _is_kept_in(secret: str, block: Block, index: Index) -> bool:
    """Whether the value of a secret speaks of a store, or both take their password from one generated one."""
    versions = index.children(secret, ("aws_secretsmanager_secret",), "aws_secretsmanager_secret_version", "secret_id").sure
    held = {ref.block.address for version in versions for ref in references(version.term("secret_string"))}
    passwords = {ref.block.address for name in ("password", "master_password", "auth_token") for ref in references(block.term(name))}
    return bool(held & {block.address, *passwords})


def _any_user(
    lists: tuple[Link, ...],
    unknown: tuple[Unknown, ...],
    block: Block,
    index: Index,
    group_type: str,
    members: str,
    user_type: str,
    naming: str,
) -> Value[bool]:
    """Whether one of the users whom a cache lets in logs in by IAM."""
    found: list[Value[bool]] = list(unknown)
    for link in lists:
        group = _block(link, group_type, "user_group_id" if group_type == _GROUP else "name", index)
        if group is None:
            found.append(Unknown(link.expression, link.place))
            continue
        found += _users(group, index, members, user_type, naming)
    return _any(found, block)


def _users(group: Block, index: Index, members: str, user_type: str, naming: str) -> Iterator[Value[bool]]:
    listed = index.links(group, members, user_type)
    yield from listed.unknown
    joined = index.children(group.address, (group.type,), f"{group.type}_association", "user_group_id").sure
    for link in (*listed, *(link for one in joined if (link := index.link(one, "user_id", user_type)) is not None)):
        user = _block(link, user_type, naming, index)
        if user is None:
            # "default" is a user that every group has, without IAM; another one is made elsewhere.
            yield Known(False, link.place) if link.expression == "default" else Unknown(link.expression, link.place)
            continue
        modes = user.blocks("authentication_mode")
        for mode in modes.blocks:
            kind = convert.text(mode, "type", "")
            yield kind if isinstance(kind, Unknown) else Known(kind.value == "iam", kind.place)
        yield from (convert.unknown(part, user.place) for part in modes.undecided)


def _block(link: Link, type_: str, naming: str, index: Index) -> Block | None:
    """The block behind a link, by reference first, by its known name second."""
    block = index.block_of(link)
    if block is not None:
        return block if block.type == type_ and block.mode == "managed" else None
    named = index.named(type_, link.expression, naming) if link.origin == "literal" else ()
    return named[0] if len(named) == 1 else None
