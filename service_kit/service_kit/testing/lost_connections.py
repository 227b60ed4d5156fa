"""The database server, as it ends a connection."""

from django.db import close_old_connections, connection


def end_this_connection() -> None:
    """Let the server end the connection between two requests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    other.close()
    close_old_connections()
