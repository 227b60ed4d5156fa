"""
The shop's order placement as a durable workflow of DBOS, beside the product_service of the FastAPI contender.

The workflow's row takes the place of the `placing` row, and its recovery that of the reconciler. Revisions and
tombstones of product_service stay: without them, a late reservation would hold units after it was released.
"""
