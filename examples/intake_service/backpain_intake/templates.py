"""The pages as Jinja templates. What is put into them is escaped."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from .words import words

_TEMPLATES = Environment(loader=PackageLoader(__package__), autoescape=select_autoescape(), undefined=StrictUndefined)


def page(name: str, *, status: int = 200, language: str = "en", **values: object) -> HTMLResponse:
    """One page in one language."""
    text = _TEMPLATES.get_template(name).render(say=words(language), language=language, **values)
    return HTMLResponse(text.encode("utf-8", "replace"), status)
