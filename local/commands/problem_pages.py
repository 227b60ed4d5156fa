"""The pages behind every problem's `type`: a section of docs/errors.md or of a service's problems.md each."""

import html
import sys
from collections.abc import Mapping
from pathlib import Path

from markdown_it import MarkdownIt

from driver.problem_types import SECTION, problems
from stack.places import ERRORS_PAGE, PROBLEM_PAGES, own_errors_pages

STYLE = """\
body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; }
pre { padding: 1rem; overflow-x: auto; background: #8882; }
pre:focus-visible { outline: 2px solid; }
code { font-family: ui-monospace, monospace; }
"""

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="stylesheet" href="/problems/style.css">
<header>
<nav aria-label="Documentation">{navigation}</nav>
</header>
<main>
{body}
</main>
</html>
"""


def pages(text: str) -> dict[str, str]:
    """Render every page of the errors page, by its file name."""
    markdown = MarkdownIt("commonmark").enable("table")
    introduction = SECTION.split(text)[0]
    listed = "\n".join(f"- [{slug}](/problems/{slug})" for slug in problems(text))
    index = markdown.render(f"{introduction}\n## All problem types\n\n{listed}\n")
    return {
        "index.html": _page("Problem types", index, links={"The APIs": "/docs/"}),
        "style.css": STYLE,
        **{
            f"{slug}.html": _page(
                slug,
                markdown.render(f"# {slug}\n\n{body}"),
                links={"All problem types": "/problems/", "The APIs": "/docs/"},
            )
            for slug, body in problems(text).items()
        },
    }


def write_pages(folder: Path = PROBLEM_PAGES) -> None:
    """
    Make `folder` hold the pages of docs/errors.md, those of further services and no others.

    What is committed in nginx/ has none of further services: each brings its own problems.md.
    """
    texts = [ERRORS_PAGE, *([] if folder == PROBLEM_PAGES else own_errors_pages())]
    current = pages("\n".join(path.read_text() for path in texts))
    folder.mkdir(exist_ok=True)
    for stale in [path for path in folder.iterdir() if path.name not in current]:
        stale.unlink()
    for name, text in current.items():
        (folder / name).write_text(text)


def _page(title: str, body: str, *, links: Mapping[str, str]) -> str:
    """Return a page. Its code blocks can be focused: they scroll, and not everybody has a mouse."""
    return PAGE.format(
        title=html.escape(title),
        navigation=" ".join(f'<a href="{address}">{name}</a>' for name, address in links.items()),
        body=body.strip().replace("<pre>", '<pre tabindex="0">'),
    )


if __name__ == "__main__":
    write_pages(*map(Path, sys.argv[1:2]))
