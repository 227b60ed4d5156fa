"""Unexpected requests that schemathesis generates from both published contracts."""
