"""Releases: whether a contract still keeps what the last release promised, and what a release writes down."""
