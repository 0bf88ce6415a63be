"""Copy what the pages need of the U.S. Web Design System from node_modules into the static folder.

Usage: python tools/assets.py [--check]. The list is short: the style sheet, every file it names, the scripts, the icon
sprite and the pictures of the banner. The copies are not committed; the lock file pins their content.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@uswds" / "uswds" / "dist"
TARGET = ROOT / "src" / "cupola" / "web" / "ui" / "static" / "uswds"
STYLE = "css/uswds.min.css"
WANTED = (
    STYLE,
    "js/uswds.min.js",
    "js/uswds-init.min.js",
    "img/sprite.svg",
    "img/us_flag_small.png",
    "img/icon-dot-gov.svg",
    "img/icon-https.svg",
)
NAMED_IN_STYLE = re.compile(r"url\([\"']?\.\./([^)\"'#?]+)")
MAP_COMMENT = re.compile(r"\n?(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$")


def wanted() -> list[str]:
    """Return the paths to copy, relative to the package's dist folder."""
    style = (SOURCE / STYLE).read_text(encoding="utf-8")
    return sorted({*WANTED, *NAMED_IN_STYLE.findall(style)})


def copy(name: str) -> None:
    """Copy one file. Source maps are left behind, so the comments that name them go too."""
    target = TARGET / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in {".css", ".js"}:
        text = (SOURCE / name).read_text(encoding="utf-8")
        target.write_text(MAP_COMMENT.sub("\n", text), encoding="utf-8")
    else:
        shutil.copyfile(SOURCE / name, target)


def main() -> None:
    """Copy afresh, or with --check say what is missing."""
    if "--check" in sys.argv[1:]:
        missing = [name for name in WANTED if not (TARGET / name).exists()]
        sys.exit(f"missing below {TARGET}: {', '.join(missing)}; run make setup" if missing else 0)
    if not SOURCE.is_dir():
        sys.exit(f"{SOURCE} is missing: run npm ci first, or make setup, which does")
    shutil.rmtree(TARGET, ignore_errors=True)
    names = wanted()
    for name in names:
        copy(name)
    licence = SOURCE.parent / "LICENSE.md"
    shutil.copyfile(licence, TARGET / "LICENSE.md")
    print(f"{len(names) + 1} files copied to {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
