"""Request headers that came more than once: the server joins them, and then nobody can tell them from one header."""

MARK = "X-REPEATED-HEADERS"  # read by service_kit.rest.headers


def mark_repeated_headers(headers: list[tuple[str, str]]) -> None:
    """Add a header, in place, that names those which came more than once. A client that sends it is refused."""
    names = [name.lower() for name, _ in headers]
    repeated = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if repeated:
        headers.append((MARK, ",".join(repeated)))
