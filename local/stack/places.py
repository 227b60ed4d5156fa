"""Where things lie in the repository."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
KIT = REPOSITORY / "service_kit" / "service_kit"
GATEWAY = REPOSITORY / "nginx"
PROBLEM_PAGES = GATEWAY / "problems"
DOCS = GATEWAY / "docs"
ERRORS_PAGE = REPOSITORY / "docs" / "errors.md"


def own_errors_pages() -> list[Path]:
    """The pages that services have beside docs/errors.md, for the problems that they alone know."""
    return sorted(REPOSITORY.glob("*_service/problems.md"))


def service_folder(name: str) -> Path:
    """Where a service lies: STACK_PRODUCT_SERVICE and STACK_ORDER_SERVICE may name another release of it."""
    return Path(os.environ.get(f"STACK_{name.upper()}", REPOSITORY / name))
