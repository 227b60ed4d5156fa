"""Tests of the shop in containers; `make test-compose` runs them against the one that `make up` started."""
