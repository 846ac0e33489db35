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
  alias        = one(concat(data.aws_lambda_alias.existing, aws_lambda_alias.with_refresh, aws_lambda_alias.no_refresh))
  version      = try(local.alias.function_version, "")
  makes_alias  = var.create && !var.use_existing_alias
  triggers     = var.create ? var.allowed_triggers : {}
  destinations = var.create && var.create_async_event_config ? merge(
    var.create_version_async_event_config ? { version = local.version } : {},
    var.create_qualified_alias_async_event_config ? { qualified_alias = var.name } : {},
  ) : {}
}

data "aws_lambda_alias" "existing" {
  only_if = var.create && var.use_existing_alias

  name          = var.name
  function_name = var.function_name
}

resource "aws_lambda_alias" "no_refresh" {
  only_if = local.makes_alias && !var.refresh_alias

  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version == "" ? "$LATEST" : var.function_version
}

resource "aws_lambda_alias" "with_refresh" {
  only_if = local.makes_alias && var.refresh_alias

  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version == "" ? "$LATEST" : var.function_version
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = local.destinations

  function_name = var.function_name
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

resource "aws_lambda_permission" "version_triggers" {
  for_each = var.create_version_allowed_triggers ? local.triggers : {}

  source_arn             = lookup(each.value, "source_arn", null)
  source_account         = lookup(each.value, "source_account", null)
  principal_org_id       = lookup(each.value, "principal_org_id", null)
  event_source_token     = lookup(each.value, "event_source_token", null)
  function_url_auth_type = lookup(each.value, "function_url_auth_type", null)

  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  action        = lookup(each.value, "action", null)
  function_name = var.function_name
  qualifier     = local.version == "$LATEST" ? null : local.version
}

resource "aws_lambda_permission" "qualified_alias_triggers" {
  for_each = var.create_qualified_alias_allowed_triggers ? local.triggers : {}

  source_arn             = lookup(each.value, "source_arn", null)
  source_account         = lookup(each.value, "source_account", null)
  principal_org_id       = lookup(each.value, "principal_org_id", null)
  event_source_token     = lookup(each.value, "event_source_token", null)
  function_url_auth_type = lookup(each.value, "function_url_auth_type", null)

  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  action        = lookup(each.value, "action", null)
  function_name = var.function_name
  qualifier     = var.name
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = var.create ? var.event_source_mapping : {}

  function_name    = try(local.alias.arn, "")
  event_source_arn = lookup(each.value, "event_source_arn", null)
  queues           = lookup(each.value, "queues", null)
  topics           = lookup(each.value, "topics", null)

  self_managed_event_source   = [for given in lookup(each.value, "self_managed_event_source", []) : given]
  source_access_configuration = [for given in lookup(each.value, "source_access_configuration", []) : given]
}

output "lambda_alias_name" { value = try(local.alias.name, "") }
output "lambda_alias_arn" { value = try(local.alias.arn, "") }
output "lambda_alias_invoke_arn" { value = try(local.alias.invoke_arn, "") }
output "lambda_alias_function_version" { value = local.version }
output "lambda_alias_event_source_mapping_function_arn" { value = { for name, mapping in aws_lambda_event_source_mapping.this : name => mapping.function_arn } }
