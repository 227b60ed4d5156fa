"""node, and the packages of package-lock.json."""

import shutil
from pathlib import Path

from driver.programs import lacking

NODE_PACKAGES = Path(__file__).parents[1] / "node_modules"


def find_node() -> str:
    """Return the path of node. Without it or its packages the test is skipped, or fails where CI=true."""
    node = shutil.which("node")
    if node is None or not NODE_PACKAGES.is_dir():
        lacking("node or its packages were not found (apt-get install nodejs npm; make setup)")
    return node
