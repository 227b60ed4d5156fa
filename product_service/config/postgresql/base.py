"""The database backend that DATABASES names where the address is one of PostgreSQL."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how a connection that was kept from an earlier request is looked at."""

    def is_usable(self) -> bool:
        """
        Return whether the connection can be used, asking the server only if there is reason to.

        A server says nothing on an idle connection unless it ends it, so that silence is worth what Django's own
        question to the server is: an answer of a moment ago.
        """
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN)
        return not idle.poll(0) or super().is_usable()
