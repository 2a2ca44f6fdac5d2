"""What exists: frozen values, enums and ids. Standard library only (numpy in ``clip``); imports nothing of Declaim but errors."""
