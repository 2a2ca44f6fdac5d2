"""Connections: accounts at remote services. The key is read once, tried with one harmless request, and kept in the keyring."""

from __future__ import annotations

import dataclasses
import logging
import os
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from declaim.errors import InputError, RemoteError
from declaim.jobs import Jobs
from declaim.model.ids import JobId, ProjectId
from declaim.model.remote import Connection, ConnectionId
from declaim.model.work import CancelToken, Progress
from declaim.remote import (
    NO_RETRY,
    Client,
    Limiter,
    Respeecher,
    RetryPolicy,
    check_base_url,
    find_service,
    open_client,
    session_secret,
)
from declaim.storage import KeyringMissing, KeyStore, Library

_log = logging.getLogger(__name__)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Access:
    """What a worker needs to speak to a service. ``secret`` is given only for the first try, before the key is kept."""

    service: str
    name: str
    base_url: str
    key_name: str = ""
    key_env: str = ""
    sign_in: str = "key"
    requests_per_minute: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    secret: str = field(default="", repr=False)

    def open(self, cancel: CancelToken, *, policy: RetryPolicy | None = None, limiter: Limiter | None = None) -> Client:
        """In a worker: the keyring may take a while. Close its transport.

        Raises:
            InputError: where there is no key.
        """
        return open_client(
            self.service,
            self.secret or self._find_secret(),
            base_url=self.base_url,
            sign_in=self.sign_in,
            organization_id=str(self.settings.get("organization_id", "")),
            allow_insecure=bool(self.settings.get("allow_insecure")),
            requests_per_minute=self.requests_per_minute,
            limiter=limiter,
            policy=policy,
            cancel=cancel,
        )

    def _find_secret(self) -> str:
        if self.key_env:
            found = os.environ.get(self.key_env, "").strip()
            if not found:
                cure = f"Set the environment variable {self.key_env}, or connect again."
                raise InputError(f"There is no key for the connection '{self.name}'.", cure=cure)
            return found
        found = KeyStore().find(self.key_name)
        if not found:
            raise InputError(f"The keyring has no key for the connection '{self.name}'.", cure="Disconnect and connect it again.")
        return found


@dataclass(frozen=True)
class ConnectionWish:
    """What the user chose. The key is in ``secret``; with ``key_env`` that variable is where it came from.

    With ``email``, ``secret`` is the password of a login: sent once, kept nowhere; what is kept is the session that it opens.
    """

    service: str
    secret: str = field(repr=False)
    base_url: str = ""
    name: str = ""
    key_env: str = ""
    email: str = ""
    requests_per_minute: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sign_in(self) -> str:
        return "session" if self.email else "key"


class Connections:
    """Main thread only; what asks the service or the keyring runs in jobs."""

    def __init__(self, library: Library, jobs: Jobs) -> None:
        self._library = library
        self._jobs = jobs

    def all(self, project_id: ProjectId | None = None) -> tuple[Connection, ...]:
        return self._library.connections.all(project_id)

    def find(self, name: str) -> Connection:
        """By its name, or its number.

        Raises:
            InputError: where there is none.
        """
        found = self._library.connections.find(name)
        if found is None:
            known = ", ".join(each.name for each in self.all()) or "none"
            raise InputError(f"There is no connection '{name}'.", cure=f"There are: {known}. Make one with 'declaim connect'.")
        return found

    def access(self, connection: Connection) -> Access:
        return Access(
            connection.service,
            connection.name,
            connection.base_url,
            connection.key_name,
            connection.key_env,
            connection.sign_in,
            connection.requests_per_minute,
            connection.settings,
        )

    def connect(
        self,
        project_id: ProjectId,
        wish: ConnectionWish,
        done: Callable[[ConnectionId], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Starts a job that tries the key with one harmless request; only then is anything kept.

        Raises:
            InputError: at once, for a name that is taken or an address that no key must be sent to.
        """
        service = find_service(wish.service)
        insecure = bool(wish.settings.get("allow_insecure"))
        base_url = check_base_url(wish.base_url or service.default_base_url, allow_insecure=insecure)
        if wish.key_env and not _VARIABLE.fullmatch(wish.key_env):
            raise InputError(f"'{wish.key_env}' is not the name of a variable.", cure="Give the name, not the key.")
        name = self._free_name(wish)
        key_name = f"connection-{uuid.uuid4().hex[:12]}"
        access = Access(wish.service, name, base_url, "", "", wish.sign_in, wish.requests_per_minute, wish.settings)

        def work(cancel: CancelToken, _progress: Progress) -> bool:
            secret = _log_in(access, wish, cancel) if wish.email else wish.secret
            _verify(dataclasses.replace(access, secret=secret), cancel)
            return _keep_key(key_name, secret, wish.key_env)

        def keep(is_kept: bool) -> None:
            with self._library.transaction("Connect", undoable=False):
                connection_id = self._library.connections.add(
                    project_id,
                    wish.service,
                    name,
                    base_url,
                    key_name=key_name if is_kept else "",
                    key_env="" if is_kept else wish.key_env,
                    sign_in=wish.sign_in,
                    requests_per_minute=wish.requests_per_minute,
                    settings=wish.settings,
                )
            done(connection_id)

        return self._jobs.start(f"Connect {service.title}", work, done=keep, failed=failed)

    def disconnect(
        self, connection: Connection, done: Callable[[], None], failed: Callable[[Exception], None] | None = None
    ) -> JobId:
        """Forgets the connection and its key, and ends a session. What was made with it stays, here and there."""
        access = self.access(connection)

        def work(cancel: CancelToken, _progress: Progress) -> None:
            if access.sign_in == "session":
                _log_out(access, cancel)
            if access.key_name:
                KeyStore().forget(access.key_name)

        def keep(_nothing: None) -> None:
            with self._library.transaction("Disconnect", undoable=False):
                self._library.connections.trash(connection.id)
            done()

        return self._jobs.start(f"Disconnect {connection.name}", work, done=keep, failed=failed)

    def _free_name(self, wish: ConnectionWish) -> str:
        if wish.name:
            if self._library.connections.find(wish.name):
                raise InputError(f"There is a connection '{wish.name}' already.", cure="Choose another name.")
            return wish.name
        taken = {each.name.casefold() for each in self.all()}
        names = [wish.service, *(f"{wish.service}-{number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)


def _verify(access: Access, cancel: CancelToken) -> None:
    client = access.open(cancel, policy=NO_RETRY)
    with client.transport:
        client.verify()


def _log_in(access: Access, wish: ConnectionWish, cancel: CancelToken) -> str:
    """The session, as one text without blanks.

    Raises:
        InputError: for a service that knows no login.
    """
    client = open_client(
        access.service, "", base_url=access.base_url, allow_insecure=bool(access.settings.get("allow_insecure")), cancel=cancel
    )
    with client.transport:
        if not isinstance(client, Respeecher):
            raise InputError(f"{client.transport.service.title} has no login.", cure="Connect with a key.")
        opened = client.login({"email": wish.email, "password": wish.secret})
    return session_secret(opened.session_id, opened.csrf_token).replace(" ", "")


def _log_out(access: Access, cancel: CancelToken) -> None:
    """A session that is over already is no hindrance."""
    try:
        client = access.open(cancel, policy=NO_RETRY)
        with client.transport:
            if isinstance(client, Respeecher):
                client.logout()
    except (RemoteError, InputError) as error:
        _log.info("The session of %s was not ended: %s", access.name, error)


def _keep_key(key_name: str, secret: str, key_env: str) -> bool:
    """Whether the keyring has it. Where there is none, the variable's name is all that is remembered.

    Raises:
        KeyringMissing: where there is no keyring and no variable.
    """
    try:
        KeyStore().keep(key_name, secret)
    except KeyringMissing as missing:
        if key_env:
            return False
        cure = "Put the key into an environment variable and name that instead (in the terminal: --key-env NAME)."
        raise KeyringMissing(missing.message, cure=cure) from None
    return True
