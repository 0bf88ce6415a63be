"""Make the virtual environment, with whatever this machine has. Needs only the standard library.

Debian's python3 comes without ensurepip; then pip is borrowed from the machine, and when there is none the message says
which package to install. Usage: python3 tools/venv.py .venv
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")


def find_python() -> str:
    """Return the interpreter to use: this one, or the first new enough one on the path."""
    if sys.version_info >= OLDEST:
        return sys.executable
    found = next(filter(None, map(shutil.which, NEWER)), None)
    if found is None:
        sys.exit(
            f"Cupola needs Python {OLDEST[0]}.{OLDEST[1]} or newer; python3 here is {sys.version.split()[0]}.\n"
            "Install a newer one, then say which: make setup PYTHON=/path/to/python3.12"
        )
    return found


def has_module(python: str, name: str) -> bool:
    """Say whether an interpreter can import a module."""
    if python == sys.executable:
        return importlib.util.find_spec(name) is not None
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def make_venv(python: str, target: Path) -> None:
    """Make `target`, with pip in it; stop with a message that names the missing system package."""
    if not has_module(python, "venv"):
        sys.exit("This Python has no venv module. On Debian or Ubuntu: apt-get install python3-venv")
    if has_module(python, "ensurepip"):
        subprocess.run([python, "-m", "venv", str(target)], check=True)
        return
    if not has_module(python, "pip"):
        sys.exit(
            "This Python can make no virtual environment with pip in it (it has neither ensurepip nor pip).\n"
            "On Debian or Ubuntu: apt-get install python3-venv   On Fedora: dnf install python3-pip\n"
            "Then run the same make command again."
        )
    subprocess.run([python, "-m", "venv", "--without-pip", str(target)], check=True)
    inside = target / "bin" / "python"
    subprocess.run([python, "-m", "pip", "--python", str(inside), "install", "-q", "pip"], check=True)


def main() -> None:
    """Make the environment named on the command line; leave nothing half made."""
    target = Path(sys.argv[1])
    try:
        make_venv(find_python(), target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


if __name__ == "__main__":
    main()
