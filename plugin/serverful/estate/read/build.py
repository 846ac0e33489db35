"""Blocks of one root into its things: one table says which builder makes what of which type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from serverful.estate.model import Entry, Invocation, Relief, ResourcePolicy, Thing
from serverful.estate.read.block import Block
from serverful.estate.read.outlines.outline import is_outlined
from serverful.estate.read.things import (
    addresses,
    alias,
    apis,
    calls,
    capacity,
    endpoints,
    file_users,
    firewalls,
    function,
    guardrails,
    identity,
    images,
    landing,
    layers,
    network,
    packages,
    permissions,
    queries,
    reliefs,
    resource_policies,
    runtimes,
    secrets,
    security_groups,
    sources,
    stores,
    vpc,
)
from serverful.estate.read.things.callers import invocations
from serverful.estate.read.things.entries import entries, linked
from serverful.estate.read.things.heading import other
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.shapes import SHAPES
from serverful.estate.value import Known
from serverful.natural import natural

Builder = Callable[[Block, Index], Thing]

# Of the data sources, those that are asked what they look for.
DATA_BUILDERS: dict[str, Builder] = {
    "aws_subnets": queries.subnet_query,
    "aws_subnet_ids": queries.subnet_query,
    "aws_subnet": queries.subnet_query,
    "aws_vpc": queries.vpc_query,
    "aws_security_group": queries.group_query,
    **dict.fromkeys(addresses.LOOKUPS, addresses.lookup),
    "aws_lambda_layer_version": layers.query,
    "aws_ssm_parameter": layers.parameter,
    "external": packages.external,
}

BUILDERS: dict[str, Builder] = {
    "aws_lambda_function": function.function,
    "aws_lambda_alias": alias.alias,
    "aws_lambda_capacity_provider": function.capacity_provider,
    "aws_lambda_runtime_management_config": runtimes.updates,
    "aws_lambda_provisioned_concurrency_config": capacity.provisioned,
    "aws_lambda_event_source_mapping": capacity.poller,
    "aws_lambda_function_event_invoke_config": landing.event_invoke_config,
    landing.QUEUE: landing.queue,
    "aws_appautoscaling_policy": capacity.scaling_policy,
    "aws_appautoscaling_target": capacity.scaling_target,
    "aws_appautoscaling_scheduled_action": capacity.scheduled_action,
    "aws_vpc": vpc.vpc,
    "aws_default_vpc": vpc.vpc,
    "aws_subnet": vpc.subnet,
    "aws_default_subnet": vpc.subnet,
    "aws_route_table": network.route_table,
    "aws_default_route_table": network.route_table,
    "aws_route_table_association": network.association,
    "aws_main_route_table_association": network.association,
    "aws_nat_gateway": network.nat_gateway,
    "aws_eip": addresses.address,
    "aws_eip_association": addresses.association,
    **dict.fromkeys(network.GATEWAYS, network.gateway),
    "aws_vpc_endpoint": endpoints.endpoint,
    "aws_vpclattice_service_network_vpc_association": endpoints.lattice_association,
    "aws_security_group": security_groups.security_group,
    "aws_default_security_group": security_groups.security_group,
    **dict.fromkeys(security_groups.RULES, security_groups.added_rule),
    **dict.fromkeys(SHAPES, stores.store),
    **file_users.BUILDERS,
    **sources.BUILDERS,
    apis.REST_API: apis.rest,
    apis.HTTP_API: linked.http,
    **permissions.BUILDERS,
    **dict.fromkeys(resource_policies.HOLDERS, resource_policies.holder),
    firewalls.ACL: firewalls.web_acl,
    "aws_secretsmanager_secret": secrets.secret,
    "aws_secretsmanager_secret_version": secrets.secret,
    "aws_ssm_parameter": secrets.secret,
    "aws_iam_role": identity.role,
    "aws_iam_policy": guardrails.guardrail,
    "aws_organizations_policy": guardrails.guardrail,
    images.REPOSITORY: images.repository,
    "aws_lambda_layer_version": layers.version,
    "null_resource": packages.build,
    "terraform_data": packages.build,
}


def things(blocks: Iterable[Block]) -> dict[str, Thing]:
    """The things of one root by address, in natural order of addresses.

    `blocks` are all instances of its resources and data sources, and the module calls that are not loaded. What is known not to exist is
    left out. What a data source finds lies outside this root: few tell what they were asked with, the rest is an `Other`.
    """
    return _things(_index(blocks))


class Parts(NamedTuple):
    """The things of one root, what calls its functions, how requests come in, and what guards resources and relieves functions."""

    things: dict[str, Thing]
    invocations: tuple[Invocation, ...]
    entries: tuple[Entry, ...]
    resource_policies: tuple[ResourcePolicy, ...]
    reliefs: tuple[Relief, ...]


def parts_of(blocks: Iterable[Block]) -> Parts:
    """All that an estate holds of blocks."""
    index = _index(blocks)
    made = _things(index)
    calls = invocations(made, index)
    return Parts(made, calls, entries(calls, index), resource_policies.resource_policies(index), reliefs.reliefs(index))


def _index(blocks: Iterable[Block]) -> Index:
    return Index(block for block in blocks if not (isinstance(block.exists, Known) and not block.exists.value))


def _things(index: Index) -> dict[str, Thing]:
    made = {address: _thing(block, index) for address, block in index.blocks.items()}
    for address, owner in index.implied.groups.items():
        made.setdefault(address, security_groups.default_group_of(owner, address, index))
    return {address: made[address] for address in sorted(made, key=natural)}


def _thing(block: Block, index: Index) -> Thing:
    if block.mode == "module":
        return calls.module_call(block, is_understood=is_outlined(block))
    if block.mode == "data":
        query = DATA_BUILDERS.get(block.type)
        return query(block, index) if query else other(block)
    return BUILDERS.get(block.type, security_groups.wearing)(block, index)
