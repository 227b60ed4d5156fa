"""The command line: `python -m commands run | demo | token | admin-user`."""

import argparse
import sys
from pathlib import Path

from commands.admin_user import ask_password, make_admin_user, new_password
from commands.demo import demo
from commands.run import run
from stack.errors import StackError
from stack.keys import SCOPES, make_keys, role_token
from stack.places import REPOSITORY

DATA = REPOSITORY / ".data"


def main(arguments: list[str] | None = None) -> int:
    """This function will execute the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "run":
                run(port=options.port, internal_port=options.internal_port, data=options.data, usual=DATA)
            case "demo":
                return 0 if demo() else 1
            case "token":
                print(role_token(make_keys(options.data / "keys"), role=options.role, subject=options.subject))
            case "admin-user":
                password = ask_password(options.name) if options.ask else new_password()
                make_admin_user(data=options.data, name=options.name, password=password)
                print(f"{options.name} may log in to both admins{'.' if options.ask else f' with: {password}'}")
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m commands")
    commands = parser.add_subparsers(dest="command", required=True)

    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, default=DATA, help="the folder of databases, keys and logs")

    running = commands.add_parser("run", parents=[data], help="keep the shop open in the foreground")
    running.add_argument("--port", type=int, default=8080)
    running.add_argument("--internal-port", type=int, default=8081)

    commands.add_parser("demo", help="place, refuse, change, cancel and ship orders, and check every answer")

    token = commands.add_parser("token", parents=[data], help="print a bearer token that holds for an hour")
    token.add_argument("--role", choices=sorted(SCOPES), default="customer")
    token.add_argument("--subject", default="alice")

    user = commands.add_parser("admin-user", parents=[data], help="make somebody who may log in to both admins")
    user.add_argument("--name", default="clerk")
    user.add_argument("--ask", action="store_true", help="ask for the password instead of making one")
    return parser
