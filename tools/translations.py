"""Compile every catalogue of translations, so that no machine needs gettext. Usage: python tools/translations.py"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write one .mo beside each .po whose source is newer; entries marked fuzzy stay untranslated."""
    for source in sorted((ROOT / "src" / "cupola" / "web").rglob("*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        print(f"{source.relative_to(ROOT)}: {len(catalogue)} messages")


if __name__ == "__main__":
    main()
