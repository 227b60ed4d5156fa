#!/bin/sh
# The last to start says where to go.
cat <<TEXT

The shop is open:  $SHOP/api/v1/products/   $SHOP/api/v1/orders/
Read and try it:   $SHOP/docs/
A token:           docker compose run --rm token [--role staff]

TEXT
