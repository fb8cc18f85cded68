"""A page as a PDF/A document, by WeasyPrint where it is installed (extra `pdf`)."""

from importlib.util import find_spec

from broker.web.faults import Missing

VARIANT = "pdf/a-3u"
"""ISO 19005-3, level U: the text can be searched."""


def is_installed() -> bool:
    """Whether there is WeasyPrint; nothing of it is loaded, which takes a second, until a document is asked for."""
    return find_spec("weasyprint") is not None


def write(html: str, css: str) -> bytes:
    """A page as a document. In: HTML that needs nothing else, and its style; nothing is fetched.

    Raises Missing where WeasyPrint is not there, or the system's Pango.
    """
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415  # an extra, slow to load
    except (ImportError, OSError):
        raise Missing("documents can't be made here") from None
    page = HTML(string=html, url_fetcher=_refuse)
    return bytes(page.write_pdf(stylesheets=[CSS(string=css, url_fetcher=_refuse)], pdf_variant=VARIANT))


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    """What others have written must not make this machine ask for anything."""
    raise ValueError("nothing is fetched")
