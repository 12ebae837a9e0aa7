"""Static files: ours and Bootstrap's stylesheets, all under one address that names their content.

The address holds a hash over every file, so a browser may keep a file for good and still gets the
new one, and a script can import its neighbour by a relative path.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

import flask_bootstrap
from flask import Request, Response

from shared.errors import NotFoundError
from shared.i18n import gettext as _

OURS = Path(__file__).parent / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
BOOTSTRAP_FILES = ("bootstrap.min.css",)
# Bootstrap's dark scheme goes by an attribute, which without script cannot follow the device.
DARK, DARK_RULES = "dark.css", re.compile(r"(?<=[{}])\[data-bs-theme=dark\]([^{}]*\{[^{}]*\})")
# What is packed already would not be smaller.
PACKED = {".webp"}
KEEP_FOR_GOOD = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".webp": "image/webp",
}


@dataclass(frozen=True)
class Asset:
    """One file, and the same compressed unless it is packed already."""

    content: bytes
    compressed: bytes | None
    content_type: str

    @classmethod
    def of(cls, path: Path, before: bytes = b"") -> "Asset":
        content = before + path.read_bytes()
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        compressed = None if path.suffix in PACKED else gzip.compress(content, mtime=0)
        return cls(content, compressed, kind or "application/octet-stream")

    def answer(self, asked: Request) -> Response:
        zipped = self.compressed if asked.accept_encodings["gzip"] > 0 else None
        response = Response(zipped or self.content, content_type=self.content_type)
        response.headers["Vary"] = "Accept-Encoding"
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        return response


def _dark_bootstrap() -> bytes:
    """What Bootstrap has for its dark scheme, for a sheet that is there only when it is dark."""
    rules = [
        f":root{rule}"
        for name in BOOTSTRAP_FILES
        for rule in DARK_RULES.findall((BOOTSTRAP / name).read_text(encoding="utf-8"))
    ]
    return "\n".join([*rules, ""]).encode()


class Assets:
    """Every static file, read once."""

    def __init__(self) -> None:
        found = [path for path in sorted(OURS.rglob("*")) if path.is_file()]
        self._assets = {path.relative_to(OURS).as_posix(): Asset.of(path) for path in found}
        self._assets |= {name: Asset.of(BOOTSTRAP / name) for name in BOOTSTRAP_FILES}
        self._assets[DARK] = Asset.of(OURS / DARK, before=_dark_bootstrap())
        digest = hashlib.sha256()
        for name, asset in sorted(self._assets.items()):
            digest.update(name.encode() + b"\0" + hashlib.sha256(asset.content).digest())
        self._version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file; `KeyError` for one that is not there."""
        self._assets[name]
        return f"/static/{self._version}/{name}"

    def answer(self, asked: Request, path: str) -> Response:
        """The file at `<version>/<name>`, or at `<name>` for who cannot know the version.

        Only this version's address is kept by browsers; an older one gets the newest file.
        """
        version, _slash, rest = path.partition("/")
        asset = self._assets.get(path) or self._assets.get(rest)
        if asset is None:
            raise NotFoundError(_("There is no such thing here."))
        response = asset.answer(asked)
        if version == self._version:
            response.headers["Cache-Control"] = KEEP_FOR_GOOD
        return response
