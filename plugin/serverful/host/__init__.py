"""The only folder that imports Checkov."""
