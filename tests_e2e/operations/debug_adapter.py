"""A small client of the Debug Adapter Protocol, which editors speak with debugpy."""

import json
import socket
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Message = dict[str, Any]


class DebugAdapter:
    """
    One debugger that is attached to a process.

        with DebugAdapter(5678) as debugger:
            debugger.break_at(path, line)
            stopped = debugger.wait_for("stopped")
    """

    def __init__(self, port: int, *, timeout: float = 30.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._stream = self._socket.makefile("rwb")
        self._numbers = count(1)
        self._events: list[Message] = []

    def __enter__(self) -> Self:
        self.request("initialize", adapterID="debugpy", linesStartAt1=True, columnsStartAt1=True, pathFormat="path")
        self._send("attach", justMyCode=True)  # it is answered only after `configurationDone`
        self.wait_for("initialized")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._send("disconnect", terminateDebuggee=False)
        self._stream.close()
        self._socket.close()

    def break_at(self, path: Path, line: int) -> None:
        """Set a breakpoint, the only one of that file, and let the process go on."""
        self.request("setBreakpoints", source={"path": str(path)}, breakpoints=[{"line": line}])
        self.request("configurationDone")

    def local_variables(self, thread: int) -> dict[str, str]:
        """Return the local variables of the function in which a thread stands still, as text."""
        frames = self.request("stackTrace", threadId=thread, levels=1)["stackFrames"]
        scopes = self.request("scopes", frameId=frames[0]["id"])["scopes"]
        shown = self.request("variables", variablesReference=scopes[0]["variablesReference"])["variables"]
        return {variable["name"]: variable["value"] for variable in shown}

    def request(self, command: str, **arguments: object) -> Message:
        """Return the body of the answer."""
        number = self._send(command, **arguments)
        while True:
            message = self._receive()
            if message["type"] == "event":
                self._events.append(message)
            elif message["type"] == "response" and message["request_seq"] == number:
                assert message["success"], message
                body: Message = message.get("body", {})
                return body

    def wait_for(self, event: str) -> Message:
        """Return the body of the next event of that name."""
        while True:
            for message in self._events:
                if message["event"] == event:
                    self._events.remove(message)
                    body: Message = message.get("body", {})
                    return body
            message = self._receive()
            if message["type"] == "event":
                self._events.append(message)

    def _send(self, command: str, **arguments: object) -> int:
        number = next(self._numbers)
        content = json.dumps({"seq": number, "type": "request", "command": command, "arguments": arguments}).encode()
        self._stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._stream.flush()
        return number

    def _receive(self) -> Message:
        length = 0
        while line := self._stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the debug adapter has closed the connection"
        message: Message = json.loads(self._stream.read(length))
        return message
