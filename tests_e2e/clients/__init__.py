"""Clients that generators made of the published contracts, used against a shop."""
