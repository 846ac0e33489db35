# cloudposse/dynamic-subnets/aws: main.tf, public.tf, private.tf, nat-gateway.tf, nat-instance.tf, variables.tf and outputs.tf, read at 3.1.0
# (2026-01-07) and compared with 0.16.1, 0.39.8, 1.0.0, 2.0.4 and 2.4.2. Since 2.0.0 (2022-05) `nat_gateway_enabled` is null by default:
# NAT gateways unless NAT instances are asked for. Before, it was true. Whether anything is made is decided as by cloudposse/label/null.

variable "module_major" {}
variable "context" { default = {} }
variable "enabled" { default = null }
variable "tags" { default = {} }
variable "vpc_id" {}
variable "igw_id" { default = [] }
variable "ipv4_enabled" { default = true }
variable "ipv6_enabled" { default = false }
variable "ipv6_egress_only_igw_id" { default = [] }
variable "availability_zones" { default = [] }
variable "availability_zone_ids" { default = [] }
variable "max_subnet_count" { default = 0 }
variable "max_nats" { default = 999 }
variable "subnets_per_az_count" { default = 1 }
variable "public_subnets_per_az_count" { default = null }
variable "private_subnets_per_az_count" { default = null }
variable "public_subnets_enabled" { default = true }
variable "private_subnets_enabled" { default = true }
variable "public_route_table_enabled" { default = true }
variable "public_route_table_ids" { default = [] }
variable "public_route_table_per_subnet_enabled" { default = null }
variable "private_route_table_enabled" { default = true }
variable "nat_gateway_enabled" { default = null }
variable "nat_instance_enabled" { default = null }
variable "nat_elastic_ips" { default = [] }
variable "nat_gateway_public_subnet_indices" { default = [0] }

data "aws_availability_zones" "default" {
  state = "available"
}

locals {
  is_enabled    = coalesce(var.enabled, try(var.context.enabled, null), true)
  all_zones     = length(var.availability_zone_ids) > 0 ? var.availability_zone_ids : length(var.availability_zones) > 0 ? var.availability_zones : data.aws_availability_zones.default.names
  zones         = var.module_major < 2 || var.max_subnet_count == 0 ? local.all_zones : slice(local.all_zones, 0, min(var.max_subnet_count, length(local.all_zones)))
  per_public    = coalesce(var.public_subnets_per_az_count, var.subnets_per_az_count)
  per_private   = coalesce(var.private_subnets_per_az_count, var.subnets_per_az_count)
  public_zones  = flatten([for zone in local.zones : [for number in range(local.per_public) : zone]])
  private_zones = flatten([for zone in local.zones : [for number in range(local.per_private) : zone]])
  has_public    = local.is_enabled && var.public_subnets_enabled
  has_private   = local.is_enabled && var.private_subnets_enabled
  makes_tables  = local.has_public && var.public_route_table_enabled && length(var.public_route_table_ids) == 0
  public_tables = var.public_route_table_per_subnet_enabled == true ? length(local.public_zones) : 1
  gateway       = try(var.igw_id[0], var.igw_id)
  has_gateway   = length(var.igw_id) > 0

  wants_gateways    = var.nat_instance_enabled == true ? (var.nat_gateway_enabled == null ? var.module_major < 2 : var.nat_gateway_enabled) : var.nat_gateway_enabled != false
  has_nat_gateways  = local.has_private && var.ipv4_enabled && local.wants_gateways
  has_nat_instances = local.has_private && var.ipv4_enabled && !local.wants_gateways && var.nat_instance_enabled == true
  nats              = flatten([for at in range(min(length(local.zones), var.max_nats)) : [for number in var.nat_gateway_public_subnet_indices : at * local.per_public + number]])
  nat_of_private    = flatten([for at in range(length(local.zones)) : [for number in range(local.per_private) : at]])
}

resource "aws_subnet" "public" {
  only_if = local.has_public
  count   = length(local.public_zones)

  vpc_id            = var.vpc_id
  availability_zone = element(local.public_zones, count.index)
  tags              = merge(try(var.context.tags, {}), var.tags)
}

resource "aws_subnet" "private" {
  only_if = local.has_private
  count   = length(local.private_zones)

  vpc_id            = var.vpc_id
  availability_zone = element(local.private_zones, count.index)
  tags              = merge(try(var.context.tags, {}), var.tags)
}

resource "aws_route_table" "public" {
  only_if = local.makes_tables
  count   = local.public_tables

  vpc_id = var.vpc_id
}

resource "aws_route_table" "private" {
  only_if = local.has_private && var.private_route_table_enabled
  count   = length(local.private_zones)

  vpc_id = var.vpc_id
}

resource "aws_route_table_association" "public" {
  only_if = local.has_public && var.public_route_table_enabled
  count   = length(local.public_zones)

  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = element(local.makes_tables ? aws_route_table.public[*].id : var.public_route_table_ids, count.index)
}

resource "aws_route_table_association" "private" {
  only_if = local.has_private && var.private_route_table_enabled
  count   = length(local.private_zones)

  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, count.index)
}

resource "aws_route" "public" {
  only_if = local.has_public && var.ipv4_enabled && local.has_gateway
  count   = local.makes_tables ? local.public_tables : length(var.public_route_table_ids)

  route_table_id         = element(local.makes_tables ? aws_route_table.public[*].id : var.public_route_table_ids, count.index)
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = local.gateway
}

resource "aws_route" "public6" {
  only_if = local.has_public && var.ipv6_enabled && local.has_gateway
  count   = local.makes_tables ? local.public_tables : length(var.public_route_table_ids)

  route_table_id              = element(local.makes_tables ? aws_route_table.public[*].id : var.public_route_table_ids, count.index)
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = local.gateway
}

resource "aws_route" "private6" {
  only_if = local.has_private && var.ipv6_enabled && length(var.ipv6_egress_only_igw_id) > 0 && var.private_route_table_enabled
  count   = length(local.private_zones)

  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = var.ipv6_egress_only_igw_id[0]
}

resource "aws_eip" "default" {
  only_if = (local.has_nat_gateways || local.has_nat_instances) && length(var.nat_elastic_ips) == 0
  count   = length(local.nats)

  domain = "vpc"
  tags   = merge(try(var.context.tags, {}), var.tags)
}

data "aws_eip" "nat" {
  count = length(var.nat_elastic_ips)

  public_ip = var.nat_elastic_ips[count.index]
}

resource "aws_nat_gateway" "default" {
  only_if = local.has_nat_gateways
  count   = length(local.nats)

  allocation_id = element(length(var.nat_elastic_ips) == 0 ? aws_eip.default[*].id : data.aws_eip.nat[*].id, count.index)
  subnet_id     = element(aws_subnet.public[*].id, local.nats[count.index])
  tags          = merge(try(var.context.tags, {}), var.tags)
}

resource "aws_route" "nat4" {
  only_if = local.has_nat_gateways && var.private_route_table_enabled
  count   = length(local.private_zones)

  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.default[*].id, local.nat_of_private[count.index])
}

resource "aws_instance" "nat_instance" {
  only_if = local.has_nat_instances
  count   = length(local.nats)

  subnet_id                   = element(aws_subnet.public[*].id, local.nats[count.index])
  source_dest_check           = false
  associate_public_ip_address = true
}

resource "aws_eip_association" "nat_instance" {
  only_if = local.has_nat_instances
  count   = length(local.nats)

  instance_id   = aws_instance.nat_instance[count.index].id
  allocation_id = element(length(var.nat_elastic_ips) == 0 ? aws_eip.default[*].id : data.aws_eip.nat[*].id, count.index)
}

resource "aws_route" "nat_instance" {
  only_if = local.has_nat_instances && var.private_route_table_enabled
  count   = length(local.private_zones)

  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = element(aws_instance.nat_instance[*].primary_network_interface_id, local.nat_of_private[count.index])
}

output "public_subnet_ids" { value = aws_subnet.public[*].id }
output "private_subnet_ids" { value = aws_subnet.private[*].id }
output "public_subnet_arns" { value = aws_subnet.public[*].arn }
output "private_subnet_arns" { value = aws_subnet.private[*].arn }
output "public_route_table_ids" { value = aws_route_table.public[*].id }
output "private_route_table_ids" { value = aws_route_table.private[*].id }
output "nat_gateway_ids" { value = aws_nat_gateway.default[*].id }
output "nat_instance_ids" { value = aws_instance.nat_instance[*].id }
output "nat_ips" { value = length(var.nat_elastic_ips) == 0 ? aws_eip.default[*].public_ip : var.nat_elastic_ips }
output "nat_eip_allocation_ids" { value = length(var.nat_elastic_ips) == 0 ? aws_eip.default[*].id : data.aws_eip.nat[*].id }
