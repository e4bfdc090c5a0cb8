"""A small web service on backpain_rules: an interview as JSON and as pages, and CDS Hooks. It stores nothing.

Every answer comes with the whole state of the interview, which the page or the client holds; between two requests the
service knows nothing of anybody.
"""

from .app import create_app

__all__ = ["create_app"]
