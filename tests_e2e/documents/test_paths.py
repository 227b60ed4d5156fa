"""Which files, tests and addresses that a document names are found to be missing."""

import pytest

from documents.document import Document
from documents.paths import ends, malformed_addresses, missing_paths, missing_tests

KNOWN = ends(["order_service/orders/views.py", "nginx/templates/snippets/headers.conf.template"])


def page(text: str) -> Document:
    return Document("page.md", text)


@pytest.mark.parametrize(
    "path",
    [
        *("order_service/orders/views.py", "orders/views.py", "views.py", "order_service/orders/", "orders/"),
        *("snippets/headers.conf", ".env", "shipping/views.py", "/etc/nginx/nginx.conf", "products.csv", "and/or"),
    ],
)
def test_what_exists_or_is_none_of_the_repository_is_not_missing(path: str) -> None:
    assert missing_paths(page(f"See `{path}`."), KNOWN) == []


@pytest.mark.parametrize("path", ["orders/view.py", "rders/views.py", "order/", "views.md", "nginx/snippets/"])
def test_a_file_or_folder_that_does_not_exist_is_missing(path: str) -> None:
    assert missing_paths(page(f"| see | `cat {path}` |\n|---|---|\n| a | b |"), KNOWN) == [path]


def test_a_test_is_missing_if_no_code_defines_it() -> None:
    named = page("`test_a_row`, `checks.test_a_column`, `test_gone`, `checks.test_gone_too`")

    assert missing_tests(named, "def test_a_row() -> None:\ndef test_a_column(shop)") == ["test_gone", "test_gone_too"]


def test_an_address_needs_a_scheme_of_the_web_and_a_host() -> None:
    links = "[a](https://example.com/x) [b](other.md#c) [c](htps://example.com) [d](https:/example.com) ![e](http://)"

    assert malformed_addresses(page(links)) == ["htps://example.com", "https:/example.com", "http://"]
