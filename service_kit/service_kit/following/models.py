"""Where this service is in each feed that it follows."""

from django.db import models


class FollowedFeed(models.Model):
    """One feed. `position` is the id of the last event that was applied; empty before the first one."""

    name = models.CharField(max_length=100, primary_key=True)
    position = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.name} after {self.position or 'nothing'}"
