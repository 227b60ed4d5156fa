"""The published contracts, against what the services answer."""
