"""Samples, taken past all proxies: the rows of both databases, and the memory of every process."""
