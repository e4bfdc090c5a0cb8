"""The style of what is shown as HTML. Its colours differ for colour-blind readers too, and nothing is told by colour alone.

Colours: Okabe and Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#0072b2"
ORANGE: Final = "#e69f00"
VERMILLION: Final = "#d55e00"
GREEN: Final = "#009e73"

STYLE: Final = f"""
.bp {{ font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem;
  overflow-wrap: anywhere; }}
.bp h1 {{ font-size: 1.6rem; }}
.bp h2 {{ font-size: 1.2rem; border-bottom: 2px solid {BLUE}; padding-bottom: .2rem; }}
.bp h3 {{ font-size: 1rem; margin: .8rem 0 .2rem; }}
.bp ul {{ margin: .2rem 0; padding-left: 1.4rem; }}
.bp dt {{ font-weight: 600; margin-top: .5rem; }}
.bp .note {{ color: #444; font-size: .9rem; }}
.bp .firm, .bp .provisional {{ border-radius: .3rem; padding: 0 .4rem; font-size: .85rem; font-weight: 600; }}
.bp .firm {{ background: {BLUE}; color: #fff; }}
.bp .provisional {{ background: #fff; color: #1a1a1a; border: 2px dashed {ORANGE}; }}
.bp .mark {{ display: inline-block; min-width: 1.2em; text-align: center; font-family: monospace; font-weight: 700; }}
.bp summary {{ cursor: pointer; color: {BLUE}; }}
.bp summary:focus-visible {{ outline: 3px solid {ORANGE}; }}
.bp .drawing {{ overflow-x: auto; }}
.bp .drawing svg {{ width: 100%; min-width: 44rem; height: auto; }}
@media (prefers-color-scheme: dark) {{
  html {{ background: #16181c; }}
  .bp {{ background: #16181c; color: #eee; }}
  .bp .note {{ color: #bbb; }}
  .bp summary {{ color: #56b4e9; }}
  .bp .provisional {{ background: #16181c; color: #eee; }}
  .bp .drawing {{ background: #fff; }}
}}
@media print {{ .bp details > * {{ display: block; }} }}
"""
