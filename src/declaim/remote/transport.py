"""One request after the other to one service, over httpx2: bounded, timed, paced, tried again where that is safe.

* The key goes to the origin of the base URL and to nobody else. A redirect is followed within that origin only.
* Every answer is bounded: 20 MB of JSON, and a time for all of it; connecting, reading and writing have time limits.
* 408, 429, 5xx and broken connections are tried again by a :class:`RetryPolicy`; a change that may have been made is only
  repeated where that cannot make it twice (an idempotency key, or a method that sets what it says).
* Proxies of the environment are used, but not to reach this computer.
* May be used from several threads; close it in the end. httpx2 is imported at the first request.
"""

from __future__ import annotations

import copy
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import urljoin, urlsplit

from declaim.errors import InputError, RemoteError, RemoteMisanswered, RemoteRefused, RemoteUnavailable
from declaim.model.work import CancelToken
from declaim.remote.addresses import Origin, check_base_url, origin_of
from declaim.remote.credentials import Credential
from declaim.remote.pacing import Limiter, RetryPolicy, retry_after_s
from declaim.remote.reading import Answer, parse_json
from declaim.remote.request import Request, opened, parameters, plain_name
from declaim.remote.service import Refusal, Service

if TYPE_CHECKING:
    import httpx2

MOST_JSON_BYTES = 20_000_000
_ANSWER_S = 120.0
_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOKEN = re.compile(r"(?<=/embed-token/).+")
"""The one secret that stands in a path."""
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Transport:
    """A connection to one service. Values in, values out; ``limiter`` is shared by whoever shares the connection."""

    def __init__(
        self,
        service: Service,
        base_url: str = "",
        credential: Credential | None = None,
        *,
        allow_insecure: bool = False,
        policy: RetryPolicy | None = None,
        limiter: Limiter | None = None,
        cancel: CancelToken | None = None,
    ) -> None:
        """
        Raises:
            InputError: for a base URL that must not be used.
        """
        self.service = service
        self.base_url = check_base_url(base_url or service.default_base_url, allow_insecure=allow_insecure)
        self.allow_insecure = allow_insecure
        self.limiter = limiter or service.limiter(self.base_url)
        self.cancel = cancel or CancelToken()
        self._origin = origin_of(self.base_url)
        self._credential = credential
        self._policy = policy or RetryPolicy()
        self._clients: dict[tuple[bool, str], httpx2.Client] = {}
        self._making = threading.Lock()

    def __repr__(self) -> str:
        return f"Transport({self.service.name}, {self.base_url})"

    @property
    def sent(self) -> int:
        """Requests sent so far, tries counted one by one."""
        return self.limiter.sent

    def under(self, cancel: CancelToken) -> Transport:
        """The same connection for a job that can be cancelled."""
        other = copy.copy(self)
        other.cancel = cancel
        return other

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Also for those that share it."""
        while self._clients:
            self._clients.popitem()[1].close()

    def ask(self, request: Request, read: Callable[[Answer], T]) -> T:
        """What ``read`` makes of the answer. An answer that ``read`` cannot take is asked for again where that is safe.

        Raises:
            RemoteRefused RemoteUnavailable RemoteMisanswered Cancelled
        """
        return self.try_until_done(request, lambda: self._read(self._answer(request), read))

    def _read(self, answer: Answer, read: Callable[[Answer], T]) -> T:
        """An error of ``read`` gets the request id, if there is one."""
        try:
            return read(answer)
        except RemoteMisanswered as failure:
            failure.status = answer.status
            failure.request_id = self._request_id(answer.body, answer.headers)
            raise

    def _request_id(self, body: bytes, headers: Mapping[str, str]) -> str:
        try:
            told = self.service.read_refusal(parse_json(body)).request_id
        except RemoteMisanswered:
            told = ""
        return self._clean(told or headers.get("x-request-id", ""))[:100]

    def try_until_done(self, request: Request, work: Callable[[], T]) -> T:
        """Calls ``work``, which sends ``request``, as often as the policy says.

        Raises:
            RemoteError: the last one.
        """
        attempt, unclear = 0, False
        while True:
            attempt += 1
            try:
                return work()
            except RemoteRefused as refused:
                refused.after_unclear = unclear
                raise
            except RemoteError as failure:
                failure.maybe_done = request.changes and not _was_not_taken(failure)
                unclear = unclear or failure.maybe_done
                wait = self._policy.wait_after(failure, attempt, is_repeatable=request.is_repeatable)
                if wait is None:
                    failure.maybe_done = unclear
                    raise
                _log.info("%s: %s Again in %.1f s.", self.service.title, failure.message, wait)
            self.cancel.wait(wait)

    def url_of(self, path: str) -> str:
        """Paths are joined by hand: nothing in them can change the host."""
        return path if path.startswith(("http://", "https://")) else f"{self.base_url}/{path.lstrip('/')}"

    @contextmanager
    def open(self, request: Request) -> Iterator[httpx2.Response]:
        """A successful answer whose body is still to be read, or the redirect that was asked for. One try.

        Raises:
            RemoteRefused RemoteUnavailable RemoteMisanswered Cancelled
        """
        url = self.url_of(request.path)
        with ExitStack() as stack:
            for _ in range(_HOPS + 1):
                response = self._send(request, url, stack)
                if response.status_code not in _REDIRECTS:
                    break
                target = joined(url, response.headers.get("location", ""))
                if request.redirect_is_answer:
                    break
                self._check_redirect(request, url, target)
                url = target
            else:
                raise RemoteMisanswered(f"{self.service.title} redirects in a circle.", code="redirected", cure=_BASE_URL_CURE)
            if response.status_code >= 400:
                self._refuse(response)
            if not 200 <= response.status_code < 300 and not request.redirect_is_answer:
                raise RemoteMisanswered(f"{self.service.title} answered with status {response.status_code}.", code="bad_status")
            with self._told():
                yield response

    def _answer(self, request: Request) -> Answer:
        with self.open(request) as response:
            location = ""
            if response.status_code in _REDIRECTS:
                location = joined(str(response.request.url), response.headers.get("location", ""))
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, self._body(response), location)

    def _send(self, request: Request, url: str, stack: ExitStack) -> httpx2.Response:
        self.cancel.check()
        self.limiter.take(self.cancel)
        with self._told():
            client = self._client(origin_of(url))
            sent = self._build(client, request, url, stack)
            _log.debug("%s %s %s", self.service.title, request.method, _TOKEN.sub("…", urlsplit(url).path))
            response = client.send(sent, stream=True, follow_redirects=False)
        stack.callback(response.close)
        return response

    def _build(self, client: httpx2.Client, request: Request, url: str, stack: ExitStack) -> httpx2.Request:
        import httpx2

        headers = {"Accept": "application/json", **request.headers}
        if request.with_key and self._credential is not None and origin_of(url) == self._origin:
            headers.update(self._credential.headers)
        files = {name: (plain_name(path), stack.enter_context(opened(path))) for name, path in request.files.items()}
        return client.build_request(
            request.method,
            url,
            params=parameters(request.query) or None,
            json=request.json,
            data=dict(request.form) or None,
            files=files or None,
            headers=headers,
            timeout=httpx2.Timeout(10.0, read=request.read_timeout_s, write=60.0),
        )

    def _client(self, origin: Origin) -> httpx2.Client:
        """Cookies that a service sets are not kept: a session is sent by the credential, to its own origin.

        What is not encrypted needs no list of certificates, which takes longer to read than most answers to come.
        """
        import http.cookiejar
        import ssl

        import httpx2

        kind = (origin.is_loopback, origin.scheme)
        with self._making:
            if kind not in self._clients:
                for name in ("httpx2", "httpcore2"):
                    logging.getLogger(name).setLevel(logging.WARNING)  # they would log addresses and cookies that are secrets
                jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
                verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if kind == (True, "http") else True
                headers = {"User-Agent": "Declaim"}
                self._clients[kind] = httpx2.Client(cookies=jar, trust_env=not origin.is_loopback, headers=headers, verify=verify)
            return self._clients[kind]

    def _check_redirect(self, request: Request, url: str, target: str) -> None:
        here, there = origin_of(url), origin_of(target)
        if here != there:
            elsewhere = f"{there.scheme}://{there.host}:{there.port}"
            message = f"{self.service.title} redirects from '{here.host}' to '{elsewhere}', where the key must not go."
            raise RemoteMisanswered(message, code="redirected", cure=_BASE_URL_CURE)
        if request.changes:
            raise RemoteMisanswered(
                f"{self.service.title} redirects what was to change something.", code="redirected", cure=_BASE_URL_CURE
            )

    def _body(self, response: httpx2.Response) -> bytes:
        until = time.monotonic() + _ANSWER_S
        announced = response.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > MOST_JSON_BYTES:
            raise _too_large(self.service.title)
        body = bytearray()
        is_question = response.request.method in {"GET", "HEAD"}
        for chunk in response.iter_bytes():
            if is_question:  # the answer of a change is worth a moment: it says what was done
                self.cancel.check()
            body += chunk
            if len(body) > MOST_JSON_BYTES:
                raise _too_large(self.service.title)
            if time.monotonic() > until:
                raise RemoteUnavailable(f"{self.service.title} answers too slowly.", code="slow", cure=_LATER_CURE)
        return bytes(body)

    def _refuse(self, response: httpx2.Response) -> NoReturn:
        status = response.status_code
        with self._told():
            body = self._body(response)
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            refusal = self.service.read_refusal(parse_json(body))
        except RemoteMisanswered:
            refusal = Refusal()
        self.raise_refusal(status, refusal, headers)

    def raise_refusal(self, status: int, refusal: Refusal, headers: Mapping[str, str] | None = None) -> NoReturn:
        """
        Raises:
            RemoteRefused: what the service says no to.
            RemoteUnavailable: what it asks to try later.
        """
        headers = headers or {}
        said = self._clean(refusal.message) or f"status {status}"
        request_id = self._clean(refusal.request_id or headers.get("x-request-id", ""))[:100]
        code = self._clean(refusal.code)[:100]
        if status in {408, 429} or status >= 500:
            later = RemoteUnavailable(
                f"{self.service.title} cannot do it now: {said}.",
                cure=_LATER_CURE,
                status=status,
                code=code,
                request_id=request_id,
            )
            later.retry_after_s = retry_after_s(headers)
            raise later
        message = f"{self.service.title} refused: {said}."
        raise RemoteRefused(message, cure=self.service.cure(status), status=status, code=code, request_id=request_id)

    def _clean(self, text: str) -> str:
        """One line without the key."""
        plain = "".join(letter if letter.isprintable() else " " for letter in text)
        hidden = self._credential.without_secrets(plain) if self._credential else plain
        return hidden.strip().rstrip(".")[:300]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """httpx2's errors in our words."""
        import httpx2

        title, host = self.service.title, self._origin.host
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as error:
            raise _unreachable(title, host, str(error)) from error
        except (httpx2.DecodingError, httpx2.InvalidURL, httpx2.LocalProtocolError, httpx2.UnsupportedProtocol) as error:
            raise RemoteMisanswered(
                f"{title} answered with what cannot be read: {self._clean(str(error))}.", code="unreadable"
            ) from error
        except httpx2.TimeoutException as error:
            raise RemoteUnavailable(f"{title} did not answer in time.", code="timeout", cure=_LATER_CURE) from error
        except httpx2.TransportError as error:
            raise RemoteUnavailable(f"The connection to {title} broke off.", code="broken", cure=_LATER_CURE) from error


_LATER_CURE = "Try again later."
_BASE_URL_CURE = "Check the base URL of this connection."


def joined(url: str, location: str) -> str:
    """Where a redirect leads.

    Raises:
        RemoteMisanswered: to no address.
    """
    try:
        target = urljoin(url, location)
        origin_of(target)
    except (ValueError, InputError):
        raise RemoteMisanswered("A redirect leads to no address.", code="redirected") from None
    return target


def _was_not_taken(failure: RemoteError) -> bool:
    """Nothing can have been done: it was not reached, or it says that it is busy."""
    return failure.code in {"unreachable", "tls"} or failure.status == 429


def _unreachable(title: str, host: str, reason: str) -> RemoteUnavailable:
    if "certificate" in reason.lower() or "ssl" in reason.lower():
        cure = "Check the base URL, and the date and time of this computer."
        return RemoteUnavailable(
            f"'{host}' could not prove that it is {title}: its certificate is not good.", code="tls", cure=cure
        )
    cure = "Check the network and the base URL of this connection."
    return RemoteUnavailable(f"{title} could not be reached at '{host}'.", code="unreachable", cure=cure)


def _too_large(title: str) -> RemoteMisanswered:
    return RemoteMisanswered(f"The answer of {title} is larger than {MOST_JSON_BYTES // 1_000_000} MB.", code="too_large")
