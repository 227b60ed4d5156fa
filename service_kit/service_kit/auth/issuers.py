"""The table of trusted issuers: `settings.TRUSTED_ISSUERS`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    One issuer whose tokens a service accepts, and how this issuer writes them.

    :param name: the value of `iss` in its tokens.
    :param audience: the required value of the audience claim; of several values any one is enough.
    :param jwks: where its public keys are: an http(s) URL, or the path of a file.
    :param scopes: for an issuer that is a service: the scopes that each of its tokens has, whatever the token says.
        None for the issuer of the users' tokens, which carry their own scopes. No user has a scope of a service.
    :param audience_claim: the claim that names the audience.
    :param scope_claim: the claim that holds the scopes of a user.
    :param scope_is_list: whether that claim is a list of strings. Otherwise it is one string with spaces between.
    :param scope_prefix: what each scope of the shop begins with in its tokens. Other scopes are ignored.
    :param requires_kid: whether a token must name its key.
    :param jwks_proxy: the HTTP proxy through which a URL in `jwks` is fetched, as `http://host:port`.
    """

    name: str
    audience: str | tuple[str, ...]
    jwks: str
    scopes: frozenset[str] | None = None
    audience_claim: str = "aud"
    scope_claim: str = "scope"
    scope_is_list: bool = False
    scope_prefix: str = ""
    requires_kid: bool = True
    jwks_proxy: str = field(default="", repr=False)  # it may hold a password

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences of which a token must name one."""
        return frozenset({self.audience} if isinstance(self.audience, str) else self.audience)
