"""What every page needs to know about languages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info


@dataclass(frozen=True)
class Language:
    """One language this page can be read in. `url` is this page in it."""

    code: str
    name: str
    url: str
    current: bool


def languages(request: HttpRequest) -> dict[str, list[Language]]:
    """Return this page's languages, each named in itself."""
    here = request.get_full_path()
    current = get_language()
    return {
        "languages": [
            Language(
                code, str(get_language_info(code)["name_local"]).capitalize(), _address(here, code), code == current
            )
            for code, _name in settings.LANGUAGES
        ]
    }


def own_name(code: str) -> str:
    """Return what a language calls itself."""
    return str(get_language_info(code)["name_local"]).capitalize()


def _address(here: str, code: str) -> str:
    """Return `here` in another language; a page that does not exist leads to that language's home."""
    there = translate_url(here, code)
    if there == here and code != get_language():
        return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
    return there
