"""A gate of a few lines on this computer, for what the training gate does not do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class QuietHandler(BaseHTTPRequestHandler):
    """Answers what is posted, and says nothing of it."""

    def do_POST(self) -> None:
        self.post()

    def post(self) -> None:
        """Read the request and `answer` it."""
        raise NotImplementedError

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is sent holds identifiers, and a peer that was killed is expected here."""

    def answer(self, status: int, body: bytes) -> None:
        """A whole JSON answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Loopback(ThreadingHTTPServer):
    """Its handlers are threads that end with the process."""

    daemon_threads = True

    def __init__(self, handler: type[QuietHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a peer that was killed, or gave its connection up, leaves a broken pipe behind."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/v1"

    @contextmanager
    def serving(self) -> Iterator[None]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self.server_close()
