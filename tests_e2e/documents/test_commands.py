"""Every command of every document names what exists, or is run by a test, or was reviewed."""

import pytest

from documents.commands import OTHERS, REVIEWED, RUN_BY, SESSIONS, commands, entry_for, faults
from documents.document import Command, Document, documents
from stack.places import REPOSITORY

ALL = [command for document in documents() for command in commands(document)]


def test_every_command_is_known() -> None:
    unknown = {(command.document, command.text): found for command in ALL if (found := faults(command))}

    assert unknown == {}


def test_the_lists_have_no_more_than_the_documents() -> None:
    used = {entry_for(command) for command in ALL}

    assert {*OTHERS, *SESSIONS} - used == set(), "remove them from documents/commands.py"


@pytest.mark.parametrize("path", sorted({*RUN_BY.values(), *SESSIONS.values()}))
def test_what_runs_a_command_exists(path: str) -> None:
    assert (REPOSITORY / path).is_file()


def test_a_command_is_in_one_list_only() -> None:
    assert RUN_BY.keys().isdisjoint(REVIEWED)


def test_commands_are_found_in_blocks_and_between_backticks() -> None:
    text = """\
    make run       until Ctrl-C
    cat <<'PY' > file  # a remark
    not a command
    PY

```sh
# a remark
curl -i \\
     http://localhost/
```

```yaml
make: nothing
```

    folder/        what is in it

`A=1 make test T=x`, `make`, `manage.py token --scope S`, `orders:read`, `docs/errors.md`
"""

    assert [command.text for command in commands(Document("page.md", text))] == [
        *("make run", "cat  > file", "curl -i http://localhost/"),
        *("A=1 make test T=x", "manage.py token --scope S"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("make no-such-target", "make has no target no-such-target"),
        ("make test SERVIZE=order_service", "make has no variable SERVIZE"),
        ("make test T=tests/test_gone.py", "there is no tests/test_gone.py"),
        (".venv/bin/python manage.py place_orders", "manage.py place_orders has no place_orders"),
        ("manage.py run_reconciler [--interval 1] [--twice]", "manage.py run_reconciler has no --twice"),
        ("kubectl -n shop rollout undo deployment/products", "no manifest names products"),
        ("kubectl apply -k product_service/kubernetes", "there is no product_service/kubernetes"),
        ("docker compose exec orders sh", "compose has no service orders"),
        ("docker compose kill", "docker compose kill is not reviewed"),
        ("AUTH_NOTHING=x", "nothing reads AUTH_NOTHING"),
        ("git push", "what it names is not checked, no test runs it, no person has reviewed it"),
    ],
)
def test_a_command_that_cannot_work_is_named(text: str, fault: str) -> None:
    assert faults(Command("docs/operations.md", "Logs", text)) == [fault]


def test_a_command_of_the_other_service_is_none_of_this_one() -> None:
    command = Command("product_service/README.md", "Commands", "manage.py place_order --product Lamp")

    assert faults(command) == ["manage.py place_order has no place_order"]
