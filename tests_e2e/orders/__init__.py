"""What customers and clerks do: orders placed, refused, repeated, and what an outage leaves possible."""
