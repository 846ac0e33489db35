# terraform-aws-modules/vpc/aws//modules/vpc-endpoints: main.tf, variables.tf and outputs.tf, read at 6.6.0 (2026-01-08) and compared with
# 3.19.0.

variable "create" { default = true }
variable "vpc_id" { default = null }
variable "endpoints" { default = {} }
variable "subnet_ids" { default = [] }
variable "security_group_ids" { default = [] }
variable "tags" { default = {} }
variable "create_security_group" { default = false }
variable "security_group_name" { default = null }
variable "security_group_description" { default = null }
variable "security_group_rules" { default = {} }

locals {
  groups = concat(var.security_group_ids, aws_security_group.this[*].id)
  wanted = { for name, endpoint in var.endpoints : name => endpoint if lookup(endpoint, "create", true) }
  kinds  = { for name, endpoint in local.wanted : name => lookup(endpoint, "service_type", "Interface") }
}

resource "aws_vpc_endpoint" "this" {
  only_if  = var.create
  for_each = local.wanted

  vpc_id              = var.vpc_id
  vpc_endpoint_type   = local.kinds[each.key]
  service_name        = try(each.value.service_endpoint, "com.amazonaws.REGION.${each.value.service}", each.value.service_name)
  subnet_ids          = local.kinds[each.key] == "Interface" ? concat(var.subnet_ids, lookup(each.value, "subnet_ids", [])) : null
  security_group_ids  = local.kinds[each.key] == "Interface" ? concat(local.groups, lookup(each.value, "security_group_ids", [])) : null
  route_table_ids     = local.kinds[each.key] == "Gateway" ? lookup(each.value, "route_table_ids", null) : null
  private_dns_enabled = local.kinds[each.key] == "Interface" ? lookup(each.value, "private_dns_enabled", null) : null
  policy              = lookup(each.value, "policy", null)
  tags                = merge(var.tags, lookup(each.value, "tags", {}))
}

resource "aws_security_group" "this" {
  only_if = var.create && var.create_security_group

  name        = var.security_group_name
  description = var.security_group_description
  vpc_id      = var.vpc_id
}

resource "aws_security_group_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if var.create && var.create_security_group }

  security_group_id        = aws_security_group.this[0].id
  type                     = lookup(each.value, "type", "ingress")
  protocol                 = lookup(each.value, "protocol", "tcp")
  from_port                = lookup(each.value, "from_port", 443)
  to_port                  = lookup(each.value, "to_port", 443)
  self                     = lookup(each.value, "self", null)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

output "endpoints" { value = aws_vpc_endpoint.this }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
