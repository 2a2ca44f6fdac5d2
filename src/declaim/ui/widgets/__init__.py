"""Parts that know nothing of the studio."""
