"""Settings that are URLs: one that no request could use is refused at the start."""

from collections.abc import Callable
from urllib.parse import urlsplit

from marshmallow import ValidationError

SCHEMES = ("http", "https")


def is_url(*schemes: str, path: bool = True) -> Callable[[str], None]:
    """
    Return a validator of `scheme://host:port/path`, without a query.

    :param path: whether there may be one.
    """

    def validate(value: str) -> None:
        try:
            url = urlsplit(value)
            port = url.port  # a ValueError for one that does not exist
        except ValueError as error:
            raise ValidationError(f"It is no URL: {error}.") from None
        wrong = url.query or url.fragment or any(each.isspace() for each in value) or (url.path and not path)
        if url.scheme not in schemes or not url.hostname or port == 0 or wrong:
            raise ValidationError(f"It must be {' or '.join(schemes)}://host:port.")

    return validate


def is_key_set(value: str) -> None:
    """Validate an http(s) URL, which may have a query, or the path of a file, which need not be there yet."""
    if "://" in value:
        is_url(*SCHEMES)(value.partition("?")[0])


def is_collector(value: str) -> None:
    """Validate an http(s) URL, or nothing."""
    if value:
        is_url(*SCHEMES)(value)


def is_proxy(value: str) -> None:
    """Validate `http://[user:password@]host:port`, or nothing."""
    if value:
        is_url("http", path=False)(value)
