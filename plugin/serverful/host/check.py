"""The door into Checkov: a policy's description in, a registered check out."""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import TYPE_CHECKING

from serverful import catalogue
from serverful.errors import PolicyDefinitionError
from serverful.estate.model import (
    Address,
    AddressAssociation,
    Api,
    CapacityProvider,
    DataStore,
    Endpoint,
    FileSystem,
    Function,
    LayerPermission,
    NatGateway,
    Permission,
    PolicyHolder,
    Poller,
    Provisioned,
    Role,
    RouteTable,
    RuntimeUpdates,
    SearchDomain,
    Secret,
    SecurityGroup,
    Source,
    Subnet,
    Thing,
    Vpc,
    WebAcl,
)
from serverful.host import trouble
from serverful.host.session import Session
from serverful.policy import Policy

if TYPE_CHECKING:
    from serverful.host.adapter import Check

# Which Terraform resources a policy asks about, by the type of its first parameter. The one list of them.
RESOURCES: dict[type[Thing], tuple[str, ...]] = {
    Function: (trouble.FUNCTION,),
    Address: ("aws_eip",),
    AddressAssociation: ("aws_eip_association",),
    Api: ("aws_api_gateway_rest_api", "aws_apigatewayv2_api"),
    CapacityProvider: ("aws_lambda_capacity_provider",),
    DataStore: (
        "aws_db_instance",
        "aws_db_proxy",
        "aws_docdb_cluster",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticache_serverless_cache",
        "aws_memorydb_cluster",
        "aws_msk_cluster",
        "aws_msk_serverless_cluster",
        "aws_neptune_cluster",
        "aws_rds_cluster",
    ),
    Endpoint: ("aws_vpc_endpoint",),
    FileSystem: ("aws_efs_file_system", "aws_s3files_file_system"),
    LayerPermission: ("aws_lambda_layer_version_permission",),
    NatGateway: ("aws_nat_gateway",),
    Permission: ("aws_lambda_permission",),
    PolicyHolder: (
        "aws_api_gateway_rest_api_policy",
        "aws_dynamodb_resource_policy",
        "aws_elasticsearch_domain_policy",
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_lambda_policy",
        "aws_opensearch_domain_policy",
        "aws_s3_bucket_policy",
        "aws_secretsmanager_secret_policy",
        "aws_sns_topic",
        "aws_sns_topic_policy",
        "aws_sqs_queue_policy",
        "aws_vpc_endpoint_policy",
    ),
    Poller: ("aws_lambda_event_source_mapping",),
    Provisioned: ("aws_lambda_provisioned_concurrency_config", "aws_appautoscaling_target"),
    Role: ("aws_iam_role",),
    RouteTable: ("aws_route_table", "aws_default_route_table"),
    RuntimeUpdates: ("aws_lambda_runtime_management_config",),
    SearchDomain: ("aws_opensearch_domain", "aws_elasticsearch_domain"),
    Secret: ("aws_secretsmanager_secret",),
    SecurityGroup: ("aws_security_group", "aws_default_security_group"),
    Source: ("aws_s3_bucket", "aws_sqs_queue", "aws_dynamodb_table"),
    Subnet: ("aws_subnet", "aws_default_subnet"),
    Vpc: ("aws_vpc", "aws_default_vpc"),
    WebAcl: ("aws_wafv2_web_acl",),
}

# Checkov executes every policy file up to 20 times in one process (`-l`, or no `--framework`), this module once.
_session = Session()
_checks: dict[str, Check] = {}


def on_checkov(policy: Policy) -> Check | None:
    """Register the policy with Checkov, once; SLS_RUN_1 goes before the first one.

    None, and nothing registered, while the catalogue collects or where there is no Checkov. Raises PolicyDefinitionError for a subject that
    no resource stands for and for an id that another file has taken; Checkov logs it, and the record of SLS_RUN_1 names the file.
    """
    if catalogue.is_collecting() or importlib.util.find_spec("checkov") is None:
        return None
    from serverful.host.adapter import Check

    for subject in policy.subjects:
        if subject not in RESOURCES:
            raise PolicyDefinitionError(f"{policy.id}: no Terraform resource stands for {subject.__name__}; teach it to RESOURCES")
    entities = [resource for subject in policy.subjects for resource in RESOURCES[subject]]
    if _session.add(policy, [*entities, "module"]):
        if not _checks:
            _register_run(Check)
        _checks[policy.id] = _check(Check, policy, "resource", entities)
        _check(Check, policy, "module", ["module"])  # what a known module makes that is not loaded is shown on its `module` block
    return _checks[policy.id]


def _check(check: type[Check], policy: Policy, block_type: str, entities: list[str]) -> Check:
    return check(
        partial(_session.answer, policy.id),
        id=policy.id,
        title=policy.title,
        severity=policy.severity,
        block_type=block_type,
        entities=entities,
    )


def _register_run(check: type[Check]) -> None:
    """SLS_RUN_1, for every resource and every module call: the root may have nothing else to show its trouble on."""
    # The resources that policies ask about are named beside "*", because Checkov asks what is registered by name before what is
    # registered by pattern: so SLS_RUN_1 is asked first, and policies know whether it was filtered out.
    named = [resource for resources in RESOURCES.values() for resource in resources]
    for block_type, entities in (("resource", [*named, "*"]), ("module", ["module"])):
        check(_session.run_answer, id=trouble.ID, title=trouble.TITLE, severity=trouble.SEVERITY, block_type=block_type, entities=entities)
