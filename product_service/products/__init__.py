"""What is sold: the table of products, at the bottom of the domain."""
