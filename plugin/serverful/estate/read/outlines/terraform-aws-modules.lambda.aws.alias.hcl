# terraform-aws-modules/lambda/aws//modules/alias: main.tf, variables.tf and outputs.tf, read at 8.8.1 (2026-06-19).

variable "create" { default = true }
variable "use_existing_alias" { default = false }
variable "refresh_alias" { default = true }
variable "name" { default = "" }
variable "function_name" { default = "" }
variable "function_version" { default = "" }
variable "create_async_event_config" { default = false }
variable "create_version_async_event_config" { default = true }
variable "create_qualified_alias_async_event_config" { default = true }
variable "create_version_allowed_triggers" { default = true }
variable "create_qualified_alias_allowed_triggers" { default = true }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }

locals {
  version   = try(data.aws_lambda_alias.existing[0].function_version, aws_lambda_alias.with_refresh[0].function_version, aws_lambda_alias.no_refresh[0].function_version, "")
  alias_arn = try(data.aws_lambda_alias.existing[0].arn, aws_lambda_alias.no_refresh[0].arn, aws_lambda_alias.with_refresh[0].arn, "")
}

data "aws_lambda_alias" "existing" {
  only_if = var.create && var.use_existing_alias

  function_name = var.function_name
  name          = var.name
}

resource "aws_lambda_alias" "no_refresh" {
  only_if = var.create && !var.use_existing_alias && !var.refresh_alias

  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version != "" ? var.function_version : "$LATEST"
}

resource "aws_lambda_alias" "with_refresh" {
  only_if = var.create && !var.use_existing_alias && var.refresh_alias

  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version != "" ? var.function_version : "$LATEST"
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = toset([for name in ["version", "qualified_alias"] : name if var.create && var.create_async_event_config && (
    name == "version" ? var.create_version_async_event_config : var.create_qualified_alias_async_event_config
  )])

  function_name = var.function_name
  qualifier     = each.key == "version" ? local.version : var.name

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

resource "aws_lambda_permission" "version_triggers" {
  for_each = { for name, trigger in var.allowed_triggers : name => trigger if var.create && var.create_version_allowed_triggers }

  function_name    = var.function_name
  qualifier        = local.version != "$LATEST" ? local.version : null
  action           = try(each.value.action, "lambda:InvokeFunction")
  principal        = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  principal_org_id = try(each.value.principal_org_id, null)
  source_arn       = try(each.value.source_arn, null)
  source_account   = try(each.value.source_account, null)
}

resource "aws_lambda_permission" "qualified_alias_triggers" {
  for_each = { for name, trigger in var.allowed_triggers : name => trigger if var.create && var.create_qualified_alias_allowed_triggers }

  function_name    = var.function_name
  qualifier        = var.name
  action           = try(each.value.action, "lambda:InvokeFunction")
  principal        = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  principal_org_id = try(each.value.principal_org_id, null)
  source_arn       = try(each.value.source_arn, null)
  source_account   = try(each.value.source_account, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = { for name, mapping in var.event_source_mapping : name => mapping if var.create }

  function_name     = local.alias_arn
  event_source_arn  = try(each.value.event_source_arn, null)
  enabled           = try(each.value.enabled, null)
  batch_size        = try(each.value.batch_size, null)
  starting_position = try(each.value.starting_position, null)
  queues            = try(each.value.queues, null)
  topics            = try(each.value.topics, null)

  dynamic "self_managed_event_source" {
    for_each = try(each.value.self_managed_event_source, [])
    content {
      endpoints = self_managed_event_source.value.endpoints
    }
  }

  dynamic "source_access_configuration" {
    for_each = try(each.value.source_access_configuration, [])
    content {
      type = source_access_configuration.value.type
      uri  = source_access_configuration.value.uri
    }
  }
}

output "lambda_alias_name" { value = try(data.aws_lambda_alias.existing[0].name, aws_lambda_alias.with_refresh[0].name, aws_lambda_alias.no_refresh[0].name, "") }
output "lambda_alias_arn" { value = try(data.aws_lambda_alias.existing[0].arn, aws_lambda_alias.with_refresh[0].arn, aws_lambda_alias.no_refresh[0].arn, "") }
output "lambda_alias_invoke_arn" { value = try(data.aws_lambda_alias.existing[0].invoke_arn, aws_lambda_alias.with_refresh[0].invoke_arn, aws_lambda_alias.no_refresh[0].invoke_arn, "") }
output "lambda_alias_function_version" { value = local.version }
output "lambda_alias_event_source_mapping_function_arn" { value = { for name, mapping in aws_lambda_event_source_mapping.this : name => mapping.function_arn } }
