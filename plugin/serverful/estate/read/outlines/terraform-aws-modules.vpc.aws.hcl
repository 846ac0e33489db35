# terraform-aws-modules/vpc/aws: main.tf, variables.tf and outputs.tf, read at 6.6.0 (2026-01-08) and compared with 1.73.0, 2.78.0, 3.19.0,
# 4.0.2 and 5.21.0: since 4.0.0 (2023-03) the default security group is taken over, without rules, unless told otherwise.

variable "module_major" {}
variable "create_vpc" { default = true }
variable "name" { default = "" }
variable "cidr" { default = "10.0.0.0/16" }
variable "azs" { default = [] }
variable "tags" { default = {} }
variable "vpc_tags" { default = {} }
variable "create_igw" { default = true }
variable "create_egress_only_igw" { default = true }
variable "enable_ipv6" { default = false }
variable "enable_nat_gateway" { default = false }
variable "single_nat_gateway" { default = false }
variable "one_nat_gateway_per_az" { default = false }
variable "reuse_nat_ips" { default = false }
variable "external_nat_ip_ids" { default = [] }
variable "nat_gateway_destination_cidr_block" { default = "0.0.0.0/0" }
variable "nat_gateway_tags" { default = {} }
variable "nat_eip_tags" { default = {} }
variable "create_private_nat_gateway_route" { default = true }
variable "create_multiple_public_route_tables" { default = false }
variable "create_multiple_intra_route_tables" { default = false }
variable "create_database_subnet_route_table" { default = false }
variable "create_database_internet_gateway_route" { default = false }
variable "create_database_nat_gateway_route" { default = false }
variable "create_redshift_subnet_route_table" { default = false }
variable "enable_public_redshift" { default = false }
variable "create_elasticache_subnet_route_table" { default = false }
variable "enable_vpn_gateway" { default = false }
variable "vpn_gateway_id" { default = "" }
variable "propagate_public_route_tables_vgw" { default = false }
variable "propagate_private_route_tables_vgw" { default = false }
variable "propagate_intra_route_tables_vgw" { default = false }
variable "manage_default_security_group" { default = null }
variable "default_security_group_ingress" { default = [] }
variable "default_security_group_egress" { default = [] }
variable "external_nat_ips" { default = [] }
variable "public_subnets" { default = [] }
variable "public_subnet_tags" { default = {} }
variable "private_subnets" { default = [] }
variable "private_subnet_tags" { default = {} }
variable "database_subnets" { default = [] }
variable "database_subnet_tags" { default = {} }
variable "redshift_subnets" { default = [] }
variable "redshift_subnet_tags" { default = {} }
variable "elasticache_subnets" { default = [] }
variable "elasticache_subnet_tags" { default = {} }
variable "intra_subnets" { default = [] }
variable "intra_subnet_tags" { default = {} }
variable "outpost_subnets" { default = [] }
variable "outpost_subnet_tags" { default = {} }

locals {
  vpc_id                 = aws_vpc.this[0].id
  longest                = max(length(var.private_subnets), length(var.public_subnets), length(var.elasticache_subnets), length(var.database_subnets), length(var.redshift_subnets))
  nat_gateways           = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.longest
  public_tables          = var.create_multiple_public_route_tables ? length(var.public_subnets) : 1
  intra_tables           = var.create_multiple_intra_route_tables ? length(var.intra_subnets) : 1
  database_has_tables    = var.create_vpc && length(var.database_subnets) > 0 && var.create_database_subnet_route_table
  redshift_has_table     = var.create_vpc && length(var.redshift_subnets) > 0 && var.create_redshift_subnet_route_table
  elasticache_has_table  = var.create_vpc && length(var.elasticache_subnets) > 0 && var.create_elasticache_subnet_route_table
  takes_default_group    = var.manage_default_security_group == null ? var.module_major >= 4 : var.manage_default_security_group
  has_vpn_gateway        = var.enable_vpn_gateway || var.vpn_gateway_id != ""
  vpn_gateway            = var.enable_vpn_gateway ? aws_vpn_gateway.this[0].id : var.vpn_gateway_id
}

resource "aws_vpc" "this" {
  only_if = var.create_vpc

  cidr_block                       = var.cidr
  assign_generated_ipv6_cidr_block = var.enable_ipv6
  tags                             = merge(var.tags, var.vpc_tags)
}

# --- subnets --------------------------------------------------------------------------------------------------------------------------

resource "aws_subnet" "public" {
  only_if = var.create_vpc
  count   = !var.one_nat_gateway_per_az || length(var.public_subnets) >= length(var.azs) ? length(var.public_subnets) : 0

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.public_subnets[count.index]
  tags              = merge(var.tags, var.public_subnet_tags)
}

resource "aws_subnet" "private" {
  only_if = var.create_vpc
  count   = length(var.private_subnets)

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.private_subnets[count.index]
  tags              = merge(var.tags, var.private_subnet_tags)
}

resource "aws_subnet" "database" {
  only_if = var.create_vpc
  count   = length(var.database_subnets)

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.database_subnets[count.index]
  tags              = merge(var.tags, var.database_subnet_tags)
}

resource "aws_subnet" "redshift" {
  only_if = var.create_vpc
  count   = length(var.redshift_subnets)

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.redshift_subnets[count.index]
  tags              = merge(var.tags, var.redshift_subnet_tags)
}

resource "aws_subnet" "elasticache" {
  only_if = var.create_vpc
  count   = length(var.elasticache_subnets)

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.elasticache_subnets[count.index]
  tags              = merge(var.tags, var.elasticache_subnet_tags)
}

resource "aws_subnet" "intra" {
  only_if = var.create_vpc
  count   = length(var.intra_subnets)

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.intra_subnets[count.index]
  tags              = merge(var.tags, var.intra_subnet_tags)
}

resource "aws_subnet" "outpost" {
  only_if = var.create_vpc
  count   = length(var.outpost_subnets)

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.outpost_subnets[count.index]
  tags              = merge(var.tags, var.outpost_subnet_tags)
}

# --- route tables ----------------------------------------------------------------------------------------------------------------------

resource "aws_route_table" "public" {
  only_if = var.create_vpc && length(var.public_subnets) > 0
  count   = local.public_tables

  vpc_id = local.vpc_id
}

resource "aws_route_table" "private" {
  only_if = var.create_vpc && length(var.private_subnets) > 0
  count   = local.nat_gateways

  vpc_id = local.vpc_id
}

resource "aws_route_table" "intra" {
  only_if = var.create_vpc && length(var.intra_subnets) > 0
  count   = local.intra_tables

  vpc_id = local.vpc_id
}

resource "aws_route_table" "database" {
  only_if = local.database_has_tables
  count   = var.single_nat_gateway || var.create_database_internet_gateway_route ? 1 : length(var.database_subnets)

  vpc_id = local.vpc_id
}

resource "aws_route_table" "redshift" {
  only_if = local.redshift_has_table

  vpc_id = local.vpc_id
}

resource "aws_route_table" "elasticache" {
  only_if = local.elasticache_has_table

  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "public" {
  only_if = var.create_vpc
  count   = length(var.public_subnets)

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public[local.public_tables > 1 ? count.index : 0].id
}

resource "aws_route_table_association" "private" {
  only_if = var.create_vpc
  count   = length(var.private_subnets)

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table_association" "intra" {
  only_if = var.create_vpc
  count   = length(var.intra_subnets)

  subnet_id      = aws_subnet.intra[count.index].id
  route_table_id = aws_route_table.intra[local.intra_tables > 1 ? count.index : 0].id
}

resource "aws_route_table_association" "database" {
  only_if = var.create_vpc
  count   = length(var.database_subnets)

  subnet_id      = aws_subnet.database[count.index].id
  route_table_id = element(local.database_has_tables ? aws_route_table.database[*].id : aws_route_table.private[*].id, local.database_has_tables && (var.single_nat_gateway || var.create_database_internet_gateway_route) ? 0 : count.index)
}

resource "aws_route_table_association" "redshift" {
  only_if = var.create_vpc && !var.enable_public_redshift
  count   = length(var.redshift_subnets)

  subnet_id      = aws_subnet.redshift[count.index].id
  route_table_id = element(local.redshift_has_table ? aws_route_table.redshift[*].id : aws_route_table.private[*].id, var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index)
}

resource "aws_route_table_association" "redshift_public" {
  only_if = var.create_vpc && var.enable_public_redshift
  count   = length(var.redshift_subnets)

  subnet_id      = aws_subnet.redshift[count.index].id
  route_table_id = element(local.redshift_has_table ? aws_route_table.redshift[*].id : aws_route_table.public[*].id, var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index)
}

resource "aws_route_table_association" "elasticache" {
  only_if = var.create_vpc
  count   = length(var.elasticache_subnets)

  subnet_id      = aws_subnet.elasticache[count.index].id
  route_table_id = element(local.elasticache_has_table ? aws_route_table.elasticache[*].id : aws_route_table.private[*].id, var.single_nat_gateway || var.create_elasticache_subnet_route_table ? 0 : count.index)
}

resource "aws_route_table_association" "outpost" {
  only_if = var.create_vpc
  count   = length(var.outpost_subnets)

  subnet_id      = aws_subnet.outpost[count.index].id
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

# --- gateways -------------------------------------------------------------------------------------------------------------------------

resource "aws_internet_gateway" "this" {
  only_if = var.create_vpc && length(var.public_subnets) > 0 && var.create_igw

  vpc_id = local.vpc_id
}

resource "aws_egress_only_internet_gateway" "this" {
  only_if = var.create_vpc && var.create_egress_only_igw && var.enable_ipv6 && local.longest > 0

  vpc_id = local.vpc_id
}

resource "aws_vpn_gateway" "this" {
  only_if = var.create_vpc && var.enable_vpn_gateway

  vpc_id = local.vpc_id
}

resource "aws_eip" "nat" {
  only_if = var.create_vpc && var.enable_nat_gateway && !var.reuse_nat_ips
  count   = local.nat_gateways

  domain = "vpc"
  tags   = merge({ Name = "${var.name}-${element(var.azs, var.single_nat_gateway ? 0 : count.index)}" }, var.tags, var.nat_eip_tags)
}

resource "aws_nat_gateway" "this" {
  only_if = var.create_vpc && var.enable_nat_gateway
  count   = local.nat_gateways

  allocation_id = element(var.reuse_nat_ips ? var.external_nat_ip_ids : aws_eip.nat[*].id, var.single_nat_gateway ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
  tags          = merge({ Name = "${var.name}-${element(var.azs, var.single_nat_gateway ? 0 : count.index)}" }, var.tags, var.nat_gateway_tags)
}

resource "aws_route" "public_internet_gateway" {
  only_if = var.create_vpc && length(var.public_subnets) > 0 && var.create_igw
  count   = local.public_tables

  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "public_internet_gateway_ipv6" {
  only_if = var.create_vpc && length(var.public_subnets) > 0 && var.create_igw && var.enable_ipv6
  count   = local.public_tables

  route_table_id              = aws_route_table.public[count.index].id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this[0].id
}

resource "aws_route" "private_nat_gateway" {
  only_if = var.create_vpc && var.enable_nat_gateway && var.create_private_nat_gateway_route
  count   = local.nat_gateways

  route_table_id         = aws_route_table.private[count.index].id
  nat_gateway_id         = aws_nat_gateway.this[count.index].id
  destination_cidr_block = var.nat_gateway_destination_cidr_block
}

resource "aws_route" "private_ipv6_egress" {
  only_if = var.create_vpc && var.create_egress_only_igw && var.enable_ipv6 && length(var.private_subnets) > 0
  count   = local.nat_gateways

  route_table_id              = aws_route_table.private[count.index].id
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this[0].id
  destination_ipv6_cidr_block = "::/0"
}

resource "aws_route" "database_internet_gateway" {
  only_if = local.database_has_tables && var.create_igw && var.create_database_internet_gateway_route && !var.create_database_nat_gateway_route

  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "database_nat_gateway" {
  only_if = local.database_has_tables && !var.create_database_internet_gateway_route && var.create_database_nat_gateway_route && var.enable_nat_gateway
  count   = var.single_nat_gateway ? 1 : length(var.database_subnets)

  route_table_id         = aws_route_table.database[count.index].id
  nat_gateway_id         = aws_nat_gateway.this[count.index % local.nat_gateways].id
  destination_cidr_block = "0.0.0.0/0"
}

resource "aws_route" "database_ipv6_egress" {
  only_if = local.database_has_tables && var.create_egress_only_igw && var.enable_ipv6 && var.create_database_internet_gateway_route

  route_table_id              = aws_route_table.database[0].id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this[0].id
}

resource "aws_vpn_gateway_route_propagation" "public" {
  only_if = var.create_vpc && var.propagate_public_route_tables_vgw && local.has_vpn_gateway

  route_table_id = aws_route_table.public[0].id
  vpn_gateway_id = local.vpn_gateway
}

resource "aws_vpn_gateway_route_propagation" "private" {
  only_if = var.create_vpc && var.propagate_private_route_tables_vgw && local.has_vpn_gateway
  count   = length(var.private_subnets)

  route_table_id = aws_route_table.private[count.index % local.nat_gateways].id
  vpn_gateway_id = local.vpn_gateway
}

resource "aws_vpn_gateway_route_propagation" "intra" {
  only_if = var.create_vpc && var.propagate_intra_route_tables_vgw && local.has_vpn_gateway
  count   = length(var.intra_subnets)

  route_table_id = aws_route_table.intra[local.intra_tables > 1 ? count.index : 0].id
  vpn_gateway_id = local.vpn_gateway
}

resource "aws_default_security_group" "this" {
  only_if = var.create_vpc && local.takes_default_group

  vpc_id = local.vpc_id

  dynamic "ingress" {
    for_each = var.default_security_group_ingress
    iterator = rule
    content {
      protocol         = lookup(rule.value, "protocol", "-1")
      from_port        = lookup(rule.value, "from_port", 0)
      to_port          = lookup(rule.value, "to_port", 0)
      self             = lookup(rule.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(rule.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(rule.value, "ipv6_cidr_blocks", "")))
      security_groups  = compact(split(",", lookup(rule.value, "security_groups", "")))
      prefix_list_ids  = compact(split(",", lookup(rule.value, "prefix_list_ids", "")))
    }
  }

  dynamic "egress" {
    for_each = var.default_security_group_egress
    iterator = rule
    content {
      protocol         = lookup(rule.value, "protocol", "-1")
      from_port        = lookup(rule.value, "from_port", 0)
      to_port          = lookup(rule.value, "to_port", 0)
      self             = lookup(rule.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(rule.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(rule.value, "ipv6_cidr_blocks", "")))
      security_groups  = compact(split(",", lookup(rule.value, "security_groups", "")))
      prefix_list_ids  = compact(split(",", lookup(rule.value, "prefix_list_ids", "")))
    }
  }
}

# --- outputs --------------------------------------------------------------------------------------------------------------------------

output "vpc_id" { value = try(aws_vpc.this[0].id, null) }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = try(aws_vpc.this[0].cidr_block, null) }
output "default_security_group_id" { value = try(aws_vpc.this[0].default_security_group_id, null) }
output "vpc_main_route_table_id" { value = try(aws_vpc.this[0].main_route_table_id, null) }
output "default_route_table_id" { value = try(aws_vpc.this[0].default_route_table_id, null) }
output "igw_id" { value = try(aws_internet_gateway.this[0].id, null) }
output "egress_only_internet_gateway_id" { value = try(aws_egress_only_internet_gateway.this[0].id, null) }
output "vgw_id" { value = try(aws_vpn_gateway.this[0].id, null) }
output "nat_ids" { value = aws_eip.nat[*].id }
output "nat_public_ips" { value = var.reuse_nat_ips ? var.external_nat_ips : aws_eip.nat[*].public_ip }
output "natgw_ids" { value = aws_nat_gateway.this[*].id }
output "azs" { value = var.azs }
output "public_subnets" { value = aws_subnet.public[*].id }
output "public_subnet_arns" { value = aws_subnet.public[*].arn }
output "public_subnets_cidr_blocks" { value = aws_subnet.public[*].cidr_block }
output "private_subnets" { value = aws_subnet.private[*].id }
output "private_subnet_arns" { value = aws_subnet.private[*].arn }
output "private_subnets_cidr_blocks" { value = aws_subnet.private[*].cidr_block }
output "database_subnets" { value = aws_subnet.database[*].id }
output "database_subnet_arns" { value = aws_subnet.database[*].arn }
output "database_subnets_cidr_blocks" { value = aws_subnet.database[*].cidr_block }
output "redshift_subnets" { value = aws_subnet.redshift[*].id }
output "redshift_subnet_arns" { value = aws_subnet.redshift[*].arn }
output "redshift_subnets_cidr_blocks" { value = aws_subnet.redshift[*].cidr_block }
output "elasticache_subnets" { value = aws_subnet.elasticache[*].id }
output "elasticache_subnet_arns" { value = aws_subnet.elasticache[*].arn }
output "elasticache_subnets_cidr_blocks" { value = aws_subnet.elasticache[*].cidr_block }
output "intra_subnets" { value = aws_subnet.intra[*].id }
output "intra_subnet_arns" { value = aws_subnet.intra[*].arn }
output "intra_subnets_cidr_blocks" { value = aws_subnet.intra[*].cidr_block }
output "outpost_subnets" { value = aws_subnet.outpost[*].id }
output "outpost_subnet_arns" { value = aws_subnet.outpost[*].arn }
output "outpost_subnets_cidr_blocks" { value = aws_subnet.outpost[*].cidr_block }
output "public_route_table_ids" { value = aws_route_table.public[*].id }
output "private_route_table_ids" { value = aws_route_table.private[*].id }
output "intra_route_table_ids" { value = aws_route_table.intra[*].id }
output "database_route_table_ids" { value = local.database_has_tables ? aws_route_table.database[*].id : aws_route_table.private[*].id }
output "redshift_route_table_ids" { value = local.redshift_has_table ? aws_route_table.redshift[*].id : var.enable_public_redshift ? aws_route_table.public[*].id : aws_route_table.private[*].id }
output "elasticache_route_table_ids" { value = local.elasticache_has_table ? aws_route_table.elasticache[*].id : aws_route_table.private[*].id }
