"""A keyring in memory, and one that refuses."""

from __future__ import annotations

from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}
        self.questions = 0

    def get_password(self, service, username):
        self.questions += 1
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class RefusingKeyring(MemoryKeyring):
    """Locked, and the user closed the question; its errors say more than they should."""

    def get_password(self, service, username):
        raise RuntimeError("locked")

    def set_password(self, service, username, password):
        raise RuntimeError(f"cannot keep {password}")
