"""What plain Checkov is compared with: a folder of external checks that holds one, which does nothing."""
