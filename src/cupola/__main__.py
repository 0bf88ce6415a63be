"""`python -m cupola` is the `cupola` command."""

from cupola.cli import main

if __name__ == "__main__":
    main()
