"""Relational databases: which engine runs them, on what, and whether the Data API is on.

Arguments: Terraform AWS provider 6.55 documentation, `aws_rds_cluster`, `aws_rds_cluster_instance` and `aws_db_instance`.
"""

from __future__ import annotations

from serverful.estate.model import Database, Store
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.logins import login
from serverful.estate.read.things.parts import parts_of
from serverful.estate.value import Basis, Known


def cluster(made: Store, block: Block, index: Index) -> Database:
    """`aws_rds_cluster`. A Multi-AZ cluster names its instance class itself, an Aurora cluster leaves it to its instances."""
    instances = index.children(block.address, (block.type,), f"{block.type}_instance", "cluster_identifier").sure
    classes = [convert.optional_text(instance, "instance_class") for instance in instances]
    if block.has("db_cluster_instance_class"):
        classes.append(convert.optional_text(block, "db_cluster_instance_class"))
    return Database(
        **parts_of(made),
        login=login(made, block, index),
        engine=convert.optional_text(block, "engine"),
        version=convert.optional_text(block, "engine_version"),
        mode=convert.text(block, "engine_mode", "provisioned"),
        has_http_endpoint=convert.flag(block, "enable_http_endpoint", False),
        classes=tuple(classes),
        addresses=_addresses(block, "endpoint", "reader_endpoint"),
    )


def instance(made: Store, block: Block, index: Index) -> Database:
    """`aws_db_instance`, which has no Data API."""
    return Database(
        **parts_of(made),
        login=login(made, block, index),
        engine=convert.optional_text(block, "engine"),
        version=convert.optional_text(block, "engine_version"),
        mode=Known("provisioned", block.place, Basis.DEFAULTED),
        has_http_endpoint=Known(False, block.place, Basis.DEFAULTED),
        classes=(convert.optional_text(block, "instance_class"),),
        addresses=_addresses(block, "address"),
    )


def _addresses(block: Block, *names: str) -> tuple[str, ...]:
    found = (convert.optional_text(block, name) for name in names)  # `has` tells of arguments only
    return tuple(address.value for address in found if isinstance(address, Known) and address.value)
