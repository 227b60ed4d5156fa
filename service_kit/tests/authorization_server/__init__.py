"""What clients and resource servers know of the authorization server of the tests."""

AUDIENCE = "shop"
SECRET = "the secret of every client"
