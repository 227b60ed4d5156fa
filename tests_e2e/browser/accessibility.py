"""What axe-core finds on a page that keyboards, screen readers or weak eyes would stumble over."""

from importlib.resources import files

from playwright.sync_api import Page

# Only the script of the package is used: it is one file, and the same in every browser.
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


def findings(page: Page) -> list[str]:
    """
    Return what axe-core finds on the page as it is now: rule, what is meant, and where, a line for each place.

    It is evaluated like a debugger's code, so that the page's own policy on scripts stays as strict as it is.
    """
    page.evaluate(AXE)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}"
        for rule in page.evaluate(RUN)
        for node in rule["nodes"]
    ]
