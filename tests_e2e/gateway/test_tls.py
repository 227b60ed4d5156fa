"""TLS that ends at the gateway, prepared and off by default."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.lone_gateway import LoneGateway, lone_gateway
from support.problems import assert_problem


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost; its key lies beside it as key.pem."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "certificate.pem"


@pytest.fixture(scope="module")
def gateway(certificate: Path) -> Iterator[LoneGateway]:
    with lone_gateway(
        GATEWAY_TLS="on",
        GATEWAY_TLS_CERTIFICATE=str(certificate),
        GATEWAY_TLS_KEY=str(certificate.with_name("key.pem")),
    ) as running:
        yield running


def test_a_service_learns_that_the_client_came_over_https(gateway: LoneGateway, certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))

    answer = httpx.get(f"https://localhost:{gateway.public_port}/api/v1/orders/", verify=trusted)

    assert dict(answer.json()["headers"])["x-forwarded-proto"] == "https"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_plain_request_to_the_tls_port_is_refused(gateway: LoneGateway) -> None:
    before = len(gateway.received())

    answer = httpx.get(f"http://localhost:{gateway.public_port}/api/v1/orders/")

    assert_problem(answer, "malformed-request", 400)
    assert gateway.received()[before:] == []
