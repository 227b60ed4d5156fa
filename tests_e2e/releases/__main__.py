"""The command line: `python -m releases contracts | release | previous`."""

import argparse
import sys
from datetime import UTC, datetime

from releases.accepted import refusals
from releases.files import ReleaseError, ReleaseFiles
from releases.history import last_release, misplaced_tag
from releases.previous import check_beside, unpack_release
from releases.release import release
from stack.places import REPOSITORY
from stack.registry import SERVICES


def main() -> int:
    """Execute the command line and return the exit status."""
    options, rest = _parser().parse_known_args()
    try:
        match options.command:
            case "contracts":
                return check()
            case "release":
                tag = release(ReleaseFiles(options.service), version=options.version, today=datetime.now(UTC).date())
                print(f"Tagged {tag}. To publish it: git push origin HEAD {tag}")
            case "previous":
                return check_previous(ReleaseFiles(options.service), rest)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check() -> int:
    """Compare each service's contract with the one of its last release. Return 1 if one cannot be released."""
    status = 0
    for files in map(ReleaseFiles, SERVICES):
        found = refusals(files)
        if found:
            status = 1
            print("\n".join([f"{files.service}: the contract breaks the released one:", *found]), file=sys.stderr)
        else:
            print(f"{files.service}: the contract keeps what {files.released_version() or 'nobody'} promised")
    return status


def check_previous(files: ReleaseFiles, arguments: list[str]) -> int:
    """Test the last release of a service beside the others as they are. Return pytest's status."""
    found = last_release(files)
    if warning := misplaced_tag(files, found):
        print(warning, file=sys.stderr)
    folder = unpack_release(files, found, into=REPOSITORY / ".data" / "previous")
    print(
        f"{files.service} {found.version} (commit {found.commit[:12]}, {folder}) beside the others as they are now:",
        flush=True,
    )
    return check_beside(files, folder=folder, arguments=arguments)


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
