"""Policies about fixed IP addresses and the gateways that hold them."""
