"""The local stack's keys: made once, kept, and readable by their owner only."""

import json
import stat
from pathlib import Path

import jwt

from stack.keys import AUDIENCE, ISSUER, make_keys, role_token, take_earlier_names


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys")

    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()} == {0o600}


def test_a_second_start_keeps_them(tmp_path: Path) -> None:
    first = {path.name: path.read_text() for path in make_keys(tmp_path).folder.iterdir()}

    second = {path.name: path.read_text() for path in make_keys(tmp_path).folder.iterdir()}

    assert len(first) == 6
    assert first == second


def test_keys_of_an_earlier_version_are_kept_under_their_new_names(tmp_path: Path) -> None:
    names = {
        "issuer.private.json": "issuer_private",
        "order_service.jwks.json": "order_service_jwks",
        "order_service.secret": "order_service_key",
        "order_database.password": "order_database_password",
    }
    for old, new in names.items():
        (tmp_path / old).write_text(new)
    (tmp_path / "issuer_private").symlink_to("issuer.private.json")

    take_earlier_names(tmp_path)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {new: new for new in names.values()}
    assert not (tmp_path / "issuer_private").is_symlink()


def test_a_published_key_has_no_private_part(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)

    for path in (keys.issuer_public, keys.public_of("order_service")):
        (key,) = json.loads(path.read_text())["keys"]
        assert "d" not in key


def test_a_token_is_what_the_published_key_verifies(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)

    token = role_token(keys, role="staff", subject="clerk")

    (key,) = jwt.PyJWKSet.from_json(keys.issuer_public.read_text()).keys
    claims = jwt.decode(token, key, algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE)
    assert (claims["sub"], claims["scope"]) == ("clerk", "orders:write orders:manage catalog:write")
    assert jwt.get_unverified_header(token)["kid"] == key.key_id
