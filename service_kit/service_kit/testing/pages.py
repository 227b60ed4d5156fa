"""Reading a list page by page."""

from typing import Any

from rest_framework.test import APIClient


def walk(client: APIClient, address: str, *, direction: str = "next") -> list[list[dict[str, Any]]]:
    """Follow the links of a page to the end, and return the rows of each."""
    pages = []
    following: str | None = address
    while following:
        response = client.get(following)
        assert response.status_code == 200, response.content
        page = response.json()
        pages.append(page["results"])
        following = page[direction]
    return pages
