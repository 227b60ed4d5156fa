"""One project, one database: products and orders are two tables, and placing an order is one transaction."""
