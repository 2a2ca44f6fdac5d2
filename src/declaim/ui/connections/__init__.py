"""Remote services in the window. Nothing here is imported before the user asks for it or has a connection."""
