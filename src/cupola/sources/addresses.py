"""Web and database addresses as people may see them: no passwords, no tokens, no folders of this machine."""

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_SECRET = re.compile(r"token|key|secret|passw|pwd|signature|^sig$|^se$|credential|auth", re.IGNORECASE)
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
_PASSWORD_WORD = re.compile(r"(password\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)


def redacted(url: str) -> str:
    """Return `url` without user, password and the values of parameters that look secret."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # a malformed port raises here rather than later
    except ValueError:
        return without_secrets(url)
    host = parts.netloc.rpartition("@")[2]
    query = parts.query
    if any(_SECRET.search(name) for name, _ in parse_qsl(query, keep_blank_values=True)):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(name, "***" if _SECRET.search(name) else value) for name, value in pairs], safe="*$:,")
    return urlunsplit(SplitResult(parts.scheme, host, parts.path, query, ""))


def without_secrets(message: str) -> str:
    """Return a message of another program without the users and passwords of any address in it."""
    return _PASSWORD_WORD.sub(r"\1***", _USERINFO.sub("", message))


def shown_name(url: str) -> str:
    """Return the name of a web source as people know it: its file name, else its host."""
    parts = urlsplit(url)
    name = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return name or parts.netloc.rpartition("@")[2] or url


def is_web(url: str) -> bool:
    """Tell whether `url` is http or https."""
    return urlsplit(url).scheme.lower() in {"http", "https"}
