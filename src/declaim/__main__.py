"""``python -m declaim``."""

from declaim.cli import main

if __name__ == "__main__":
    main()
