"""A real HTTP server on this machine that answers as it is told: with delays, cut connections, lies about lengths."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    at: float


@dataclass(frozen=True)
class Reply:
    """``cut_after``: the connection is closed after so many bytes of the body, whatever its length says. ``trickle_s``: waited
    between pieces of 64 bytes."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    delay_s: float = 0.0
    cut_after: int | None = None
    trickle_s: float = 0.0
    claimed_length: int | None = None

    @classmethod
    def of(cls, plain: Any, status: int = 200, **more: Any) -> Reply:
        return cls(status, json.dumps(plain).encode(), **more)


class LoopbackServer:
    """Subclasses say in ``answer`` what an ordinary request gets; ``enqueue`` what the next ones get instead."""

    def __init__(self) -> None:
        self.history: list[Seen] = []
        self.delay_s = 0.0
        self.gate = threading.Event()
        """While it is not set, nothing is answered."""
        self.gate.set()
        self.under_way = self.most_under_way = 0
        self._queue: deque[Reply | Callable[[Seen], Reply]] = deque()
        self._lock = threading.Lock()
        self._released = threading.Event()

    def enqueue(self, *replies: Reply | Callable[[Seen], Reply]) -> None:
        """For the next requests that ask for sound or text; questions about voices and models go on as they are."""
        self._queue.extend(replies)

    def answer(self, seen: Seen) -> Reply:
        raise NotImplementedError

    def is_question(self, seen: Seen) -> bool:
        """Whether it is about voices or models, and so free."""
        return seen.method == "GET"

    @property
    def asked(self) -> list[Seen]:
        """What would have been paid for."""
        return [seen for seen in self.history if not self.is_question(seen)]

    @contextmanager
    def running(self, secured: ssl.SSLContext | None = None) -> Iterator[str]:
        """Gives the base URL."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            def do_POST(self) -> None:
                outer._serve(self)

            def log_message(self, *_args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_args: Any) -> None:
                pass  # a client that has gone away

        server = Server(("127.0.0.1", 0), Handler)
        if secured is not None:
            server.socket = secured.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
        thread.start()
        try:
            yield f"http{'s' if secured else ''}://127.0.0.1:{server.server_port}"
        finally:
            self._released.set()
            server.shutdown()
            thread.join()
            server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        raw = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        seen = Seen(handler.command, handler.path, headers, json.loads(raw) if raw else None, time.monotonic())
        with self._lock:
            self.history.append(seen)
            queued = None if self.is_question(seen) or not self._queue else self._queue.popleft()
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            reply = queued(seen) if callable(queued) else queued or self.answer(seen)
            while not self.gate.wait(0.05) and not self._released.is_set():
                pass
            self._released.wait(reply.delay_s or (0.0 if self.is_question(seen) else self.delay_s))
        finally:
            with self._lock:
                self.under_way -= 1
        self._send(handler, reply)

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        length = len(reply.body) if reply.claimed_length is None else reply.claimed_length
        handler.send_header("content-length", str(length))
        handler.end_headers()
        if reply.cut_after is not None:
            handler.wfile.write(reply.body[: reply.cut_after])
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        elif reply.trickle_s:
            for at in range(0, len(reply.body), 64):
                handler.wfile.write(reply.body[at : at + 64])
                handler.wfile.flush()
                if self._released.wait(reply.trickle_s):
                    return
        else:
            handler.wfile.write(reply.body)
