"""Write the bill of materials from the locks: what Cupola is made of, in which version, under which licence.

Usage: python tools/sbom.py [--check]. Two files: docs/bill-of-materials.cdx.json (CycloneDX 1.6, for machines) and
docs/bill-of-materials.md (for people). Names and versions come from the locks, licences from the installed packages'
own metadata. No dates and no serial numbers, so that the same locks give the same files.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
MACHINE_FILE = ROOT / "docs" / "bill-of-materials.cdx.json"
PEOPLE_FILE = ROOT / "docs" / "bill-of-materials.md"
PINNED = re.compile(r"(?m)^([a-z0-9._-]+)==(\S+)")
# What older packages write, as the SPDX name it stands for.
SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
# Read by hand in the package's own LICENSE.md: code CC0 and MIT, fonts OFL, icons Apache.
USWDS_LICENCE = "CC0-1.0 AND MIT AND OFL-1.1 AND Apache-2.0"


@dataclass(frozen=True)
class Part:
    """One package: where it comes from, what for, and under which licence."""

    kind: str  # pypi or npm
    name: str
    version: str
    licence: str
    use: str  # "every page and command", "extra postgres" or "tests"

    @property
    def purl(self) -> str:
        """Return the package address every scanner understands."""
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version}"


def pins(lock: str) -> dict[str, str]:
    """Return name to version of one locked file."""
    return dict(PINNED.findall((ROOT / "requirements" / lock).read_text(encoding="utf-8")))


def licence_of(name: str) -> str:
    """Return the licence an installed package declares, as SPDX where it can be told."""
    about: Any = metadata.metadata(name)  # a Message, whose get() its protocol forgets
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [
        line.rsplit(" :: ", 1)[1]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License :: OSI Approved :: ")
    ]
    said = [*classified, (about.get("License") or "").strip().split("\n", 1)[0]]
    known = {SPDX.get(text.lower(), text) for text in said[: len(classified) or 1] if text}
    if not known:
        sys.exit(f"{name} declares no licence: read it, then name it in tools/sbom.py")
    return " AND ".join(sorted(known))


def python_parts() -> list[Part]:
    """Return what runs, and what the extras add. Tools of development are not part of the product."""
    base, everything = pins("base.txt"), pins("dev.txt")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    parts = [Part("pypi", name, version, licence_of(name), "always") for name, version in base.items()]
    for extra, lines in extras.items():
        added = sorted(needed_by(lines) & set(everything) - set(base))
        parts += [Part("pypi", found, everything[found], licence_of(found), f"extra {extra}") for found in added]
    return sorted(parts, key=lambda part: (part.use, part.name))


def needed_by(lines: Iterable[str]) -> set[str]:
    """Return the names of the packages that `lines` ask for, and of all that those ask for in turn."""
    needed: set[str] = set()
    waiting = [Requirement(line) for line in lines]
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name in needed and not asked.extras:
            continue
        needed.add(name)
        for line in metadata.requires(name) or ():
            further = Requirement(line)
            wanted = (
                any(further.marker.evaluate({"extra": extra}) for extra in ("", *asked.extras))
                if further.marker
                else True
            )
            if wanted:
                waiting.append(further)
    return needed


def npm_parts() -> list[Part]:
    """Return the packages whose files reach a browser. What they themselves depend on is not copied."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts = []
    for name in package["dependencies"]:
        entry = lock[f"node_modules/{name}"]
        licence = USWDS_LICENCE if name == "@uswds/uswds" else entry["license"]
        parts.append(Part("npm", name, entry["version"], licence, "every page"))
    return parts


def for_machines(parts: list[Part], version: str) -> str:
    """Return the CycloneDX document."""
    components: list[dict[str, Any]] = [
        {
            "type": "library",
            "bom-ref": part.purl,
            "name": part.name,
            "version": part.version,
            "scope": "optional" if part.use.startswith("extra") else "required",
            "licenses": [{"expression": part.licence}],
            "purl": part.purl,
        }
        for part in parts
    ]
    product = {
        "type": "application",
        "bom-ref": f"pkg:pypi/cupola@{version}",
        "name": "cupola",
        "version": version,
        "licenses": [{"expression": "Apache-2.0"}],
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": product},
        "components": components,
    }
    return json.dumps(document, indent=2) + "\n"


def for_people(parts: list[Part]) -> str:
    """Return the table."""
    rows = "\n".join(f"| {part.name} | {part.version} | {part.licence} | {part.use} |" for part in parts)
    return (
        "# Bill of materials\n\n"
        "Written by `make sbom` from the locks; the same for machines, as CycloneDX, is `bill-of-materials.cdx.json`\n"
        "beside this page. Tools that only test or check are left out: they are in `requirements/dev.txt`.\n\n"
        f"| package | version | licence | used by |\n|---|---|---|---|\n{rows}\n"
    )


def main() -> None:
    """Write both files, or with --check compare them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = python_parts() + npm_parts()
    files = {MACHINE_FILE: for_machines(parts, project["version"]), PEOPLE_FILE: for_people(parts)}
    if "--check" in sys.argv[1:]:
        stale = [
            path.name for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        sys.exit(f"stale: {', '.join(stale)}; run make sbom" if stale else 0)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
