"""For contributors: pages, scaffolding."""
