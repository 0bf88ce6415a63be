"""The `cupola` command. Modules here parse, call engines and actions, and print; rules live below."""

from cupola.cli.app import main

__all__ = ["main"]
