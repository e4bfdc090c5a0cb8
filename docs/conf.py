"""How the documentation is built: `sphinx-build -W --keep-going docs OUT`, with the extra `docs`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "extensions"))

from backpain_rules import __version__

project = "backpain_rules"
author = "the backpain_rules authors"
copyright = f"2026 {author}"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "public_names",
    "command_help",
    "shipped_packs",
    "gallery",
]
exclude_patterns = ["extensions", "_build"]

copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"  # code, and not what it prints

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

default_role = "py:obj"  # in docstrings `x` is code, and a link where there is an x
pygments_style = "friendly"
highlight_language = "python"

autodoc_default_options = {"exclude-members": "model_config, model_post_init"}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
