"""Tests of the gateway, mostly without the services."""
