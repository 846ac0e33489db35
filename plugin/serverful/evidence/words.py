"""What names tell: does a variable speak of an address, a login, a database — or of a table, a number, a log level?

Names are weak evidence: they never pass a policy by themselves. They decide whether something unknown *could* hold a reason.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set: long lists of names stay readable."""
    return frozenset(text.split())


# Words of an address or a login. What they name, when it comes from outside, may be a private endpoint.
_ADDRESS_OR_LOGIN = word_set(
    """
    ADDR ADDRESS ADDRESSES AUTH BASEURL BOOTSTRAP BROKER BROKERS CACHE CONN CONNECTION CONNECTIONS CREDENTIAL CREDENTIALS CREDS
    CRED DATABASE DATASOURCE DB DOMAIN DSN ENDPOINT ENDPOINTS FQDN FTP HOOK HOST HOSTNAME HOSTS IP IPS JDBC LDAP LOGIN PASS
    PASSWD PASSWORD PG PROXY PWD SECRET SECRETS SERVER SERVERS SFTP SMTP SSH TOKEN URI URIS URL URLS USER USERNAME WEBHOOK APIKEY
    """
)
# The same inside longer words: PGHOST, DATABASEURL, dbpassword. Short words would be found everywhere (DB in DYNAMODB).
_ADDRESS_OR_LOGIN_PARTS = ("ENDPOINT", "HOSTNAME", "PASSWORD", "SECRET", "CREDENTIAL", "WEBHOOK", "CONNECTION", "USERNAME")
_ADDRESS_OR_LOGIN_ENDS = ("URL", "URI", "HOST", "SERVER", "ADDR", "DSN")
# The variables of PostgreSQL's own client library (PostgreSQL documentation, "libpq, Environment Variables"), and their cousins.
_POSTGRES = ("PGHOST", "PGUSER", "PGPASS", "PGDATABASE", "PGSERVICE", "DBHOST", "DBNAME", "DBUSER", "DBPASS")

# Words of a private data store, in a product's name or its usual short form.
_STORE = word_set(
    """
    ACTIVEMQ AMQP AURORA BROKER BROKERS CACHE CASSANDRA DATABASE DATABASES DB DBS DOCDB DOCUMENTDB EFS ELASTICACHE ELASTICSEARCH
    FSX JDBC KAFKA LDAP MARIADB MEMCACHED MEMORYDB MONGO MONGODB MQ MSK MSSQL MYSQL NEPTUNE NFS OPENSEARCH ORACLE PG POSTGRES
    POSTGRESQL PSQL RABBITMQ RDS REDIS REDSHIFT SQL SQLSERVER VALKEY
    """
)
_STORE_PARTS = word_set(
    """
    DATABASE POSTGRES MYSQL MARIADB REDIS ELASTICACHE MEMCACHE MONGO RABBITMQ REDSHIFT KAFKA DOCDB AURORA MEMORYDB VALKEY NEPTUNE
    """
)
_BROKER = word_set("ACTIVEMQ AMQP BROKER BROKERS KAFKA MQ MSK RABBITMQ")

# Something private that is no data store.
_INTERNAL = word_set("INTERNAL INTRANET ONPREM ONPREMISE ONPREMISES VPN")

# Services that check identity; a name with one of these words names no private endpoint.
_IDENTITY_SERVICES = word_set(
    """
    APPCONFIG APPSYNC ATHENA BEDROCK CLOUDFRONT CLOUDWATCH COGNITO DYNAMO DYNAMODB EVENTBRIDGE FIREHOSE GLUE KINESIS KMS S3 SES
    SFN SNS SQS STEPFUNCTION STEPFUNCTIONS TIMESTREAM XRAY
    """
)
# As the last word of a name (before NAME, ARN, ID, URL): a thing of such a service.
_IDENTITY_THINGS = word_set(
    """
    BUCKET BUCKETS BUS FUNCTION FUNCTIONS LAMBDA MACHINE PARAMETER POOL QUEUE QUEUES STATEMACHINE STREAM TABLE TABLES TOPIC
    TOPICS DLQ
    """
)
_ABOUT_A_THING = word_set("ARN ARNS ID IDS NAME NAMES PREFIX URL URI")

# As the last word: a number, a flag, a level, a stage, a region. No address and no login.
_PLAIN = word_set(
    """
    ACCOUNT COUNT DAYS DEBUG DISABLE DISABLED ENABLE ENABLED ENV ENVIRONMENT FLAG FORMAT HOURS INTERVAL LEVEL LIMIT LOG LOGS MAX
    MIN MINUTES MODE MS NUMBER PARTITION PERCENT PERIOD PORT REGION RETENTION RETRIES RETRY SCHEDULE SECONDS SIZE STAGE THRESHOLD
    TIMEOUT TIMEZONE TTL TYPE TZ VERSION ZONE
    """
)

# Words that say an address is for functions, and what it is kept for.
_FUNCTIONS = word_set("FUNCTION FUNCTIONS LAMBDA LAMBDAS")
_ALLOW_LIST = word_set("ALLOWLIST ALLOWLISTED ALLOWLISTING ALLOWLISTS SAFELIST WHITELIST WHITELISTED WHITELISTING WHITELISTS")
_ALLOW_LIST_PAIRS = {(first, second) for first in ("ALLOW", "SAFE", "WHITE") for second in ("LIST", "LISTED", "LISTING", "LISTS")}
_WAY_OUT = word_set("EGRESS FIXED OUTBOUND OUTGOING STATIC")

_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=2**14)  # the same few names, asked about in many ways
def words(name: str) -> tuple[str, ...]:
    """`dbHost`, `db_host` and `module.db.host` as upper-case words."""
    return tuple(word.upper() for word in _SPLIT.split(name) if word)


def speaks_of_address_or_login(name: str) -> bool:
    """Whether the name speaks of an address or a login: DB_HOST, PGPASSWORD, var.api_url; not QUEUE_URL, DB_PORT, DYNAMODB_ENDPOINT."""
    parts = words(name)
    if not parts or is_plain(name) or names_identity_service(name):
        return False
    return (
        any(_is_address_or_login(part) for part in parts)
        or any(pair in {("API", "KEY"), ("ACCESS", "KEY")} for pair in pairwise(parts))
        or speaks_of_store(name)
    )


def _is_address_or_login(part: str) -> bool:
    return (
        part in _ADDRESS_OR_LOGIN
        or part.startswith(_POSTGRES)
        or any(piece in part for piece in _ADDRESS_OR_LOGIN_PARTS)
        or part.endswith(_ADDRESS_OR_LOGIN_ENDS)
    )


def speaks_of_store(name: str) -> bool:
    """Whether the name speaks of a database, cache, broker or file system: REDIS_HOST, module.vpc.database_subnets."""
    parts = words(name)
    if names_identity_service(name):
        return False
    return any(part in _STORE or part.startswith(_POSTGRES) for part in parts) or any(
        piece in part for part in parts for piece in _STORE_PARTS
    )


def speaks_of_something_internal(name: str) -> bool:
    """Whether the name says that what it names is not on the internet: INTERNAL_API_URL."""
    return any(part in _INTERNAL for part in words(name))


def speaks_of_endpoints(name: str) -> bool:
    """Whether a security group's name says that VPC endpoints stand in it: data.aws_security_group.vpc_endpoints."""
    parts = words(name)
    return any(part in ("ENDPOINT", "ENDPOINTS", "VPCE", "VPCES") for part in parts) and not speaks_of_store(name)


def speaks_of_functions(text: str) -> bool:
    """Whether the name or description of an address says that it is for functions: lambda_egress_ip, "IPs of the webhook lambda"."""
    return bool(_FUNCTIONS.intersection(words(text)))


def speaks_of_allow_list(text: str) -> bool:
    """Whether the name or description of an address says that others admit it, or count on it to stay: partner_allowlist, static_ip."""
    parts = words(text)
    return bool((_ALLOW_LIST | _WAY_OUT).intersection(parts)) or any(pair in _ALLOW_LIST_PAIRS for pair in pairwise(parts))


def names_identity_service(name: str) -> bool:
    """Whether the name is that of a table, bucket, queue, topic, stream, function, bus or key, or of the service that keeps it.

    A topic or queue of a broker is none: KAFKA_TOPIC.
    """
    parts = words(name)
    if _BROKER.intersection(parts):
        return False
    if _IDENTITY_SERVICES.intersection(parts) or ("KMS" in parts and "KEY" in parts):
        return True
    heads = [part for part in parts if part not in _ABOUT_A_THING]
    return bool(heads) and (heads[-1] in _IDENTITY_THINGS or heads[-2:] == ["KEY", "ALIAS"])  # only KMS keys have aliases


def is_plain(name: str) -> bool:
    """Whether the name is that of a number, a flag, a level, a stage or a region: DB_PORT, LOG_LEVEL, CACHE_TTL."""
    parts = words(name)
    return bool(parts) and parts[-1] in _PLAIN
