"""Which AWS APIs a function's role speaks of, and through which endpoint each would be reached without a NAT gateway."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, role_of
from serverful.estate.model import Function

# Names that people use, by IAM service prefix; another prefix is its own name.
_NAMES = {
    "acm": "Certificate Manager",
    "apigateway": "API Gateway",
    "appsync": "AppSync",
    "athena": "Athena",
    "autoscaling": "Auto Scaling",
    "batch": "Batch",
    "bedrock": "Bedrock",
    "cloudformation": "CloudFormation",
    "cloudfront": "CloudFront",
    "cloudwatch": "CloudWatch",
    "codebuild": "CodeBuild",
    "codepipeline": "CodePipeline",
    "cognito-idp": "Cognito",
    "dynamodb": "DynamoDB",
    "ecr": "ECR",
    "ecs": "ECS",
    "eks": "EKS",
    "es": "OpenSearch",
    "elasticloadbalancing": "Elastic Load Balancing",
    "events": "EventBridge",
    "execute-api": "API Gateway",
    "firehose": "Firehose",
    "glue": "Glue",
    "iam": "IAM",
    "iot": "IoT",
    "kafka": "MSK",
    "kinesis": "Kinesis",
    "kms": "KMS",
    "lambda": "Lambda",
    "mq": "Amazon MQ",
    "organizations": "Organizations",
    "rds": "RDS",
    "rds-data": "RDS Data API",
    "redshift": "Redshift",
    "redshift-data": "Redshift Data API",
    "rekognition": "Rekognition",
    "route53": "Route 53",
    "s3": "S3",
    "sagemaker": "SageMaker",
    "scheduler": "EventBridge Scheduler",
    "secretsmanager": "Secrets Manager",
    "ses": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "Systems Manager",
    "states": "Step Functions",
    "sts": "STS",
    "textract": "Textract",
    "transcribe": "Transcribe",
}

# The last part of an endpoint's service name where it is not the IAM prefix (AWS PrivateLink Guide, "AWS services that integrate with
# AWS PrivateLink"). One of several is enough to say that an endpoint is there.
_ENDPOINTS = {
    "bedrock": ("bedrock-runtime", "bedrock", "bedrock-agent-runtime", "bedrock-agent"),
    "cloudwatch": ("monitoring",),
    "firehose": ("kinesis-firehose",),
    "kinesis": ("kinesis-streams",),
    "ses": ("email", "email-smtp"),
    "states": ("states", "sync-states"),
}

# Not asked about. Lambda itself sends the logs, makes the network interfaces and runs the X-Ray daemon; the others authorize a connection
# inside the VPC (a login to a database, cache, broker or file system), which is no call to an API.
_NOT_CALLED = frozenset(
    {"dax", "ec2", "elasticache", "elasticfilesystem", "kafka-cluster", "logs", "memorydb", "neptune-db", "rds-db", "s3files", "xray"}
)
# Requests to a domain's or collection's own endpoint, which stands in the VPC with it, beside the API that manages it.
_REQUESTS = {"es": "eshttp", "aoss": "apiaccessall"}
# Actions that Lambda's pollers use on the function's behalf, from outside the VPC (Developer Guide, "Event source mappings").
_POLLED = {
    "dynamodb": ("describestream", "getrecords", "getsharditerator", "liststreams"),
    "kinesis": (
        "describestream",
        "describestreamsummary",
        "getrecords",
        "getsharditerator",
        "listshards",
        "liststreams",
        "subscribetoshard",
    ),
    "sqs": ("changemessagevisibility", "deletemessage", "getqueueattributes", "getqueueurl", "receivemessage"),
}


@dataclass(frozen=True, slots=True)
class AwsApi:
    """An AWS API that the function may call: IAM service prefix (`dynamodb`) and the name people use (`DynamoDB`)."""

    prefix: str

    @property
    def name(self) -> str:
        return _NAMES.get(self.prefix, self.prefix)

    @property
    def has_gateway_endpoint(self) -> bool:
        """S3 and DynamoDB alone have gateway endpoints (AWS PrivateLink Guide, "Gateway endpoints")."""
        return self.prefix in {"s3", "dynamodb"}

    @property
    def endpoint_services(self) -> tuple[str, ...]:
        """What an endpoint for it may be called: the last part of its service name."""
        return _ENDPOINTS.get(self.prefix, (self.prefix,))


def aws_apis_of(function: Function, estate: Estate) -> tuple[AwsApi, ...]:
    """The AWS APIs that the readable statements of its role name, each once, by name. `*` names none."""
    role = role_of(function, estate)
    if role is None:
        return ()
    prefixes = {action.service for action in allowed(role) if is_called(action.service, action.action)}
    return tuple(sorted((AwsApi(prefix) for prefix in prefixes), key=lambda api: api.name.lower()))


def is_called(prefix: str, action: str) -> bool:
    """Whether an action (`dynamodb:GetItem`, of the service `dynamodb`) is a call that the function's code makes to an AWS API."""
    is_api = ":" in action and "*" not in prefix and prefix not in _NOT_CALLED
    name = action.partition(":")[2].lower()
    is_request = prefix in _REQUESTS and name.startswith(_REQUESTS[prefix])
    return is_api and not is_request and name not in _POLLED.get(prefix, ())
