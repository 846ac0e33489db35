"""What tells the network of each private resource type: the names of its arguments, and its default ports.

Arguments: Terraform AWS provider 6.55 documentation, page of each type. Default ports: the same pages and the user guide of each service.
A dotted name leads into a nested block.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Of one resource type.

    `subnet_group` is the argument that names a subnet group and that group's type. `engine` is the argument that decides the ports.
    `parent` is the argument that leads to the whole, and the whole's type and naming argument. `outside` is the flag that, when on, puts
    it on the internet; `inside` the flag or block that must be there for it to be in a VPC. `secrets` name what holds its login.
    """

    kind: str
    groups: tuple[str, ...] = ("security_group_ids",)
    subnets: tuple[str, ...] = ()
    subnet_group: tuple[str, str] | None = None
    vpc: str = ""
    ports: tuple[int, ...] = ()
    port: str = "port"
    engine: str = ""
    parent: tuple[str, str, str] | None = None
    outside: str = ""
    inside: str = ""
    inside_block: str = ""
    secrets: tuple[str, ...] = ()


# By a word in the engine's name (`aurora-postgresql`, `sqlserver-ex`, `custom-oracle-ee`), engine family or engine type.
PORTS_BY_ENGINE: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("postgres", (5432,)),
    ("mysql", (3306,)),
    ("mariadb", (3306,)),
    ("sqlserver", (1433,)),
    ("oracle", (1521,)),
    ("db2", (50000,)),
    ("docdb", (27017,)),
    ("neptune", (8182,)),
    ("memcached", (11211,)),
    ("redis", (6379,)),
    ("valkey", (6379,)),
    ("rabbitmq", (5671,)),
    ("activemq", (61617, 5671, 8883, 61614, 61619)),
    ("aurora", (3306,)),  # the bare name meant MySQL 5.6
)

_RDS = "relational database"
_VPC_GROUPS = ("vpc_security_group_ids",)
_DB_SUBNETS = ("db_subnet_group_name", "aws_db_subnet_group")
_LOGIN = ("password", "password_wo", "master_password", "master_password_wo", "admin_user_password", "auth_token")
FILE_SYSTEM = "file system"
ACCESS_POINTS = ("aws_efs_access_point", "aws_s3files_access_point")
_NFS = (2049,)
_DOCUMENTS = "document database"
_CACHE = "cache"
_INSTANCE = "instance"
_LOAD_BALANCER = "load balancer"
_ZONE = "private zone"

SHAPES: dict[str, Shape] = {
    # relational
    "aws_db_instance": Shape(_RDS, _VPC_GROUPS, subnet_group=_DB_SUBNETS, engine="engine", outside="publicly_accessible", secrets=_LOGIN),
    "aws_rds_cluster": Shape(_RDS, _VPC_GROUPS, subnet_group=_DB_SUBNETS, engine="engine", secrets=_LOGIN),
    "aws_rds_cluster_instance": Shape(
        _RDS,
        (),
        subnet_group=_DB_SUBNETS,
        engine="engine",
        outside="publicly_accessible",
        parent=("cluster_identifier", "aws_rds_cluster", "cluster_identifier"),
    ),
    "aws_db_proxy": Shape(_RDS, _VPC_GROUPS, ("vpc_subnet_ids",), engine="engine_family", secrets=("auth.secret_arn",)),
    "aws_db_proxy_endpoint": Shape(_RDS, _VPC_GROUPS, ("vpc_subnet_ids",), parent=("db_proxy_name", "aws_db_proxy", "name")),
    "aws_db_proxy_target": Shape(_RDS, ()),
    "aws_redshift_cluster": Shape(
        "warehouse",
        _VPC_GROUPS,
        subnet_group=("cluster_subnet_group_name", "aws_redshift_subnet_group"),
        ports=(5439,),
        outside="publicly_accessible",
        secrets=_LOGIN,
    ),
    "aws_redshiftserverless_workgroup": Shape("warehouse", subnets=("subnet_ids",), ports=(5439,), outside="publicly_accessible"),
    # documents, graphs, series
    "aws_docdb_cluster": Shape(
        _DOCUMENTS, _VPC_GROUPS, subnet_group=("db_subnet_group_name", "aws_docdb_subnet_group"), ports=(27017,), secrets=_LOGIN
    ),
    "aws_docdb_cluster_instance": Shape(
        _DOCUMENTS, (), ports=(27017,), parent=("cluster_identifier", "aws_docdb_cluster", "cluster_identifier")
    ),
    "aws_docdbelastic_cluster": Shape(_DOCUMENTS, _VPC_GROUPS, ("subnet_ids",), ports=(27017,), secrets=_LOGIN),
    "aws_neptune_cluster": Shape(
        "graph database", _VPC_GROUPS, subnet_group=("neptune_subnet_group_name", "aws_neptune_subnet_group"), ports=(8182,)
    ),
    "aws_neptune_cluster_instance": Shape(
        "graph database",
        (),
        subnet_group=("neptune_subnet_group_name", "aws_neptune_subnet_group"),
        ports=(8182,),
        outside="publicly_accessible",
        parent=("cluster_identifier", "aws_neptune_cluster", "cluster_identifier"),
    ),
    "aws_timestreaminfluxdb_db_instance": Shape(
        "time series database", _VPC_GROUPS, ("vpc_subnet_ids",), ports=(8086,), outside="publicly_accessible", secrets=_LOGIN
    ),
    # caches
    "aws_elasticache_cluster": Shape(
        _CACHE,
        subnet_group=("subnet_group_name", "aws_elasticache_subnet_group"),
        engine="engine",
        parent=("replication_group_id", "aws_elasticache_replication_group", "replication_group_id"),
    ),
    "aws_elasticache_replication_group": Shape(
        _CACHE, subnet_group=("subnet_group_name", "aws_elasticache_subnet_group"), ports=(6379,), secrets=_LOGIN
    ),
    "aws_elasticache_serverless_cache": Shape(_CACHE, subnets=("subnet_ids",), engine="engine"),
    "aws_memorydb_cluster": Shape(_CACHE, subnet_group=("subnet_group_name", "aws_memorydb_subnet_group"), ports=(6379,)),
    "aws_dax_cluster": Shape(_CACHE, subnet_group=("subnet_group_name", "aws_dax_subnet_group"), ports=(8111, 9111)),
    # files
    "aws_efs_file_system": Shape(FILE_SYSTEM, (), ports=_NFS),
    "aws_efs_mount_target": Shape(
        FILE_SYSTEM, ("security_groups",), ("subnet_id",), ports=_NFS, parent=("file_system_id", "aws_efs_file_system", "creation_token")
    ),
    "aws_efs_access_point": Shape(FILE_SYSTEM, (), ports=_NFS, parent=("file_system_id", "aws_efs_file_system", "creation_token")),
    "aws_s3files_file_system": Shape(FILE_SYSTEM, (), ports=_NFS),
    "aws_s3files_mount_target": Shape(
        FILE_SYSTEM, ("security_groups",), ("subnet_id",), ports=_NFS, parent=("file_system_id", "aws_s3files_file_system", "")
    ),
    "aws_s3files_access_point": Shape(FILE_SYSTEM, (), ports=_NFS, parent=("file_system_id", "aws_s3files_file_system", "")),
    "aws_fsx_lustre_file_system": Shape(FILE_SYSTEM, subnets=("subnet_ids",), ports=(988,)),
    "aws_fsx_openzfs_file_system": Shape(FILE_SYSTEM, subnets=("subnet_ids",), ports=_NFS),
    "aws_fsx_ontap_file_system": Shape(FILE_SYSTEM, subnets=("subnet_ids",), ports=(2049, 445)),
    "aws_fsx_windows_file_system": Shape(FILE_SYSTEM, subnets=("subnet_ids",), ports=(445,)),
    "aws_fsx_ontap_storage_virtual_machine": Shape(
        FILE_SYSTEM, (), ports=(2049, 445), parent=("file_system_id", "aws_fsx_ontap_file_system", "")
    ),
    "aws_fsx_file_cache": Shape(FILE_SYSTEM, subnets=("subnet_ids",), ports=(988,)),
    # brokers
    "aws_mq_broker": Shape("broker", ("security_groups",), ("subnet_ids",), engine="engine_type", outside="publicly_accessible"),
    "aws_msk_cluster": Shape(
        "broker",
        ("broker_node_group_info.security_groups",),
        ("broker_node_group_info.client_subnets",),
        ports=(9092, 9094, 9096, 9098),
    ),
    "aws_msk_serverless_cluster": Shape("broker", ("vpc_config.security_group_ids",), ("vpc_config.subnet_ids",), ports=(9098,)),
    # search
    "aws_opensearch_domain": Shape(
        "search domain", ("vpc_options.security_group_ids",), ("vpc_options.subnet_ids",), ports=(443,), inside_block="vpc_options"
    ),
    "aws_elasticsearch_domain": Shape(
        "search domain", ("vpc_options.security_group_ids",), ("vpc_options.subnet_ids",), ports=(443,), inside_block="vpc_options"
    ),
    "aws_opensearchserverless_vpc_endpoint": Shape("search domain", subnets=("subnet_ids",), vpc="vpc_id", ports=(443,)),
    # balancers, instances, containers
    "aws_lb": Shape(_LOAD_BALANCER, ("security_groups",), ("subnets", "subnet_mapping.subnet_id"), inside="internal"),
    "aws_alb": Shape(_LOAD_BALANCER, ("security_groups",), ("subnets", "subnet_mapping.subnet_id"), inside="internal"),
    "aws_elb": Shape(_LOAD_BALANCER, ("security_groups",), ("subnets",), inside="internal"),
    "aws_instance": Shape(_INSTANCE, ("vpc_security_group_ids", "security_groups"), ("subnet_id",)),
    "aws_spot_instance_request": Shape(_INSTANCE, ("vpc_security_group_ids", "security_groups"), ("subnet_id",)),
    "aws_launch_template": Shape(
        _INSTANCE, ("vpc_security_group_ids", "network_interfaces.security_groups"), ("network_interfaces.subnet_id",)
    ),
    "aws_launch_configuration": Shape(_INSTANCE, ("security_groups",)),
    "aws_autoscaling_group": Shape(_INSTANCE, (), ("vpc_zone_identifier",)),
    "aws_network_interface": Shape("network interface", ("security_groups",), ("subnet_id",)),
    "aws_ecs_service": Shape("container service", ("network_configuration.security_groups",), ("network_configuration.subnets",)),
    "aws_eks_cluster": Shape("container service", ("vpc_config.security_group_ids",), ("vpc_config.subnet_ids",), ports=(443,)),
    # names and directories
    "aws_directory_service_directory": Shape(
        "directory", (), ("vpc_settings.subnet_ids",), vpc="vpc_settings.vpc_id", ports=(389, 636), secrets=_LOGIN
    ),
    "aws_route53_zone": Shape(_ZONE, (), vpc="vpc.vpc_id", inside_block="vpc"),
    "aws_service_discovery_private_dns_namespace": Shape(_ZONE, (), vpc="vpc"),
}
