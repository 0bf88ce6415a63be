"""Write the locked requirements from pyproject.toml: exact versions, the registry's hashes, no address of any index.

Usage: python tools/lock.py [--upgrade]. Four files: base.txt (what Cupola runs on), dev.txt (the same and everything
that tests and checks it), bench.txt (the peers that benchmarks run beside us), node.txt (npm, for machines that have
none). Folders of local packages and extra indexes that this machine may have configured are left out, so that the
hashes are those everyone else will see. Run it with the oldest Python we support: its packages hold those of others.
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
COMPILE = (
    *(sys.executable, "-m", "piptools", "compile", "--quiet", "--strip-extras", "--generate-hashes", "--allow-unsafe"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options"),
)
LOCAL_ONLY = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL")
HEADER = "# Locked by `make lock` from pyproject.toml ({what}). Do not edit.\n"


def registry_only() -> dict[str, str]:
    """Return the environment without what only this machine offers."""
    kept = {name: value for name, value in os.environ.items() if name not in LOCAL_ONLY}
    return kept | {"PIP_CONFIG_FILE": os.devnull}


def compile_lock(name: str, requirements: list[str], *, what: str, options: list[str]) -> None:
    """Write requirements/<name>.txt. An existing file keeps its versions where they still fit."""
    target = ROOT / "requirements" / f"{name}.txt"
    target.touch()
    subprocess.run(
        [*COMPILE, *options, "--output-file", str(target), "-"],
        input="\n".join(requirements),
        text=True,
        cwd=ROOT,
        env=registry_only(),
        check=True,
    )
    text = target.read_text(encoding="utf-8").replace("-r -", "pyproject.toml").replace(f"{ROOT}/", "")
    target.write_text(HEADER.format(what=what) + text, encoding="utf-8")


def main() -> None:
    """Compile the four files, each from its part of pyproject.toml."""
    if sys.version_info[:2] != OLDEST:
        sys.exit(f"lock with Python {OLDEST[0]}.{OLDEST[1]}, the oldest supported; this is {sys.version.split()[0]}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run_time = project["project"]["dependencies"]
    extras = [line for lines in project["project"]["optional-dependencies"].values() for line in lines]
    groups = project["dependency-groups"]
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    compile_lock("base", run_time, what="dependencies", options=upgrade)
    constraint = ["--constraint", "requirements/base.txt"]
    everything = [*run_time, *extras, *groups["dev"]]
    compile_lock("dev", everything, what="dependencies, extras and group dev", options=upgrade + constraint)
    # An old sdist among dbt's candidates cannot even say its name; and older pips want extras named where hashes are.
    peers = ["--pip-args", "--only-binary=:all:", "--no-strip-extras"]
    compile_lock("bench", groups["bench"], what="group bench", options=upgrade + peers)
    compile_lock("node", groups["node"], what="group node", options=upgrade)


if __name__ == "__main__":
    main()
