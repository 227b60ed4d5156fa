"""The table of trusted issuers: `settings.TRUSTED_ISSUERS`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Issuer:
    """One issuer whose tokens a service accepts, and how this issuer writes them."""

    name: str  # the value of `iss` in its tokens
    audience: str | tuple[str, ...]  # the required value of the audience claim; of several values any one is enough
    jwks: str  # where its public keys are: an http(s) URL, or the path of a file
    # For an issuer that is a service: the scopes that each of its tokens has, whatever the token says. None for the
    # issuer of the users' tokens, which carry their own scopes. No user has a scope of a service.
    scopes: frozenset[str] | None = None
    audience_claim: str = "aud"
    scope_claim: str = "scope"  # which holds the scopes of a user
    scope_is_list: bool = False  # a list of strings; otherwise it is one string with spaces between
    scope_prefix: str = ""  # of each scope of the shop in its tokens; other scopes are ignored
    requires_kid: bool = True  # whether a token must name its key
    # The HTTP proxy through which a URL in `jwks` is fetched, as `http://host:port`; it may hold a password.
    jwks_proxy: str = field(default="", repr=False)

    def __hash__(self) -> int:
        return hash(self.name)  # of all fields, it would take as long at each request as the rest of a lookup

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences of which a token must name one."""
        return frozenset({self.audience} if isinstance(self.audience, str) else self.audience)
