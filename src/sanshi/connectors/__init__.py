"""Connectors: how Sanshi reaches the outside world, and the sandbox that stands in for it."""
