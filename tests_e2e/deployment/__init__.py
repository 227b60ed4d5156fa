"""The files that deploy, watch and build the shop, compared with each other and with services.toml."""
