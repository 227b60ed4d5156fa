"""The settings that every service starts from."""
