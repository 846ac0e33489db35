# cloudposse/lambda-function/aws: main.tf, iam-role.tf, variables.tf and outputs.tf, read at its newest commit (2025-10-01). Whether it makes
# anything is decided by cloudposse/label/null, which it calls with its own inputs: `enabled`, else that of `context`, else true.

variable "context" { default = {} }
variable "enabled" { default = null }
variable "tags" { default = {} }

variable "function_name" {}
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "filename" { default = null }
variable "s3_key" { default = null }
variable "runtime" { default = null }
variable "handler" { default = null }
variable "layers" { default = [] }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "publish" { default = false }
variable "reserved_concurrent_executions" { default = -1 }
variable "ephemeral_storage_size" { default = null }
variable "lambda_environment" { default = null }
variable "vpc_config" { default = null }
variable "dead_letter_config_target_arn" { default = null }
variable "tracing_config_mode" { default = null }

variable "role_name" { default = null }
variable "permissions_boundary" { default = "" }
variable "cloudwatch_lambda_insights_enabled" { default = false }
variable "ssm_parameter_names" { default = null }
variable "custom_iam_policy_arns" { default = [] }
variable "inline_iam_policy" { default = null }

locals {
  is_enabled = coalesce(var.enabled, try(var.context.enabled, null), true)
  tags       = merge(try(var.context.tags, {}), var.tags)
}

resource "aws_lambda_function" "this" {
  only_if = local.is_enabled

  function_name                  = var.function_name
  role                           = aws_iam_role.this[0].arn
  package_type                   = var.package_type
  image_uri                      = var.image_uri
  filename                       = var.filename
  s3_key                         = var.s3_key
  runtime                        = var.runtime
  handler                        = var.handler
  layers                         = var.layers
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  publish                        = var.publish
  reserved_concurrent_executions = var.reserved_concurrent_executions
  tags                           = local.tags

  vpc_config {
    unless_null        = var.vpc_config
    subnet_ids         = var.vpc_config.subnet_ids
    security_group_ids = var.vpc_config.security_group_ids
  }

  environment {
    unless_null = var.lambda_environment
    variables   = var.lambda_environment.variables
  }

  ephemeral_storage {
    unless_null = [var.ephemeral_storage_size]
    size        = var.ephemeral_storage_size
  }

  dead_letter_config {
    unless_null = [var.dead_letter_config_target_arn]
    target_arn  = var.dead_letter_config_target_arn
  }
}

resource "aws_iam_role" "this" {
  only_if = local.is_enabled

  name                 = var.role_name == null ? "${var.function_name}-REGION" : var.role_name
  permissions_boundary = var.permissions_boundary
  tags                 = local.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "cloudwatch_logs" {
  only_if = local.is_enabled

  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "cloudwatch_insights" {
  only_if = local.is_enabled && var.cloudwatch_lambda_insights_enabled

  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy"
}

resource "aws_iam_role_policy_attachment" "vpc_access" {
  only_if = local.is_enabled && var.vpc_config != null

  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_iam_role_policy_attachment" "xray" {
  only_if = local.is_enabled && var.tracing_config_mode != null

  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "ssm" {
  only_if = local.is_enabled && (var.ssm_parameter_names == null ? false : length(var.ssm_parameter_names) > 0)

  role = aws_iam_role.this[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
      Resource = [for name in var.ssm_parameter_names : "arn:aws:ssm:*:*:parameter${name}"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "custom" {
  for_each = { for position, arn in var.custom_iam_policy_arns : position => arn if local.is_enabled }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "inline" {
  only_if = local.is_enabled && var.inline_iam_policy != null

  role   = aws_iam_role.this[0].name
  policy = var.inline_iam_policy
}

output "arn" { value = local.is_enabled ? aws_lambda_function.this[0].arn : null }
output "invoke_arn" { value = local.is_enabled ? aws_lambda_function.this[0].invoke_arn : null }
output "qualified_arn" { value = local.is_enabled ? aws_lambda_function.this[0].qualified_arn : null }
output "function_name" { value = local.is_enabled ? aws_lambda_function.this[0].function_name : null }
output "role_name" { value = local.is_enabled ? aws_iam_role.this[0].name : null }
output "role_arn" { value = local.is_enabled ? aws_iam_role.this[0].arn : null }
