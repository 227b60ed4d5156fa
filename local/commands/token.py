"""`make token`: a token for the shop that runs, signed with the keys of that shop and no others."""

from pathlib import Path

from commands.found import Containers, docker, find_shop
from stack.errors import StackError
from stack.keys import Keys, role_token

# The Makefile's COMPOSE_FILE leaves development out.
DEVELOPMENT = ("--file", "docker-compose.yml", "--file", "docker-compose.override.yml")
RUN = ("run", "--rm", "--no-TTY", "token")
ISSUER_IN_CONTAINER = "/run/secrets/issuer_jwks"


def token_for(*, data: Path, shop: str, role: str, subject: str) -> str:
    """
    Return a token that holds for an hour.

    :param shop: `local` or `containers`, if only that one is meant.
    :raises StackError: if no shop runs, or its keys are gone.
    """
    found = find_shop(data, shop)
    if not isinstance(found, Containers):
        return token_by(data / "keys", role=role, subject=subject)
    # By what is mounted: the keys of another folder would look right, and their tokens be refused.
    mounted = found.source_of("order_service", ISSUER_IN_CONTAINER)
    if mounted:
        again = "`make down`, then `make up` begins anew."
        return token_by(Path(mounted).parent, role=role, subject=subject, otherwise=again)
    return docker("compose", *DEVELOPMENT, "--project-name", found.project, *RUN, "--role", role, "--subject", subject)


def token_by(folder: Path, *, role: str, subject: str, otherwise: str = "Start it again.") -> str:
    """
    Sign a token with the keys of a folder.

    :raises StackError: if they are not there.
    """
    keys = Keys(folder)
    if not keys.issuer_private.exists():
        raise StackError(f"{keys.issuer_private} is missing, with which this shop's tokens are signed. {otherwise}")
    return role_token(keys, role=role, subject=subject)
