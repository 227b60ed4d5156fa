"""What the run sees past all proxies: both databases, and the memory of every process."""
