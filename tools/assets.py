"""Copy what the pages need of the U.S. Web Design System and of the map from node_modules into the static folder.

Usage: python tools/assets.py [--check]. The list is short: the style sheet, every file it names, the scripts, the icon
sprite and the pictures of the banner; of the map its module, its worker, its style and the reader of tiles.
The copies are not committed; the lock file pins their content.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "src" / "cupola" / "web" / "ui" / "static"
SOURCE = MODULES / "@uswds" / "uswds" / "dist"
TARGET = STATIC / "uswds"
MAP_TARGET = STATIC / "maplibre"
# The module and its worker are the same program for two threads; neither imports another file.
MAP_FILES = {
    "maplibre-gl.mjs": MODULES / "maplibre-gl" / "dist" / "maplibre-gl.mjs",
    "maplibre-gl-worker.mjs": MODULES / "maplibre-gl" / "dist" / "maplibre-gl-worker.mjs",
    "maplibre-gl.css": MODULES / "maplibre-gl" / "dist" / "maplibre-gl.css",
    "pmtiles.js": MODULES / "pmtiles" / "dist" / "pmtiles.js",
    "LICENSE.txt": MODULES / "maplibre-gl" / "LICENSE.txt",
}
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


def copy(source: Path, target: Path) -> None:
    """Copy one file. Source maps are left behind, so the comments that name them go too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in {".css", ".js", ".mjs"}:
        target.write_text(MAP_COMMENT.sub("\n", source.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def missing() -> list[Path]:
    """Return what pages name and the static folder lacks."""
    return [
        path
        for path in (*(TARGET / name for name in WANTED), *(MAP_TARGET / name for name in MAP_FILES))
        if not path.exists()
    ]


def main() -> None:
    """Copy afresh, or with --check say what is missing."""
    if "--check" in sys.argv[1:]:
        names = ", ".join(str(path.relative_to(STATIC)) for path in missing())
        sys.exit(f"missing below {STATIC}: {names}; run make setup" if names else 0)
    if not SOURCE.is_dir() or not all(path.is_file() for path in MAP_FILES.values()):
        sys.exit(f"{MODULES} is incomplete: run npm ci first, or make setup, which does")
    for target in (TARGET, MAP_TARGET):
        shutil.rmtree(target, ignore_errors=True)
    styled = wanted()
    for name in styled:
        copy(SOURCE / name, TARGET / name)
    copy(SOURCE.parent / "LICENSE.md", TARGET / "LICENSE.md")
    for name, source in MAP_FILES.items():
        copy(source, MAP_TARGET / name)
    print(f"{len(styled) + 1 + len(MAP_FILES)} files copied to {STATIC.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
