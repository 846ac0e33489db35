"""Pieces of Terraform from which the benchmarks build their trees: names in, text out.

`@word@` in a piece is replaced; Terraform's own `${…}` stays as it is.
"""

from __future__ import annotations


def filled(piece: str, **words: object) -> str:
    """The piece with every `@word@` replaced."""
    for word, value in words.items():
        piece = piece.replace(f"@{word}@", str(value))
    return piece.lstrip("\n")


PROVIDER = """
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = var.region
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  name   = "${var.prefix}-@name@"
  labels = merge(var.labels, { Application = "@name@", Region = data.aws_region.current.region })
}
"""

VARIABLES = """
variable "region" {
  description = "Where all of it stands"
  type        = string
  default     = "eu-west-1"
}

variable "prefix" {
  description = "What every name begins with"
  type        = string
  default     = "example"
}

variable "labels" {
  type    = map(string)
  default = {}
}

variable "log_level" {
  type    = string
  default = "INFO"
}
"""

# A role whose trust is written in the way that most people write it.
ROLE_HEREDOC = """
resource "aws_iam_role" "@name@" {
  name = "@name@-role"

  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sts:AssumeRole",
      "Principal": { "Service": "@service@.amazonaws.com" }
    }
  ]
}
EOF
}
"""

ROLE_JSONENCODE = """
resource "aws_iam_role" "@name@" {
  name = "${local.name}-@name@"
  tags = local.labels

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "@service@.amazonaws.com" }
    }]
  })
}
"""

ROLE_DOCUMENT = """
data "aws_iam_policy_document" "@name@_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["@service@.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "@name@" {
  name               = "${local.name}-@name@"
  assume_role_policy = data.aws_iam_policy_document.@name@_trust.json
}
"""

ROLES = (ROLE_HEREDOC, ROLE_JSONENCODE, ROLE_DOCUMENT)

POLICY_JSONENCODE = """
resource "aws_iam_role_policy" "@name@" {
  name = "@name@"
  role = aws_iam_role.@role@.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = [@actions@]
        Resource = [@resource@, "${@resource@}/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:*"
      },
    ]
  })
}
"""

POLICY_DOCUMENT = """
data "aws_iam_policy_document" "@name@" {
  statement {
    sid       = "Work"
    actions   = [@actions@]
    resources = [@resource@]
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "@name@" {
  name   = "${local.name}-@name@"
  policy = data.aws_iam_policy_document.@name@.json
}

resource "aws_iam_role_policy_attachment" "@name@" {
  role       = aws_iam_role.@role@.name
  policy_arn = aws_iam_policy.@name@.arn
}
"""

POLICY_HEREDOC = """
resource "aws_iam_policy" "@name@" {
  name = "@name@-policy"

  policy = <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [@actions@],
      "Resource": ["${@resource@}"]
    }
  ]
}
POLICY
}

resource "aws_iam_role_policy_attachment" "@name@" {
  role       = aws_iam_role.@role@.name
  policy_arn = aws_iam_policy.@name@.arn
}

resource "aws_iam_role_policy_attachment" "@name@_basic" {
  role       = aws_iam_role.@role@.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
"""

POLICIES = (POLICY_JSONENCODE, POLICY_DOCUMENT, POLICY_HEREDOC)

FUNCTION = """
data "archive_file" "@name@" {
  type        = "zip"
  source_dir  = "${path.module}/src/@name@"
  output_path = "${path.module}/build/@name@.zip"
}

resource "aws_cloudwatch_log_group" "@name@" {
  name              = "/aws/lambda/${aws_lambda_function.@name@.function_name}"
  retention_in_days = 14
}

# What it does is in src/@name@.
resource "aws_lambda_function" "@name@" {
  function_name    = "${local.name}-@name@"
  role             = aws_iam_role.@role@.arn
  runtime          = "@runtime@"
  handler          = "app.handler"
  filename         = data.archive_file.@name@.output_path
  source_code_hash = data.archive_file.@name@.output_base64sha256
  memory_size      = @memory@
  timeout          = @timeout@

  environment {
    variables = {
      LOG_LEVEL = var.log_level
@variables@
    }
  }
@network@}
"""

REST_API = """
resource "aws_api_gateway_rest_api" "@name@" {
  name        = "${local.name}-@name@"
  description = "Calls @function@"
}

resource "aws_api_gateway_resource" "@name@" {
  rest_api_id = aws_api_gateway_rest_api.@name@.id
  parent_id   = aws_api_gateway_rest_api.@name@.root_resource_id
  path_part   = "items"
}

resource "aws_api_gateway_method" "@name@" {
  rest_api_id   = aws_api_gateway_rest_api.@name@.id
  resource_id   = aws_api_gateway_resource.@name@.id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "@name@" {
  rest_api_id             = aws_api_gateway_rest_api.@name@.id
  resource_id             = aws_api_gateway_resource.@name@.id
  http_method             = aws_api_gateway_method.@name@.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.@function@.invoke_arn
}

resource "aws_api_gateway_deployment" "@name@" {
  rest_api_id = aws_api_gateway_rest_api.@name@.id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_resource.@name@.id,
      aws_api_gateway_method.@name@.id,
      aws_api_gateway_integration.@name@.id,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "@name@" {
  rest_api_id   = aws_api_gateway_rest_api.@name@.id
  deployment_id = aws_api_gateway_deployment.@name@.id
  stage_name    = "live"
}

resource "aws_lambda_permission" "@name@" {
  statement_id  = "AllowApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.@function@.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.@name@.execution_arn}/*/POST/items"
}

output "@name@_url" {
  value = "${aws_api_gateway_stage.@name@.invoke_url}/items"
}
"""

HTTP_API = """
resource "aws_apigatewayv2_api" "@name@" {
  name          = "${local.name}-@name@"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "@name@" {
  api_id                 = aws_apigatewayv2_api.@name@.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.@function@.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "@name@" {
  for_each = toset(["GET /items", "POST /items", "DELETE /items/{id}"])

  api_id    = aws_apigatewayv2_api.@name@.id
  route_key = each.value
  target    = "integrations/${aws_apigatewayv2_integration.@name@.id}"
}

resource "aws_apigatewayv2_stage" "@name@" {
  api_id      = aws_apigatewayv2_api.@name@.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "@name@" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.@function@.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.@name@.execution_arn}/*/*"
}

output "@name@_url" {
  value = aws_apigatewayv2_stage.@name@.invoke_url
}
"""

QUEUE = """
resource "aws_sqs_queue" "@name@" {
  name                       = "${local.name}-@name@"
  visibility_timeout_seconds = 180

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.@name@_dead.arn
    maxReceiveCount     = 4
  })
}

resource "aws_sqs_queue" "@name@_dead" {
  name                      = "${local.name}-@name@-dead"
  message_retention_seconds = 1209600
}
"""

MAPPING = """
resource "aws_lambda_event_source_mapping" "@name@" {
  event_source_arn = @source@
  function_name    = aws_lambda_function.@function@.arn
  batch_size       = 10
@more@}
"""

TABLE = """
resource "aws_dynamodb_table" "@name@" {
  name             = "${local.name}-@name@"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "pk"
  range_key        = "sk"
  stream_enabled   = @streams@
  stream_view_type = @streams@ ? "NEW_AND_OLD_IMAGES" : null

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }
}
"""

BUCKET = """
resource "random_id" "@name@" {
  byte_length = 4
}

resource "aws_s3_bucket" "@name@" {
  bucket        = "${local.name}-@name@-${random_id.@name@.hex}"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "@name@" {
  bucket                  = aws_s3_bucket.@name@.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""

NOTIFICATION = """
resource "aws_lambda_permission" "@name@" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.@function@.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.@name@.arn
}

resource "aws_s3_bucket_notification" "@name@" {
  bucket = aws_s3_bucket.@name@.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.@function@.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "in/"
  }

  depends_on = [aws_lambda_permission.@name@]
}
"""

RULE = """
resource "aws_cloudwatch_event_rule" "@name@" {
  name = "${local.name}-@name@"

  event_pattern = jsonencode({
    source      = ["shop.orders"]
    detail-type = ["OrderPlaced", "OrderCancelled"]
  })
}

resource "aws_cloudwatch_event_target" "@name@" {
  rule = aws_cloudwatch_event_rule.@name@.name
  arn  = @target@
}
"""

RULE_PERMISSION = """
resource "aws_lambda_permission" "@name@" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.@function@.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.@name@.arn
}
"""

STATE_MACHINE = """
resource "aws_sfn_state_machine" "@name@" {
  name     = "${local.name}-@name@"
  role_arn = aws_iam_role.@role@.arn

  definition = jsonencode({
    StartAt = "Check"
    States = {
      Check = {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = aws_lambda_function.@first@.arn, "Payload.$" = "$" }
        Next       = "Store"
      }
      Store = {
        Type     = "Task"
        Resource = aws_lambda_function.@second@.arn
        Retry    = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 2, MaxAttempts = 3, BackoffRate = 2 }]
        End      = true
      }
    }
  })
}
"""

TOPIC = """
resource "aws_sns_topic" "@name@" {
  name = "${local.name}-@name@"
}

resource "aws_sns_topic_subscription" "@name@" {
  topic_arn            = aws_sns_topic.@name@.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.@queue@.arn
  raw_message_delivery = true
}

resource "aws_sqs_queue_policy" "@name@" {
  queue_url = aws_sqs_queue.@queue@.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.@queue@.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.@name@.arn } }
    }]
  })
}
"""

VPC = """
data "aws_availability_zones" "available" {}

resource "aws_vpc" "this" {
  cidr_block           = "10.@octet@.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  count = 2

  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_subnet" "private" {
  count = 2

  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, count.index + 10)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "public" {
  count = 2

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table_association" "private" {
  count = length(aws_subnet.private)

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private.id
}

resource "aws_security_group" "functions" {
  name   = "${local.name}-functions"
  vpc_id = aws_vpc.this.id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""

NAT = """
resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public[0].id
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this.id
}
"""

DATABASE = """
resource "aws_security_group" "database" {
  name   = "${local.name}-database"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_subnet_group" "database" {
  name       = "${local.name}-database"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_instance" "database" {
  identifier                  = "${local.name}-database"
  engine                      = "postgres"
  instance_class              = "db.t4g.small"
  allocated_storage           = 20
  db_name                     = "orders"
  username                    = "orders"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.database.name
  vpc_security_group_ids      = [aws_security_group.database.id]
  skip_final_snapshot         = true
}
"""

IN_OWN_VPC = """
  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.functions.id]
  }
"""

IN_GIVEN_VPC = """
  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) > 0 ? [1] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
"""

GIVEN_VPC = """
variable "subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type    = list(string)
  default = []
}
"""

REGISTRY_FUNCTION = """
module "@name@" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name = "${local.name}-@name@"
  handler       = "app.handler"
  runtime       = "@runtime@"
  source_path   = "${path.module}/src/@name@"

  attach_policy_statements = true
  policy_statements = {
    read = {
      effect    = "Allow"
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.@bucket@.arn}/*"]
    }
  }

  environment_variables = {
    BUCKET = aws_s3_bucket.@bucket@.bucket
  }
}
"""

REGISTRY_NETWORK = """
module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"

  name               = local.name
  cidr               = "10.@octet@.0.0/16"
  azs                = ["${var.region}a", "${var.region}b"]
  private_subnets    = ["10.@octet@.1.0/24", "10.@octet@.2.0/24"]
  public_subnets     = ["10.@octet@.101.0/24", "10.@octet@.102.0/24"]
  enable_nat_gateway = true
}

resource "aws_security_group" "functions" {
  name   = "${local.name}-functions"
  vpc_id = module.network.vpc_id

  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""

IN_NETWORK_MODULE = """
  vpc_config {
    subnet_ids         = module.network.private_subnets
    security_group_ids = [aws_security_group.functions.id]
  }
"""

LOCAL_CALL = """
module "@name@" {
  source = "./modules/function"

  name       = "${local.name}-@name@"
  runtime    = "@runtime@"
  table_name = aws_dynamodb_table.@table@.name
  table_arn  = aws_dynamodb_table.@table@.arn
}
"""

# What a local module of small repositories looks like: inputs, one function with its role, outputs.
LOCAL_MODULE = """
variable "name" {
  type = string
}

variable "runtime" {
  type    = string
  default = "python3.13"
}

variable "table_name" {
  type = string
}

variable "table_arn" {
  type = string
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "security_group_ids" {
  type    = list(string)
  default = []
}

resource "aws_iam_role" "this" {
  name = var.name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      Resource = var.table_arn
    }]
  })
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = var.runtime
  handler       = "app.handler"
  filename      = "${path.module}/function.zip"

  environment {
    variables = {
      TABLE = var.table_name
    }
  }

  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) > 0 ? [1] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
}

output "arn" {
  value = aws_lambda_function.this.arn
}

output "invoke_arn" {
  value = aws_lambda_function.this.invoke_arn
}
"""

# Only Terraform's own function tells whether this function exists: the one kind of root that needs evaluation.
EVALUATED = """
resource "aws_lambda_function" "@name@_canary" {
  count = length(regexall("^eu-", var.region)) > 0 ? 1 : 0

  function_name = "${local.name}-@name@-canary"
  role          = aws_iam_role.@role@.arn
  runtime       = "@runtime@"
  handler       = "canary.handler"
  filename      = data.archive_file.@name@.output_path
}
"""

# What most roots have beside their functions.
OUTPUTS = """
output "name" {
  description = "What every name in here begins with"
  value       = local.name
}

output "account" {
  description = "Where it was applied"
  value       = data.aws_caller_identity.current.account_id
}

output "region" {
  value = data.aws_region.current.region
}
"""

ALARM = """
resource "aws_cloudwatch_metric_alarm" "@name@_errors" {
  alarm_name          = "${local.name}-@name@-errors"
  alarm_description   = "More than three errors of @name@ in five minutes"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  dimensions = {
    FunctionName = aws_lambda_function.@name@.function_name
  }
}

resource "aws_cloudwatch_metric_alarm" "@name@_throttles" {
  alarm_name          = "${local.name}-@name@-throttles"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"

  dimensions = {
    FunctionName = aws_lambda_function.@name@.function_name
  }
}
"""

# A module that makes five functions, as large repositories call them by the hundred.
SERVICE_MODULE = """
variable "name" {
  type = string
}

variable "table_name" {
  type = string
}

variable "table_arn" {
  type = string
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "security_group_ids" {
  type    = list(string)
  default = []
}

resource "aws_iam_role" "this" {
  name = var.name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:PutItem"], Resource = var.table_arn }]
  })
}

resource "aws_lambda_function" "this" {
  count = 5

  function_name = "${var.name}-${count.index}"
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "${path.module}/function.zip"

  environment {
    variables = {
      TABLE = var.table_name
    }
  }

  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) > 0 ? [1] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
}

output "arns" {
  value = aws_lambda_function.this[*].arn
}
"""

SERVICE_CALL = """
module "@name@" {
  source             = "./modules/service"
  name               = "@name@"
  table_name         = aws_dynamodb_table.items.name
  table_arn          = aws_dynamodb_table.items.arn
  subnet_ids         = aws_subnet.private[*].id
  security_group_ids = [aws_security_group.shared.id]
}
"""
