"""What the settings read in tests. Loaded by `-p tests.environment`, before Django's settings."""

import json

from service_kit.testing.environment import set_environment
from service_kit.testing.tokens import SigningKey

set_environment(
    SERVICE_TOKEN_KEY=json.dumps(SigningKey.ed25519("order_service").private_jwk()), PRODUCTS_URL="http://products.test"
)
