"""The admin as every service has it: its users, who are called clerks, and read-only pages."""
