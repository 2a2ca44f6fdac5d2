"""Two kinds of error.

* ``DeclaimError``: the world is not as it should be. Shown in the user's words: what, why, and the cure.

  * ``InputError``: a source, a script or an argument cannot be used
  * ``LibraryError``: the library cannot be opened or written

    - ``LibraryTooNew`` ``LibraryInUse`` ``LibraryDamaged`` ``LibraryReadOnly``

  * ``VoiceError``: a voice cannot speak

    - ``VoiceUnknown`` ``VoiceNotReady`` ``VoiceKeyMissing`` ``VoiceOffline`` ``VoiceCrashed`` ``ModelDamaged``

  * ``CostNotAgreed``: it would cost more than the user wants to pay without being asked
  * ``AudioError``: a sound cannot be read, written, played or recorded
  * ``FileInUse``: another program holds a file that is to be replaced; ``NotAFile``: it is a device or a pipe; both are an
    ``OSError`` too
  * ``RemoteError``: a service refused or did not answer

    - ``RemoteRefused`` ``RemoteUnavailable`` ``RemoteMisanswered``

  * ``Cancelled``: the user asked to stop; not a failure

Anything else that escapes is a bug in Declaim: it is logged with its traceback and shown in a report.
"""

from __future__ import annotations


class DeclaimError(Exception):
    """What went wrong, why, and ``cure``: what the user can do about it.

    ``is_offline``: nothing was wrong but the network; the same will do once it is there.
    """

    is_offline = False

    def __init__(self, message: str, *, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.message} {self.cure}".strip()


class InputError(DeclaimError):
    """A source, a script or an argument cannot be used."""


class LibraryError(DeclaimError):
    """The library cannot be opened or written."""


class LibraryTooNew(LibraryError):
    """The library was written by a newer Declaim."""


class LibraryInUse(LibraryError):
    """Another Declaim holds the library."""


class LibraryDamaged(LibraryError):
    """The library's integrity check failed."""


class LibraryReadOnly(LibraryError):
    """The library's folder or file cannot be written."""


class VoiceError(DeclaimError):
    """A voice cannot speak."""


class VoiceUnknown(VoiceError):
    """No engine has a voice of this id."""


class VoiceNotReady(VoiceError):
    """The engine of the voice lacks something: a package, a model, a system library."""


class VoiceKeyMissing(VoiceNotReady):
    """The engine of the voice needs a key that is not there."""


class VoiceOffline(VoiceError):
    """The service of the voice cannot be reached."""

    is_offline = True


class VoiceCrashed(VoiceError):
    """The process of the voice's engine ended while it spoke. The same line may be asked for once more: nothing else is then
    spoken beside it, so that a second crash is its own."""


class ModelDamaged(VoiceError):
    """A model file is not the one that was pinned."""


class CostNotAgreed(DeclaimError):
    """Nothing was sent: it would cost ``cost_usd``, and the user's limit is ``limit_usd``."""

    def __init__(self, cost_usd: float, limit_usd: float, *, cure: str = "Agree to it, or raise the limit in Settings.") -> None:
        super().__init__(f"This will cost about ${cost_usd:.2f}, which is more than your limit of ${limit_usd:.2f}.", cure=cure)
        self.cost_usd, self.limit_usd = cost_usd, limit_usd


class AudioError(DeclaimError):
    """A sound cannot be read, written, played or recorded."""


class FileInUse(DeclaimError, PermissionError):
    """Another program holds a file that is to be replaced. Whoever may go on without the file takes it as what it is, an
    ``OSError``."""

    def __init__(self, name: str) -> None:
        cure = "Close the program that has it open, as a player or an editor, and try again."
        super().__init__(f"'{name}' cannot be replaced: another program holds it, or it may not be written.", cure=cure)


class NotAFile(DeclaimError, OSError):
    """What is to be written is a device, a pipe or a socket. An ``OSError`` too, as ``FileInUse``."""

    def __init__(self, path: object, kind: str) -> None:
        super().__init__(f"'{path}' is {kind}, not a file.", cure="Name a file.")


class RemoteError(DeclaimError):
    """A remote service refused or did not answer.

    ``status`` is HTTP's (None without an answer), ``code`` the service's own or ours, ``request_id`` what its support asks for.
    ``maybe_done``: a wish to change something whose outcome is unknown; look before sending it again.
    """

    def __init__(self, message: str, *, cure: str = "", status: int | None = None, code: str = "", request_id: str = "") -> None:
        super().__init__(message, cure=cure)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.maybe_done = False

    def __str__(self) -> str:
        told = f" (request {self.request_id})" if self.request_id else ""
        return f"{super().__str__()}{told}"


class RemoteRefused(RemoteError):
    """The service understood and said no: sending the same again would change nothing.

    ``after_unclear``: an earlier try of the same request broke off, so a 404 may well be the answer to what it had done.
    """

    after_unclear = False

    @property
    def is_missing(self) -> bool:
        """There is no such thing there, or no longer. BotTalk says so with status 200."""
        return self.status in {404, 410} or self.code == "not_found"


class RemoteUnavailable(RemoteError):
    """No answer, or one that asks to come back later, after ``retry_after_s`` where it says so."""

    retry_after_s: float | None = None


class RemoteMisanswered(RemoteError):
    """An answer that is not what the published contract says: nothing of it is used."""


class Cancelled(DeclaimError):
    """The user asked to stop. What was finished is kept."""

    def __init__(self, message: str = "Stopped. What was finished is kept.", *, cure: str = "") -> None:
        super().__init__(message, cure=cure)
