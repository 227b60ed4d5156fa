"""What a shop does for a developer while it runs: it follows what is saved, shows its logs, and lends its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from stack.errors import StackError
from stack.gateway import reload_configuration
from stack.lending import is_lent, lend, wanted_parts
from stack.log_tail import LogTail
from stack.places import ERRORS_PAGE, GATEWAY, KIT, own_errors_pages, service_folder
from stack.registry import REGISTRY
from stack.stack import Stack
from stack.watched import Watched

TEMPLATES = [
    GATEWAY / name
    for name in ("nginx.conf", "defaults.env", "templates", "tls", "render-services.sh", "render-trusted-proxies.sh")
]
# A file that is saved may be wrong, half written, or gone for a moment.
UNUSABLE = (StackError, OSError, ValueError)


@dataclass
class Development:
    """
    The developer's side of a running stack. `look` does all that is due; call it a few times a second.

    :param say: shows the developer a line.
    :param render_pages: writes the pages of docs/errors.md anew.
    """

    stack: Stack
    say: Callable[[str], None]
    render_pages: Callable[[], None]
    _lent: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._code = {name: Watched([service_folder(name), KIT], (".py",)) for name in self.stack.services}
        self._templates = Watched(TEMPLATES)
        self._errors_page = Watched([ERRORS_PAGE, *own_errors_pages()])
        # The gateway's is left out: the services log each request too.
        self._logs = LogTail([part for part in self.stack.parts.values() if part.name != "gateway"])

    def look(self) -> None:
        self._show_logs()
        for service, code in self._code.items():
            if code.saved():
                self._restart_processes(service)
        if saved := self._templates.saved():
            self._reload_gateway(saved)
        for page in self._errors_page.saved():
            self._render_pages(page)
        self._take_back()
        self._lend()
        self._notice_ended()

    def _restart_processes(self, service: str) -> None:
        """Gunicorn reloads its own workers; the other processes of a service, and what has ended, start again."""
        processes = REGISTRY[service].processes
        for name in (service, *REGISTRY[service].beside):
            if name in self.stack.parts and name not in self._lent and (name in processes or name in self._ended):
                self._ended.discard(name)
                self.stack.part(name).stop()
                self.stack.part(name).launch()
                self.say(f"{name} | starts with the new code")

    def _reload_gateway(self, saved: list[Path]) -> None:
        names = ", ".join(path.name for path in saved)
        try:
            reload_configuration(self.stack.part("gateway"), self.stack.gateway_settings())
        except UNUSABLE as error:
            self.say(f"gateway | {names}: refused, and nginx goes on with what it had\n{error}")
        else:
            self._ended.discard("gateway")
            self.say(f"gateway | {names}: loaded")

    def _render_pages(self, page: Path) -> None:
        try:
            self.render_pages()
        except UNUSABLE as error:
            self.say(f"gateway | {page.name}: refused, and the pages stay as they were\n{error}")
        else:
            self.say(f"gateway | {page.name} was saved: its pages are written anew")

    def _lend(self) -> None:
        for name in wanted_parts(self.stack.folder):
            if name in self.stack.parts and name not in self._lent:
                self._lent.add(name)
                self._ended.discard(name)
                self.stack.part(name).stop()
                lend(self.stack.folder, name)
                self.say(f"{name} | runs in another terminal now")

    def _take_back(self) -> None:
        for name in sorted(self._lent):
            if not is_lent(self.stack.folder, name):
                self._lent.discard(name)
                self.stack.part(name).launch()
                self.say(f"{name} | runs here again")

    def _notice_ended(self) -> None:
        """A part that ends over a mistake in its code does not end the shop: the next save may repair it."""
        for name in {part.name for part in self.stack.ended()} - self._lent - self._ended:
            self._ended.add(name)
            self._show_logs()
            self.say(f"{name} | has ended. The next save of its code starts it again.")

    def _show_logs(self) -> None:
        for line in self._logs.new_lines():
            self.say(line)
