"""A real HTTP server on this computer, in threads, that keeps its state in memory and fails when it is told to.

A service is a subclass with a table of routes. Every request is logged before anything happens to it. ``fail`` queues a fault
for the next requests that fit; ``fail_every`` lets every n-th request fail, with one kind of fault after the other.
"""

from __future__ import annotations

import base64
import email.utils
import io
import json
import math
import re
import socket
import struct
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BEFORE = ("500", "503", "503-seconds", "503-date", "429", "cut-before", "redirect")
"""Faults with which the work is not done."""
AFTER = ("500-after", "cut-after", "slow", "truncated", "html", "wrong-type", "empty")
"""Faults with which it is."""
FAULTS = BEFORE + AFTER
NOW = 1_768_746_600  # 2026-01-18T14:30:00Z


@dataclass(frozen=True)
class Logged:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    @property
    def parts(self) -> dict[str, tuple[dict[str, str], bytes]]:
        """Of a multipart form: name -> (its disposition and type, its bytes)."""
        boundary = re.search(r'boundary="?([^";]+)', self.headers.get("content-type", ""))
        assert boundary, "not a multipart form"
        found = {}
        for part in self.body.split(b"--" + boundary.group(1).encode())[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            words = head.decode()
            fields = dict(re.findall(r'(\w+)="([^"]*)"', words))
            fields |= {"type": kind.group(1)} if (kind := re.search(r"Content-Type: (\S+)", words, re.IGNORECASE)) else {}
            found[fields["name"]] = (fields, content.removesuffix(b"\r\n"))
        return found


@dataclass
class Reply:
    json: Any = None
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[int, dict[str, str], bytes]:
        body = self.body if self.body is not None else b"" if self.json is None else json.dumps(self.json).encode()
        kind = {} if self.body is not None or self.json is None else {"Content-Type": "application/json"}
        return self.status, {**kind, **self.headers}, body


@dataclass
class Fault:
    kind: str
    times: int
    where: re.Pattern[str]
    reply: Reply | None = None
    wait_s: float = 0.0


class Cut(Exception):
    """The connection is closed without a word."""


Handler = Callable[..., Reply]


class LoopbackServer:
    """Use as a context manager. ``routes`` are (method, path with ``{names}``, function of the request and those names)."""

    prefix = ""
    """What the base URL has beyond the host."""

    def __init__(self) -> None:
        self.log: list[Logged] = []
        self.latency_s = 0.0
        self.slow_s = 0.3
        self.elsewhere = "http://127.0.0.1:1"
        self.lock = threading.RLock()
        self._faults: list[Fault] = []
        self._every = 0
        self._kinds: tuple[str, ...] = ()
        self._counted = 0
        self._serial = 0
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        return self.origin + self.prefix

    def route(self, method: str, path: str, handler: Handler) -> None:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.prefix + path)
        self._routes.append((method, re.compile(pattern), handler))

    def fail(self, kind: str, *, times: int = 1, on: str = "", reply: Reply | None = None, wait_s: float = 0.0) -> None:
        """The next ``times`` requests whose ``METHOD /path`` has ``on`` (a regular expression) in it; ``reply`` for ``reply``."""
        assert kind in FAULTS or kind in {"reply", "huge", "halved"}, kind
        with self.lock:
            self._faults.append(Fault(kind, times, re.compile(on), reply, wait_s))

    def fail_every(self, count: int, kinds: tuple[str, ...] = FAULTS) -> None:
        with self.lock:
            self._every, self._kinds, self._counted = count, kinds, 0

    def work_again(self) -> None:
        with self.lock:
            self._faults.clear()
            self._every = 0

    def asked(self, pattern: str = "") -> list[Logged]:
        """The logged requests whose ``METHOD /path`` has ``pattern`` in it."""
        with self.lock:
            return [entry for entry in self.log if re.search(pattern, f"{entry.method} {entry.path}")]

    # For the services

    def new_id(self) -> str:
        self._serial += 1
        return f"00000000-0000-4000-8000-{self._serial:012d}"

    def now(self) -> str:
        """Later with each new id, and the same in every run."""
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(NOW + self._serial))

    def guard(self, _request: Logged) -> Reply | None:
        """What a request without a good key gets."""
        return None

    def not_found(self) -> Reply:
        return Reply({"detail": "Not found"}, 404)

    # One request

    def answer(self, request: Logged) -> tuple[int, dict[str, str], bytes]:
        with self.lock:
            self.log.append(request)
            fault = self._fault_for(request)
        if self.latency_s:
            time.sleep(self.latency_s)
        if fault is not None and fault.kind in (*BEFORE, "reply"):
            return self._broken_before(fault).encoded()
        with self.lock:
            reply = self._work(request)
        return reply.encoded() if fault is None else self._broken_after(fault, reply)

    def _work(self, request: Logged) -> Reply:
        refused = self.guard(request)
        if refused is not None:
            return refused
        for method, pattern, handler in self._routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                return handler(request, **{name: unquote(value) for name, value in found.groupdict().items()})
        if any(pattern.fullmatch(request.path) for _, pattern, _ in self._routes):
            return Reply({"detail": "Method Not Allowed"}, 405)
        return self.not_found()

    def _fault_for(self, request: Logged) -> Fault | None:
        for fault in self._faults:
            if fault.times > 0 and fault.where.search(f"{request.method} {request.path}"):
                fault.times -= 1
                return fault
        if not self._every:
            return None
        self._counted += 1
        if self._counted % self._every:
            return None
        return Fault(self._kinds[(self._counted // self._every - 1) % len(self._kinds)], 0, re.compile(""))

    def _broken_before(self, fault: Fault) -> Reply:
        if fault.kind == "cut-before":
            raise Cut
        if fault.kind == "reply":
            assert fault.reply is not None
            return fault.reply
        if fault.kind == "redirect":
            return Reply(status=307, headers={"Location": f"{self.elsewhere}/taken"})
        if fault.kind == "503-seconds":
            return Reply({}, 503, headers={"Retry-After": str(math.ceil(fault.wait_s))})
        if fault.kind == "503-date":
            return Reply({}, 503, headers={"Retry-After": email.utils.formatdate(time.time() + fault.wait_s, usegmt=True)})
        return Reply({}, int(fault.kind))

    def _broken_after(self, fault: Fault, reply: Reply) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = reply.encoded()
        if fault.kind == "cut-after":
            raise Cut
        if fault.kind == "500-after":
            return Reply({}, 500).encoded()
        if fault.kind == "slow":
            time.sleep(fault.wait_s or self.slow_s)
        elif fault.kind == "truncated":
            body = body[: len(body) // 2]
        elif fault.kind == "halved":
            headers, body = {**headers, "Content-Length": str(len(body))}, body[: len(body) // 2]
        elif fault.kind == "empty":
            body = b""
        elif fault.kind == "html":
            headers, body = {"Content-Type": "text/html"}, b"<!doctype html><title>Maintenance</title>"
        elif fault.kind == "huge":
            headers = {**headers, "Content-Length": str(10_000_000_000)}
        elif fault.kind == "wrong-type":
            headers, body = {"Content-Type": "application/json"}, _of_wrong_type(body)
        return status, headers, body


def _of_wrong_type(body: bytes) -> bytes:
    """Every id becomes a number; where there is none, so does everything."""
    try:
        value = json.loads(body)
    except ValueError:
        return b"42"
    changed = _without_ids(value)
    return json.dumps(changed if changed != value else 42).encode()


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        return {name: 17 if name == "id" else _without_ids(item) for name, item in value.items()}
    return value


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, service: LoopbackServer) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is what the tests want; everything else shows as a missing answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            query.setdefault(name, []).append(value)
        body = self._read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            status, sent, answer = self.server.service.answer(Logged(self.command, parts.path, query, headers, body))  # type: ignore[attr-defined]
        except Cut:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        self._write(status, {"Content-Length": str(len(answer)), **sent}, answer)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _write(self, status: int, headers: dict[str, str], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('', ''))[0]}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + (b"" if self.command == "HEAD" else body))
        if int(headers["Content-Length"]) != len(body):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815  http.server's names

    def log_message(self, *_args) -> None:
        """The log is a list."""


class Elsewhere(LoopbackServer):
    """Another host: nothing that belongs to a service may come here. It says yes to everything."""

    def _work(self, request: Logged) -> Reply:
        return Reply({"success": True, "result": "ok", "data": {"id": "elsewhere"}, "id": "elsewhere"})


class Storage(LoopbackServer):
    """Files behind signed addresses, on a host of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[str, bytes]] = {}

    def put(self, path: str, content: bytes, kind: str = "audio/mpeg") -> str:
        self.files[path] = (kind, content)
        return f"{self.origin}{path}"

    def _work(self, request: Logged) -> Reply:
        if request.path not in self.files:
            return Reply(status=404)
        kind, content = self.files[request.path]
        return Reply(body=content, headers={"Content-Type": kind})


def cursor_of(value: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def value_of(cursor: str) -> dict[str, Any]:
    return json.loads(base64.b64decode(cursor))


@lru_cache
def tone_wav(hz: float = 440.0, seconds: float = 0.1, rate_hz: int = 16_000) -> bytes:
    """A short sound, different for each pitch."""
    samples = [round(8000 * math.sin(2 * math.pi * hz * place / rate_hz)) for place in range(int(seconds * rate_hz))]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return buffer.getvalue()


@lru_cache
def tone_mp3(hz: float = 440.0, seconds: float = 0.1) -> bytes:
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(16_000)
    encoder.set_channels(1)
    encoder.silence()
    with wave.open(io.BytesIO(tone_wav(hz, seconds))) as file:
        return bytes(encoder.encode(file.readframes(file.getnframes())) + encoder.flush())
