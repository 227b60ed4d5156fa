"""Settings that are URLs: one that no request could use is refused at the start. No message shows a password."""

from collections.abc import Callable
from urllib.parse import urlsplit

from marshmallow import ValidationError

SCHEMES = ("http", "https")


def is_url(*schemes: str, path: bool = True, query: bool = False, user: bool = True) -> Callable[[str], None]:
    """
    Return a validator of `scheme://host:port`.

    :param path: whether there may be a path.
    :param query: whether there may be a query.
    :param user: whether there may be a user and a password before the host.
    """

    def validate(value: str) -> None:
        address = value.strip()  # as environs does with what was validated
        try:
            url = urlsplit(address)
            is_complete = url.scheme in schemes and url.hostname and url.port != 0
        except ValueError:  # of the host's brackets, or of the port
            is_complete = False
        odd = "#" in address or any(each.isspace() for each in address)
        if not is_complete or odd or (url.path and not path) or ("?" in address and not query):
            raise ValidationError(f"It must be {' or '.join(schemes)}://host:port{'/path' * path}.")
        if "@" in url.netloc and not user:
            raise ValidationError("It must not name a user.")

    return validate


def is_key_set(value: str) -> None:
    """Validate an http(s) URL, or the path of a file, which need not be there yet."""
    if "://" in value:
        is_url(*SCHEMES, query=True, user=False)(value)


def is_collector(value: str) -> None:
    """Validate an http(s) URL, or nothing."""
    if value.strip():
        is_url(*SCHEMES, query=True)(value)


def is_proxy(value: str) -> None:
    """Validate `http://[user:password@]host:port`, or nothing."""
    if value.strip():
        is_url("http", path=False)(value)
