"""`python -m documents`: print the figures of all documents, and what they name that does not exist."""

import sys

from documents.document import documents, files
from documents.figures import measure, report
from documents.paths import ends, malformed_addresses, missing_paths, missing_tests
from stack.places import REPOSITORY


def main() -> int:
    """Return 1 if a limit is missed or something does not exist."""
    every, listed = documents(), files()
    known = ends(listed)
    code = "\n".join((REPOSITORY / name).read_text() for name in listed if name.endswith((".py", ".py-tpl")))
    faults = [
        f"{document.name}: {fault}"
        for document in every
        for fault in (
            *(f"no file or folder is {path}" for path in missing_paths(document, known)),
            *(f"no test is {test}" for test in missing_tests(document, code)),
            *(f"{address} is no address" for address in malformed_addresses(document)),
        )
    ]
    print("\n".join([report(every), *faults]))
    return int(bool(faults) or not measure(every).are_kept)


if __name__ == "__main__":
    sys.exit(main())
