"""
Find products by a part of their name, with the typed client that order_service itself uses.

    SHOP=http://localhost:8080 PYTHONPATH=../../order_service python find_products.py lamp

`products_client` is self-contained: copy the folder, it needs httpx, msgspec and stamina. It repeats what is safe to
repeat, within a deadline, and distinguishes what it does not know from what is final.
"""

import argparse
import os
import sys

from products_client import ProductsClient, ProductsUnavailable, TooManyProducts


def main() -> int:
    parser = argparse.ArgumentParser(description="Find products by a part of their name.")
    parser.add_argument("name")
    arguments = parser.parse_args()

    # Anybody may read the catalogue: only internal calls need the token.
    with ProductsClient(os.environ.get("SHOP", "http://localhost:8080"), token=lambda: "") as shop:
        try:
            found = shop.find_products(name=arguments.name)
        except (ProductsUnavailable, TooManyProducts) as error:
            print(error, file=sys.stderr)
            return 1
    for product in found:
        print(f"{product.id:>6}  {product.price:>10}  {product.stock_quantity:>6} left  {product.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
