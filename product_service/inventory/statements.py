"""
The statement that settles a batch of new reservations at once, where all of it can be held; PostgreSQL's alone.

One text for batches of every size, and one round trip. It is a transaction of its own where none is
open. It takes all or nothing: where an id is known already, or a product is missing, inactive or short of units, it
changes nothing, and the caller settles the batch step by step. Reservations come before products, each in order of
id, as everywhere. If another transaction takes the units, withdraws the product or edits its price before its row is
locked, CHECK refuses all of it: PostgreSQL computes the new stock from the row as it is under the lock.
"""

# The limit is how many they are: PostgreSQL would take any JSON array for one of a hundred, and might read the table.
HOLD_NEW = """
WITH desired AS (
    SELECT CAST(item.value ->> 0 AS uuid) AS id, CAST(item.value ->> 1 AS bigint) AS product_id,
        CAST(item.value ->> 2 AS integer) AS quantity, CAST(item.value ->> 3 AS integer) AS revision
    FROM (SELECT value FROM json_array_elements(%(items)s) LIMIT %(count)s) AS item
), possible AS (
    SELECT desired.*, product.price, product.name,
        sum(desired.quantity) OVER (PARTITION BY product.id) <= product.stock_quantity AS is_enough
    FROM desired JOIN products_product AS product ON product.id = desired.product_id
    WHERE product.is_active
), held AS (
    INSERT INTO inventory_reservation (
        id, product_id, quantity, asked_quantity, revision, outcome, unit_price, product_name, created_at, updated_at
    )
    SELECT
        id, product_id, quantity, quantity, revision, 'held', price, name, statement_timestamp(), statement_timestamp()
    FROM possible
    WHERE (SELECT count(*) = %(count)s AND bool_and(is_enough) FROM possible)
        AND NOT EXISTS (SELECT FROM inventory_reservation WHERE id IN (SELECT id FROM desired))
    ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING id, product_id, quantity, revision, unit_price, product_name
), moved AS (
    SELECT product_id, sum(quantity) AS units, min(unit_price) AS price FROM held GROUP BY product_id
), locked AS (
    SELECT id FROM products_product WHERE id IN (SELECT product_id FROM moved) ORDER BY id FOR UPDATE
), taken AS (
    UPDATE products_product
    SET updated_at = statement_timestamp(), stock_quantity = CASE
        WHEN products_product.is_active AND products_product.price = moved.price THEN stock_quantity - moved.units
        ELSE -1
    END
    FROM moved JOIN locked ON locked.id = moved.product_id
    WHERE products_product.id = locked.id
)
SELECT id, quantity, revision, unit_price, product_name FROM held
"""
HELD = ("id", "quantity", "revision", "unit_price", "product_name")  # the columns that it returns
