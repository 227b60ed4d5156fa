// Uses a shop through the clients that openapi-ts of Hey API makes.

import { createClient } from "./generated/order_service/client/index.js";
import { placeOrder, type StatusEnum } from "./generated/order_service/index.js";
import { createClient as createProductClient } from "./generated/product_service/client/index.js";
import { createProduct, listProducts } from "./generated/product_service/index.js";

declare const process: { env: Record<string, string | undefined> };
const { SHOP = "", STAFF = "", CUSTOMER = "", NAME = "", KEY = "" } = process.env;
const products = createProductClient({ baseUrl: SHOP, auth: STAFF });
const orders = createClient({ baseUrl: SHOP, auth: CUSTOMER });

const created = await createProduct({
  client: products,
  body: { name: NAME, description: "", price: "19.90", stock_quantity: 5, external_reference: null },
});
if (created.error) throw new Error(created.error.detail);
const product = created.data;

const page = await listProducts({ client: products, query: { name: NAME, ordering: "-price", page_size: 10 } });
if (page.error) throw new Error(page.error.detail);

async function place(quantity: number, key: string) {
  return placeOrder({
    client: orders,
    headers: { "Idempotency-Key": key },
    body: { product_id: product.id, quantity },
  });
}
const placed = await place(2, KEY);
const repeated = await place(2, KEY);
if (placed.error || repeated.error) throw new Error("An order was refused.");
const status: StatusEnum = placed.data.status;

const refused = await place(1000, `${KEY}-2`);
if (!refused.error) throw new Error("There was stock for 1,000.");

console.log(
  JSON.stringify({
    product: product.id,
    price: product.price,
    created_in: new Date(product.created_at).getUTCFullYear(),
    listed: page.data.results.map((each) => each.id),
    next: page.data.next,
    order: [placed.data.product_id, placed.data.quantity, placed.data.total_price, status],
    is_repeated: repeated.data.id === placed.data.id && repeated.response.headers.get("Idempotent-Replayed"),
    refusal: [refused.response.status, refused.error.status, refused.error.type, refused.error.errors],
  }),
);
