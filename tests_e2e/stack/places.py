"""Where things lie in the repository."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
GATEWAY = REPOSITORY / "nginx"
PROBLEM_PAGES = GATEWAY / "problems"
ERRORS_PAGE = REPOSITORY / "docs" / "errors.md"
