"""Names that speak of something too large, or too native, for a package of 250 MB: a hint at why a function is a container image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.model import Function
from serverful.estate.naming import module_of
from serverful.estate.value import Basis, Known
from serverful.evidence.evidence import Evidence, Grade

# What people put into images for its size or its native libraries: browsers, media, documents, machine learning, maps.
_WORDS = frozenset(
    (
        *("browser", "chrome", "chromium", "headless", "playwright", "puppeteer", "selenium", "screenshot", "screenshots"),
        *("ffmpeg", "handbrake", "imagemagick", "libvips", "opencv", "transcode", "transcoder", "video"),
        *("ghostscript", "latex", "libreoffice", "ocr", "pandoc", "pdf", "tesseract", "wkhtmltopdf", "gotenberg"),
        *("bert", "embedding", "embeddings", "huggingface", "inference", "keras", "llm", "ml", "onnx", "prediction", "pytorch", "sklearn"),
        *("spacy", "tensorflow", "torch", "transformers", "whisper", "xgboost"),
        *("gdal", "geopandas", "rasterio", "antivirus", "clamav", "malware", "virus", "terraform"),
    )
)


def hints_at_size(function: Function) -> Iterator[Evidence]:
    """What the names of a function and its image suggest."""
    image, called = function.image, f"{module_of(function.address)}.{function.address.rpartition('.')[2]}"
    written = [(f"its name is {function.name.value}", function.name.value, function.name.place)] if isinstance(function.name, Known) else []
    if image is not None and "${" not in image.uri:  # what is put in there is called by names of Terraform's, and speaks of no image
        written.append((f"its image is {image.uri}", image.uri, image.place))
    if image is not None and image.repository is not None:
        written.append((f"its repository is {image.repository.expression}", image.repository.expression, image.place))
    written.append((f"it is {function.address}", called, function.place))
    for says, text, place in written:
        found = next((word for word in _split(text) if word in _WORDS), None)
        if found:
            yield Evidence(f"{says}, which speaks of {found}", place, Basis.DERIVED, Grade.E6)


def _split(text: str) -> Iterator[str]:
    """The words of a name, also of `camelCase`. Where a state lies is no word about what an image holds."""
    named = text.replace("terraform_remote_state", "")
    yield from (word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", named))
