"""Plans: what `terraform show -json` says, as the same blocks that source is read into.

Format: Terraform documentation, "JSON Output Format", format_version 1.x (1.2 with Terraform 1.11, tried).
"""
