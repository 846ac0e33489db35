# terraform-aws-modules/lambda/aws: main.tf, iam.tf, variables.tf and outputs.tf, read at 8.8.1 (2026-06-19). What stands here is the same in
# every major version since 1.0.0 (2020-09), but for inputs that older ones do not have.

variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "create_lambda_function_url" { default = false }
variable "create_unqualified_alias_lambda_function_url" { default = true }
variable "authorization_type" { default = "NONE" }
variable "create_current_version_allowed_triggers" { default = true }
variable "create_unqualified_alias_allowed_triggers" { default = true }
variable "create_async_event_config" { default = false }
variable "create_current_version_async_event_config" { default = true }
variable "create_unqualified_alias_async_event_config" { default = true }

variable "function_name" { default = "" }
variable "lambda_at_edge" { default = false }
variable "lambda_role" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "layers" { default = null }
variable "layer_name" { default = "" }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "publish" { default = false }
variable "snap_start" { default = false }
variable "reserved_concurrent_executions" { default = -1 }
variable "provisioned_concurrent_executions" { default = -1 }
variable "ephemeral_storage_size" { default = 512 }
variable "environment_variables" { default = {} }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "ipv6_allowed_for_dual_stack" { default = null }
variable "file_system_arn" { default = null }
variable "file_system_local_mount_path" { default = null }
variable "managed_instances_capacity_provider_arn" { default = null }
variable "dead_letter_target_arn" { default = null }
variable "durable_config_execution_timeout" { default = null }
variable "tags" { default = {} }
variable "function_tags" { default = {} }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }

variable "role_name" { default = null }
variable "role_tags" { default = {} }
variable "role_permissions_boundary" { default = null }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_dead_letter_policy" { default = false }
variable "attach_network_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "attach_async_event_policy" { default = false }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_statements" { default = false }
variable "number_of_policy_jsons" { default = 0 }
variable "number_of_policies" { default = 0 }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_statements" { default = {} }

locals {
  makes_function = var.create && var.create_function && !var.create_layer
  makes_role     = local.makes_function && var.create_role

  function  = aws_lambda_function.this[0]
  role      = aws_iam_role.lambda[0]
  triggers  = local.makes_function ? var.allowed_triggers : {}
  destinations = local.makes_function && var.create_async_event_config ? merge(
    var.create_current_version_async_event_config ? { current_version = local.function.version } : {},
    var.create_unqualified_alias_async_event_config ? { unqualified_alias = null } : {},
  ) : {}
}

resource "aws_lambda_layer_version" "this" {
  only_if = var.create && var.create_layer
  count   = 1

  layer_name = var.layer_name
}

resource "aws_lambda_function" "this" {
  only_if = local.makes_function

  function_name                  = var.function_name
  role                           = !var.create_role ? var.lambda_role : local.role.arn
  package_type                   = var.package_type
  image_uri                      = var.package_type == "Zip" ? null : var.image_uri
  source_path                    = var.source_path # what the module packs, on the function itself here
  local_existing_package         = var.local_existing_package
  runtime                        = var.package_type == "Zip" ? var.runtime : null
  handler                        = var.package_type == "Zip" ? var.handler : null
  layers                         = var.layers
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  publish                        = var.lambda_at_edge || var.snap_start ? true : var.publish
  reserved_concurrent_executions = var.reserved_concurrent_executions
  tags                           = merge(var.tags, var.function_tags)

  environment {
    unless_null = [var.environment_variables]
    variables   = var.environment_variables
  }

  ephemeral_storage {
    unless_null = [var.ephemeral_storage_size]
    size        = var.ephemeral_storage_size
  }

  vpc_config {
    unless_null                 = [var.vpc_subnet_ids, var.vpc_security_group_ids]
    subnet_ids                  = var.vpc_subnet_ids
    security_group_ids          = var.vpc_security_group_ids
    ipv6_allowed_for_dual_stack = var.ipv6_allowed_for_dual_stack
  }

  file_system_config {
    unless_null      = [var.file_system_arn, var.file_system_local_mount_path]
    arn              = var.file_system_arn
    local_mount_path = var.file_system_local_mount_path
  }

  durable_config {
    unless_null       = [var.durable_config_execution_timeout]
    execution_timeout = var.durable_config_execution_timeout
  }

  dead_letter_config {
    unless_null = [var.dead_letter_target_arn]
    target_arn  = var.dead_letter_target_arn
  }

  snap_start {
    unless_null = var.snap_start ? true : null
    apply_on    = "PublishedVersions"
  }

  capacity_provider_config {
    unless_null = [var.managed_instances_capacity_provider_arn]
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = var.managed_instances_capacity_provider_arn
    }
  }
}

resource "aws_lambda_provisioned_concurrency_config" "current_version" {
  only_if = local.makes_function && var.provisioned_concurrent_executions > -1

  function_name                     = local.function.function_name
  qualifier                         = local.function.version
  provisioned_concurrent_executions = var.provisioned_concurrent_executions
}

# --- who calls it ---------------------------------------------------------------------------------------------------------------------

resource "aws_lambda_permission" "current_version_triggers" {
  for_each = var.create_current_version_allowed_triggers ? local.triggers : {}

  source_arn             = lookup(each.value, "source_arn", null)
  source_account         = lookup(each.value, "source_account", null)
  principal_org_id       = lookup(each.value, "principal_org_id", null)
  event_source_token     = lookup(each.value, "event_source_token", null)
  function_url_auth_type = lookup(each.value, "function_url_auth_type", null)

  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  action        = lookup(each.value, "action", null)
  function_name = local.function.function_name
  qualifier     = local.function.version
}

resource "aws_lambda_permission" "unqualified_alias_triggers" {
  for_each = var.create_unqualified_alias_allowed_triggers ? local.triggers : {}

  source_arn             = lookup(each.value, "source_arn", null)
  source_account         = lookup(each.value, "source_account", null)
  principal_org_id       = lookup(each.value, "principal_org_id", null)
  event_source_token     = lookup(each.value, "event_source_token", null)
  function_url_auth_type = lookup(each.value, "function_url_auth_type", null)

  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  action        = lookup(each.value, "action", null)
  function_name = local.function.function_name
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = local.makes_function ? var.event_source_mapping : {}

  function_name    = local.function.arn
  event_source_arn = lookup(each.value, "event_source_arn", null)
  queues           = lookup(each.value, "queues", null)
  topics           = lookup(each.value, "topics", null)

  self_managed_event_source       = [for given in lookup(each.value, "self_managed_event_source", []) : given]
  source_access_configuration     = [for given in lookup(each.value, "source_access_configuration", []) : given]
  document_db_event_source_config = [for given in lookup(each.value, "document_db_event_source_config", []) : given]

  provisioned_poller_config {
    unless_null     = [lookup(each.value, "provisioned_poller_config", null)]
    minimum_pollers = lookup(each.value.provisioned_poller_config, "minimum_pollers", null)
  }
}

resource "aws_lambda_function_url" "this" {
  only_if = local.makes_function && var.create_lambda_function_url

  authorization_type = var.authorization_type

  function_name = local.function.function_name
  qualifier     = !var.create_unqualified_alias_lambda_function_url ? local.function.version : null
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = local.destinations

  function_name = local.function.function_name
  qualifier     = each.value

  destination_config {
    on_failure {
      unless_null = [var.destination_on_failure]
      destination = var.destination_on_failure
    }
    on_success {
      unless_null = [var.destination_on_success]
      destination = var.destination_on_success
    }
  }
}

# --- its role -------------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "lambda" {
  only_if = local.makes_role

  name                 = coalesce(var.role_name, var.function_name, "*")
  permissions_boundary = var.role_permissions_boundary
  tags                 = merge([var.tags, var.role_tags]...)
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "logs" {
  only_if = local.makes_role && var.attach_cloudwatch_logs_policy

  role = local.role.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:*:*:log-group:/aws/lambda/${var.function_name}:*"
    }]
  })
}

resource "aws_iam_role_policy" "dead_letter" {
  only_if = local.makes_role && var.attach_dead_letter_policy

  role = local.role.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sns:Publish", "sqs:SendMessage"], Resource = [var.dead_letter_target_arn] }]
  })
}

resource "aws_iam_role_policy" "async" {
  only_if = local.makes_role && var.attach_async_event_policy

  role = local.role.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
      Resource = compact([var.destination_on_failure, var.destination_on_success])
    }]
  })
}

# The module copies these two policies of AWS's into the role.
resource "aws_iam_role_policy_attachment" "vpc" {
  only_if = local.makes_role && var.attach_network_policy

  role       = local.role.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  only_if = local.makes_role && var.attach_tracing_policy

  role       = local.role.name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "additional_json" {
  only_if = local.makes_role && var.attach_policy_json

  role   = local.role.name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "additional_jsons" {
  only_if = local.makes_role && var.attach_policy_jsons
  count   = var.number_of_policy_jsons

  role   = local.role.name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  only_if = local.makes_role && var.attach_policy

  role       = local.role.name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  only_if = local.makes_role && var.attach_policies
  count   = var.number_of_policies

  role       = local.role.name
  policy_arn = var.policies[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  only_if = local.makes_role && var.attach_policy_statements

  dynamic "statement" { # a list or a map of them
    for_each = var.policy_statements
    iterator = given
    content {
      effect        = lookup(given.value, "effect", null)
      actions       = lookup(given.value, "actions", null)
      resources     = lookup(given.value, "resources", null)
      not_actions   = lookup(given.value, "not_actions", null)
      not_resources = lookup(given.value, "not_resources", null)

      dynamic "condition" { # likewise
        for_each = lookup(given.value, "condition", [])
        iterator = only
        content {
          variable = only.value.variable
          test     = only.value.test
          values   = only.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "additional_inline" {
  only_if = local.makes_role && var.attach_policy_statements

  role   = local.role.name
  policy = one(data.aws_iam_policy_document.additional_inline).json
}

# --- outputs --------------------------------------------------------------------------------------------------------------------------

output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_qualified_invoke_arn" { value = try(aws_lambda_function.this[0].qualified_invoke_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_function_url_id" { value = try(aws_lambda_function_url.this[0].url_id, "") }
output "lambda_event_source_mapping_function_arn" { value = { for name, mapping in aws_lambda_event_source_mapping.this : name => mapping.function_arn } }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_function_arn_static" {
  value = local.makes_function ? "arn:aws:lambda:*:*:function:${var.function_name}" : ""
}
