"""The command line: `python -m releases contracts | release | previous`."""

import argparse
import sys
from datetime import UTC, datetime

from releases.places import SERVICES, Papers, ReleaseError
from releases.previous import check_beside, unpack_release
from releases.release import contract_breaks, release
from stack.places import REPOSITORY


def main() -> int:
    """This function will do what the command line says and return the exit status."""
    options, rest = _parser().parse_known_args()
    try:
        match options.command:
            case "contracts":
                return check()
            case "release":
                tag = release(Papers(options.service), version=options.version, today=datetime.now(UTC).date())
                print(f"Tagged {tag}. To publish it: git push origin HEAD {tag}")
            case "previous":
                papers = Papers(options.service)
                folder = unpack_release(papers, into=REPOSITORY / ".data" / "previous")
                print(f"{papers.service} {papers.released_version()} ({folder}) beside the others as they are now:")
                return check_beside(papers, folder=folder, arguments=rest)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check() -> int:
    """Compare each service's contract with the one of its last release. Return 1 if one breaks it."""
    status = 0
    for papers in map(Papers, SERVICES):
        found = contract_breaks(papers)
        if found:
            status = 1
            print("\n".join([f"{papers.service}: the contract breaks the released one:", *found]), file=sys.stderr)
        else:
            print(f"{papers.service}: the contract keeps what {papers.released_version() or 'nobody'} promised")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m releases")
    commands = parser.add_subparsers(dest="command", required=True)

    commands.add_parser("contracts", help="compare both contracts with those of the last releases")

    releasing = commands.add_parser("release", help="write a release down, commit and tag it")
    releasing.add_argument("service", choices=SERVICES)
    releasing.add_argument("version")

    previous = commands.add_parser("previous", help="test a service's last release beside the others; pytest's options")
    previous.add_argument("service", choices=SERVICES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
