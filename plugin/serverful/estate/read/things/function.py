"""`aws_lambda_function`, and the `aws_lambda_capacity_provider` it may run on.

Arguments and defaults: Terraform AWS provider 6.55 documentation, pages of the two types.
"""

from __future__ import annotations

from dataclasses import replace

from serverful.estate.model import Attachment, CapacityProvider, Environment, EnvironmentVariable, Function, Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Entries, Literal, Term, Undecided, references
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.identity import role_link
from serverful.estate.read.things.images import image
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.nested import nested_link
from serverful.estate.read.things.packages import sources
from serverful.estate.read.things.security_groups import GROUPS
from serverful.estate.read.things.shapes import ACCESS_POINTS
from serverful.estate.read.things.vpc import SUBNETS
from serverful.estate.value import Basis, Known, Unknown, Value


def function(block: Block, index: Index) -> Function:
    """A function as it is configured."""
    return Function(
        **heading(block),
        name=convert.text(block, "function_name"),
        package_type=convert.text(block, "package_type", "Zip"),
        runtime=convert.optional_text(block, "runtime"),
        handler=convert.optional_text(block, "handler"),
        attachment=attachment(block, index),
        environment=environment(block),
        role=role_link(block, "role", index),
        layers=index.links(block, "layers"),
        file_system=_file_system(block, index),
        capacity_provider=nested_link(block, _PROVIDER, "capacity_provider_arn"),
        ephemeral_storage_mb=_ephemeral_storage(block),
        snap_start=_snap_start(block),
        timeout_seconds=convert.number(block, "timeout", 3),
        memory_mb=convert.number(block, "memory_size", 128),
        architecture=_architecture(block),
        durable_seconds=_durable_seconds(block),
        dead_letters=nested_link(block, ("dead_letter_config",), "target_arn"),
        sources=sources(block),
        image=image(block, index),
    )


def capacity_provider(block: Block, index: Index) -> CapacityProvider:
    """Instances that functions run on. Its `vpc_config` is required and knows nothing of IPv6 (provider documentation, 2025-12)."""
    return CapacityProvider(**heading(block), attachment=attachment(block, index))


def attachment(block: Block, index: Index) -> Value[Attachment | None]:
    """The `vpc_config` in force.

    "If both subnet_ids and security_group_ids are empty then vpc_config is considered to be empty or unset" (provider documentation).
    Without subnets there is no attachment either, whatever the groups are. An undecided list is an attachment unless its author foresees
    that it is empty and the other list does not settle it.
    """
    place = block.at("vpc_config")
    nested = block.blocks("vpc_config")
    if not nested.blocks:
        return convert.unknown(nested.undecided[0], place) if nested.undecided else Known(None, place)
    config = nested.blocks[0]
    if isinstance(config.exists, Unknown) and isinstance(block.exists, Known):  # the function is certain, its block is not
        return config.exists
    subnets = index.links(config, "subnet_ids", *SUBNETS)
    groups = index.links(config, "security_group_ids", *GROUPS)
    if subnets.is_empty:
        return Known(None, config.at("subnet_ids"))
    for name, listing, beside in (("subnet_ids", subnets, groups), ("security_group_ids", groups, subnets)):
        if not listing.items and not beside.items and _may_be_empty(config.term(name)):
            return listing.unknown[0] if listing.unknown else convert.unknown(config.term(name), config.at(name))
    return Known(
        Attachment(
            place=config.place,
            subnets=subnets,
            security_groups=groups,
            ipv6_allowed=convert.flag(config, "ipv6_allowed_for_dual_stack", False),
        ),
        config.place,
    )


def _may_be_empty(term: Term) -> bool:
    undecided = [part for part in convert.parts(term) if isinstance(part, Undecided)]
    return bool(undecided) and all(part.may_be_empty for part in undecided)


def environment(block: Block) -> Environment:
    """The variables that are seen, and names for those that may be there besides."""
    place = block.at("environment")
    nested = block.blocks("environment")
    variables: list[EnvironmentVariable] = []
    unknown: list[Unknown] = []
    for part in nested.undecided:
        possible = [ref.block.address for config in nested.possible for ref in references(config.term("variables"))]
        named = convert.unknown(part, place)
        unknown.append(replace(named, mentions=tuple(dict.fromkeys((*named.mentions, *possible)))))
    for config in nested.blocks:
        at = config.at("variables")
        term = convert.settled(config.term("variables"))
        if isinstance(term, Entries):
            # The provider leaves a null out (terraform-plugin-sdk 2, `ConfigValueFromHCL2`): `LOCAL_URL = var.is_local ? var.url : null`.
            given = {name: value for name, value in term.entries.items() if convert.settled(value) != Literal(None)}
            variables.extend(_variable(name, value, config.at_entry("variables", name)) for name, value in given.items())
            unknown.extend(convert.unknown(part, at) for part in term.rest)
        elif term != Literal(None):
            unknown.append(convert.unknown(term, at))
    return Environment(tuple(variables), tuple(unknown))


def _variable(name: str, term: Term, place: Place) -> EnvironmentVariable:
    return EnvironmentVariable(name, convert.text_of(term, place), convert.mentioned(term, place), place)


_PROVIDER = ("capacity_provider_config", "lambda_managed_instances_capacity_provider_config")


def _file_system(block: Block, index: Index) -> Value[Link | None]:
    """The access point that is mounted; Known(None) where there is none.

    The provider requires `arn` in the block, so a block that is certain mounts something, wherever its ARN comes from.
    """
    nested = block.blocks("file_system_config")
    if not nested.blocks:
        place = block.at("file_system_config")
        return convert.unknown(nested.undecided[0], place) if nested.undecided else Known(None, place, Basis.DEFAULTED)
    return Known(index.link(nested.blocks[0], "arn", *ACCESS_POINTS), nested.blocks[0].at("arn"))


def _ephemeral_storage(block: Block) -> Value[int]:
    """The size of /tmp in MB; 512 unless told."""
    nested = block.blocks("ephemeral_storage")
    place = block.at("ephemeral_storage")
    if not nested.blocks:
        return convert.unknown(nested.undecided[0], place) if nested.undecided else Known(512, place, Basis.DEFAULTED)
    return convert.number(nested.blocks[0], "size", 512)


def _architecture(block: Block) -> Value[str]:
    place = block.at("architectures")
    listed = convert.strings(block, "architectures")
    if listed.items:
        return Known(listed.items[0], place)
    return listed.unknown[0] if listed.unknown else Known("x86_64", place, Basis.DEFAULTED)


def _durable_seconds(block: Block) -> Value[int | None]:
    nested = block.blocks("durable_config")
    if not nested.blocks:
        place = block.at("durable_config")
        return convert.unknown(nested.undecided[0], place) if nested.undecided else Known(None, place, Basis.DEFAULTED)
    return convert.number(nested.blocks[0], "execution_timeout")


def _snap_start(block: Block) -> Value[bool]:
    """Whether published versions start from snapshots: `apply_on` is "PublishedVersions", or "None" for off."""
    nested = block.blocks("snap_start")
    place = block.at("snap_start")
    if not nested.blocks:
        return convert.unknown(nested.undecided[0], place) if nested.undecided else Known(False, place, Basis.DEFAULTED)
    applied = convert.text(nested.blocks[0], "apply_on", "None")
    return Known(applied.value != "None", applied.place, applied.basis) if isinstance(applied, Known) else applied
