"""Processes that die or freeze at a chosen step of the order protocol, and what must hold afterwards."""
