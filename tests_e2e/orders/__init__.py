"""Tests of orders: placement, refusals, repetition, and outages of product_service."""
