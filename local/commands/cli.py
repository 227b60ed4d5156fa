"""The command line: `python -m commands run | demo | token | admin-user | psql | debug | service`."""

import argparse
import sys
from pathlib import Path

from commands.admin_user import ask_password, make_admin_user, new_password
from commands.debug import debug
from commands.demo import demo
from commands.new_service import write_compose_files, write_service
from commands.psql import open_database
from commands.run import Options, run
from commands.token import token_by, token_for
from stack.errors import StackError
from stack.keys import SCOPES
from stack.places import REPOSITORY

DATA = REPOSITORY / ".data"


def main(arguments: list[str] | None = None) -> int:
    """Execute the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "run":
                run(
                    Options(
                        port=options.port,
                        internal_port=options.internal_port,
                        data=options.data,
                        usual=DATA,
                        debug_ports=options.debug_ports,
                        reload=not options.no_reload,
                    )
                )
            case "demo":
                return 0 if demo() else 1
            case "token":
                print(_token(options))
            case "admin-user":
                password = ask_password(options.name) if options.ask else new_password()
                todo = make_admin_user(data=options.data, shop=options.shop, name=options.name, password=password)
                print(f"{options.name} may log in to both admins{'.' if options.ask else f' with: {password}'}")
                if todo:
                    print(todo, file=sys.stderr)
            case "psql":
                open_database(data=options.data, shop=options.shop, service=options.service)
            case "debug":
                return debug(data=options.data, part=options.part)
            case "service" | "compose-files":
                _write(options)
    except (StackError, OSError) as error:  # the latter: the data may be where another user has a shop, or no folder is
        print(error, file=sys.stderr)
        return 1
    return 0


def _write(options: argparse.Namespace) -> None:
    if options.command == "service":
        folder = write_service(options.name, follows=options.follows)
        print(f"{folder.name} is written. Go on with: make test SERVICE={folder.name}, then make run")
    write_compose_files()


def _token(options: argparse.Namespace) -> str:
    if options.keys:
        return token_by(options.keys, role=options.role, subject=options.subject)
    return token_for(data=options.data, shop=options.shop, role=options.role, subject=options.subject)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m commands")
    commands = parser.add_subparsers(dest="command", required=True)

    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, default=DATA, help="the folder of databases, keys and logs")

    shop = argparse.ArgumentParser(add_help=False)
    shop.add_argument("--shop", choices=["", "local", "containers"], default="", help="which one, if two run")

    running = commands.add_parser("run", parents=[data], help="keep the shop open in the foreground")
    running.add_argument("--port", type=int, default=8080)
    running.add_argument("--internal-port", type=int, default=8081)
    running.add_argument("--debug-ports", action="store_true", help="let a debugger attach to the services")
    running.add_argument("--no-reload", action="store_true", help="run the code as it is now, with the logs in files")

    commands.add_parser("demo", help="place, refuse, change, cancel and ship orders, and check every answer")

    token = commands.add_parser("token", parents=[data, shop], help="print a bearer token that holds for an hour")
    token.add_argument("--role", choices=sorted(SCOPES), default="customer")
    token.add_argument("--subject", default="alice")
    token.add_argument("--keys", type=Path, help="sign with the keys of this folder, whichever shop runs")

    user = commands.add_parser("admin-user", parents=[data, shop], help="make somebody who may log in to both admins")
    user.add_argument("--name", default="clerk")
    user.add_argument("--ask", action="store_true", help="ask for the password instead of making one")

    psql = commands.add_parser("psql", parents=[data, shop], help="open the database of a service")
    psql.add_argument("--service", default="")

    debugged = commands.add_parser("debug", parents=[data], help="run a part in the foreground of this terminal")
    debugged.add_argument("--part", default="")

    service = commands.add_parser("service", help="write a further service")
    service.add_argument("--name", default="")
    service.add_argument("--follows", default="", help="orders: with a process that follows their feed")

    commands.add_parser("compose-files", help="have .env name the compose files of all services")
    return parser
