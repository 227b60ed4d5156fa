"""How often passwords were tried lately. All processes of the admin count in the same rows."""

from datetime import datetime, timedelta

from django.db import models

FREE = 5  # attempts that need not wait
LONGEST_WAIT = 60  # seconds between two attempts
FORGOTTEN_AFTER = timedelta(hours=1)  # without any attempt


class PasswordAttemptsQuerySet(models.QuerySet["PasswordAttempts"]):
    def begin(self, account: str, *, now: datetime) -> float:
        """
        Count an attempt before its password is checked, so that attempts at one time cannot be more than those allowed.

        Return 0; or the seconds to wait, and then nothing was counted and no password may be checked.
        """
        self.filter(next_at__lt=now - FORGOTTEN_AFTER).delete()
        self.bulk_create([self.model(account=account, count=0, next_at=now)], ignore_conflicts=True)
        seen = self.get(account=account)
        if seen.next_at > now:
            return (seen.next_at - now).total_seconds()
        count = seen.count + 1
        wait = timedelta(seconds=_wait_after(count))
        counted = self.filter(account=account, count=seen.count).update(count=count, next_at=now + wait)
        return 0 if counted else 1  # another attempt came first

    def forget(self, account: str) -> None:
        """Let the account begin anew, after a right password."""
        self.filter(account=account).delete()


class PasswordAttempts(models.Model):
    """Attempts for one account since its last right password, from browsers that are new to it or from a known one."""

    account = models.CharField(max_length=64, primary_key=True)  # a keyed hash: people type passwords as names, too
    count = models.IntegerField()
    next_at = models.DateTimeField(db_index=True)

    objects = PasswordAttemptsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.count} attempts"


def _wait_after(count: int) -> int:
    """Return the seconds to wait after so many attempts: 1, 2, 4 ... after the free ones."""
    return 0 if count < FREE else min(2 ** min(count - FREE, 16), LONGEST_WAIT)
