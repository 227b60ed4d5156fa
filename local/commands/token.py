"""`make token`: a token for the shop that runs, signed with the keys of that shop and no others."""

from pathlib import Path

from commands.found import Containers, find_shop
from stack.errors import StackError
from stack.keys import Keys, role_token

ISSUER_IN_CONTAINER = "/run/secrets/issuer_jwks"


def signed_token(*, data: Path, shop: str, role: str, subject: str) -> str:
    """
    Return a token that holds for an hour.

    :param shop: `local` or `containers`, if only that one is meant.
    :raises StackError: if no shop runs, or its keys are not here.
    """
    found = find_shop(data, shop)
    folder = _keys_of(found) if isinstance(found, Containers) else data / "keys"
    keys = Keys(folder)
    if not keys.issuer_private.exists():
        raise StackError(f"{keys.issuer_private} is gone, with which this shop signs tokens. Start it again.")
    return role_token(keys, role=role, subject=subject)


def _keys_of(containers: Containers) -> Path:
    """Find the folder of keys by what is mounted: another folder's would look right and be refused."""
    source = containers.source_of("order_service", ISSUER_IN_CONTAINER)
    if source is None:
        raise StackError(
            "The containers keep their keys in a volume. This prints a token: docker compose run --rm token"
        )
    return Path(source).parent
