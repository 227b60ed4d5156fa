"""What the settings read in tests. Loaded by `-p tests.environment`, before Django's settings."""

from service_kit.testing.environment import set_environment

set_environment(AUTH_SERVICE_JWKS="keys-of-the-order-service.json")
