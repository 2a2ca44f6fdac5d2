"""Sheets over the window, each built when it is asked for."""
