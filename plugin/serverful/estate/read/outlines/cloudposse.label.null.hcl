# cloudposse/label/null: main.tf, variables.tf and outputs.tf, read at 0.25.0 (2021-08-25). It makes nothing: it hands on
# whether others do, and what they are called. `id` and `tags` hang on more settings than anything here asks about, so they are left out.

variable "context" { default = {} }
variable "enabled" { default = null }
variable "namespace" { default = null }
variable "tenant" { default = null }
variable "environment" { default = null }
variable "stage" { default = null }
variable "name" { default = null }
variable "attributes" { default = [] }
variable "tags" { default = {} }

locals {
  is_enabled  = coalesce(var.enabled, try(var.context.enabled, null), true)
  namespace   = var.namespace == null ? try(var.context.namespace, null) : var.namespace
  tenant      = var.tenant == null ? try(var.context.tenant, null) : var.tenant
  environment = var.environment == null ? try(var.context.environment, null) : var.environment
  stage       = var.stage == null ? try(var.context.stage, null) : var.stage
  name        = var.name == null ? try(var.context.name, null) : var.name
}

output "enabled" { value = local.is_enabled }
output "context" {
  value = {
    enabled     = local.is_enabled
    namespace   = local.namespace
    tenant      = local.tenant
    environment = local.environment
    stage       = local.stage
    name        = local.name
    attributes  = concat(try(var.context.attributes, []), var.attributes)
    tags        = merge(try(var.context.tags, {}), var.tags)
  }
}
