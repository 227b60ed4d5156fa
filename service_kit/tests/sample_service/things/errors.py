"""What can go wrong with things."""


class ThingNotFound(Exception):
    def __init__(self, thing_id: int) -> None:
        super().__init__(f"There is no thing {thing_id}.")


class NameTaken(Exception):
    """Another thing has the name. `replayed` marks the saved answer of an earlier request."""

    def __init__(self, name: str, *, replayed: bool = False) -> None:
        super().__init__(f"Another thing is called {name}.")
        self.replayed = replayed


class ThingChanged(Exception):
    def __init__(self) -> None:
        super().__init__("The thing has changed since it was read.")
