"""The queue: every job with its progress, the time left, and what can be done with it."""
