"""A web server on this computer with a few pages, for what fetches a page."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class PageServer:
    """``pages`` are by path: a type and the bytes, or a status and where to go instead. ``asked`` are the paths asked for."""

    pages: dict[str, tuple[str | int, bytes | str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> PageServer:
        pages, asked = self.pages, self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                kind, content = pages.get(self.path, (404, ""))
                self.send_response(kind if isinstance(kind, int) else 200)
                if isinstance(kind, int):
                    self.send_header("Location", str(content))
                    content = b""
                else:
                    self.send_header("Content-Type", kind)
                data = content if isinstance(content, bytes) else content.encode()
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"
