"""
What can go wrong with products.

    ProductsError
    +-- ProductNotFound      no such product, or none that the caller may see
    +-- ProductChanged       the product is no longer the one that the caller read
    +-- ReferenceTaken       another product has this external reference
    +-- ValueTaken           another product has the value of another unique field
"""

from collections.abc import Sequence


class ProductsError(Exception):
    """Any refusal of the products app."""


class ProductNotFound(ProductsError):
    def __init__(self, product_id: int) -> None:
        super().__init__(f"There is no product {product_id}.")


class ProductChanged(ProductsError):
    def __init__(self, product_id: int) -> None:
        super().__init__(f"Product {product_id} is no longer as it was when you read it.")


class ReferenceTaken(ProductsError):
    def __init__(self, external_reference: str) -> None:
        super().__init__(f'Another product has the external reference "{external_reference}".')


class ValueTaken(ProductsError):
    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(f"Another product has the same {' and '.join(fields)}.")
