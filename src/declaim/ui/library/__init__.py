"""The left column: the tree of the library, its search and its filters."""
