"""The admin of every service: its users, who are called clerks, and read-only pages."""
