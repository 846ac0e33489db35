"""Secrets and parameters of this root, and what their values refer to.

A password that both a database and a secret take from one `random_password` ties the two together: then the secret holds that database's
login, though its value names no address.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.model import Link, Secret
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Term, references
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.shapes import SHAPES
from serverful.estate.value import Known

_VERSION = "aws_secretsmanager_secret_version"
_VALUES = {
    _VERSION: ("secret_string", "secret_string_wo", "secret_binary"),
    "aws_ssm_parameter": ("value", "insecure_value", "value_wo"),
}
_GENERATED = ("random_password", "random_string")


def secret(block: Block, index: Index) -> Secret:
    """`aws_secretsmanager_secret` with its versions, one version alone, or `aws_ssm_parameter`."""
    holders = [block]
    if block.type == "aws_secretsmanager_secret":
        name = convert.optional_text(block, "name")
        known_name = name.value if isinstance(name, Known) else None
        holders = index.children(block.address, (block.type,), _VERSION, "secret_id", known_name).sure
    held: dict[tuple[str | None, str], Link] = {}
    for holder in holders:
        for argument in _VALUES[holder.type]:
            for link in _held(holder.term(argument), holder.at(argument), index):
                held.setdefault((link.target, link.attribute), link)
    return Secret(**heading(block), holds=tuple(held.values()))


def _held(term: Term, place: Place, index: Index) -> Iterator[Link]:
    for link in convert.mentioned(term, place):
        yield link
        generated = index.blocks.get(link.target or "")
        if generated is not None and generated.type in _GENERATED:
            for user in _users_of_passwords(index).get(generated.address, ()):
                yield Link(user.address, f"{user.address} (by {link.expression})", place, "password")


def _users_of_passwords(index: Index) -> dict[str, list[Block]]:
    """The stores that take their login from each generated password; one pass, remembered by the index."""
    return index.remembered("users of passwords", lambda: _users(index))


def _users(index: Index) -> dict[str, list[Block]]:
    users: dict[str, list[Block]] = {}
    for type_, shape in SHAPES.items():
        for block in index.of_type(type_):
            passwords = {ref.block.address for name in shape.secrets if "." not in name for ref in references(block.term(name))}
            for address in passwords:
                users.setdefault(address, []).append(block)
    return users
