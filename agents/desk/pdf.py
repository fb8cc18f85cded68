"""A page as a PDF/A document, by WeasyPrint where it is installed (extra `pdf`)."""

from functools import cache

VARIANT = "pdf/a-3u"
"""ISO 19005-3, level U: the text can be searched."""


@cache
def is_installed() -> bool:
    """Whether documents can be made here: WeasyPrint, with the system's Pango."""
    try:
        import weasyprint  # noqa: F401, PLC0415  # an extra, slow to load
    except (ImportError, OSError):
        return False
    return True


def write(html: str, css: str) -> bytes:
    """A page as a document. In: HTML that needs nothing else, and its style; nothing is fetched."""
    from weasyprint import CSS, HTML  # noqa: PLC0415

    page = HTML(string=html, url_fetcher=_refuse)
    return bytes(page.write_pdf(stylesheets=[CSS(string=css, url_fetcher=_refuse)], pdf_variant=VARIANT))


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    """What others have written must not make this machine ask for anything."""
    raise ValueError("nothing is fetched")
