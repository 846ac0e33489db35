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
  endpoints = { for name, endpoint in var.endpoints : name => endpoint if try(endpoint.create, true) }
  groups    = var.create && var.create_security_group ? concat(var.security_group_ids, [aws_security_group.this[0].id]) : var.security_group_ids
}

resource "aws_vpc_endpoint" "this" {
  only_if  = var.create
  for_each = local.endpoints

  vpc_id             = var.vpc_id
  service_name       = try(each.value.service_endpoint, "com.amazonaws.REGION.${each.value.service}", each.value.service_name)
  vpc_endpoint_type  = try(each.value.service_type, "Interface")
  security_group_ids = try(each.value.service_type, "Interface") == "Interface" ? distinct(concat(local.groups, try(each.value.security_group_ids, []))) : null
  subnet_ids         = try(each.value.service_type, "Interface") == "Interface" ? distinct(concat(var.subnet_ids, try(each.value.subnet_ids, []))) : null
  route_table_ids    = try(each.value.service_type, "Interface") == "Gateway" ? try(each.value.route_table_ids, null) : null
  policy             = try(each.value.policy, null)
  tags               = merge(var.tags, try(each.value.tags, {}))

  private_dns_enabled = try(each.value.service_type, "Interface") == "Interface" ? try(each.value.private_dns_enabled, null) : null
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
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, 443)
  to_port                  = try(each.value.to_port, 443)
  type                     = try(each.value.type, "ingress")
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

output "endpoints" { value = aws_vpc_endpoint.this }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
