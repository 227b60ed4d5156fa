"""What is sold: products, and how they are created, edited, found and withdrawn."""
