"""What is sold, and how many of it are left."""
