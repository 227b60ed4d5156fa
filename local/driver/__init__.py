"""How the end-to-end tests and the demonstration speak to the shop."""
