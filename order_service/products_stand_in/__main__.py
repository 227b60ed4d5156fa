"""`python -m products_stand_in`: the stand-in on a port, with a few products, until Ctrl-C."""

import argparse
import re
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from products_stand_in.api import TOKEN, FakeProductsApi

PORT = 8081  # where PRODUCTS_URL points by itself
SAMPLES = (("Desk lamp", "39.90", 120), ("Notebook", "6.50", 800), ("Letter opener", "12.75", 1))
BEARER = re.compile("Bearer .+")


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the API. It takes any token for that of the order service: there are no keys to verify it."""

    api: FakeProductsApi
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = dict(self.headers.items())
        if BEARER.fullmatch(headers.get("Authorization", "")):
            headers["Authorization"] = f"Bearer {TOKEN}"
        address = f"http://{headers['Host']}{self.path}"
        answer = self.api(httpx.Request(self.command, address, headers=headers, content=body))
        self.api.requests.clear()
        self.send_response(answer.status_code)
        for name in ("Content-Type", "Content-Length"):
            self.send_header(name, answer.headers[name])
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _answer  # noqa: N815 - the base class looks for these names


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m products_stand_in", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    port = parser.parse_args().port

    Handler.api = FakeProductsApi()
    for name, price, stock in SAMPLES:
        Handler.api.add_product(name=name, price=price, stock=stock)
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server, suppress(KeyboardInterrupt):
        print(f"Stands in for product_service at http://127.0.0.1:{port}/ until Ctrl-C.", flush=True)  # noqa: T201
        server.serve_forever()


if __name__ == "__main__":
    main()
