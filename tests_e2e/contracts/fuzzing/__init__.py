"""Requests that nobody thought of, made from both published contracts by schemathesis."""
