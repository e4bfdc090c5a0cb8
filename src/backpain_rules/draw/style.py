"""The style of what is shown as HTML. Its colours differ for colour-blind readers too, and nothing is told by colour alone.

Colours: Okabe and Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#0072b2"
ORANGE: Final = "#e69f00"
VERMILLION: Final = "#d55e00"
GREEN: Final = "#009e73"
FILL: Final = {"stated": "#ffffff", "rule": "#f3f3f3", "conclusion": "#eaf3fa"}
"""What the nodes of a drawing are filled with, by kind."""
RED: Final = "#b00020"
"""Of an emergency alone; white text on it has a contrast of 7 to 1."""

STYLE: Final = f"""
.bp {{ font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem;
  overflow-wrap: anywhere; }}
.bp h1 {{ font-size: 1.6rem; }}
.bp h2 {{ font-size: 1.2rem; border-bottom: 2px solid {BLUE}; padding-bottom: .2rem; }}
.bp h3, .bp .emergency h2 {{ font-size: 1rem; margin: .8rem 0 .2rem; border: 0; }}
.bp .emergency {{ border: .4rem solid {RED}; border-radius: .5rem; padding: 0 1rem .8rem; margin-bottom: 1.5rem; }}
.bp .emergency h1 {{ background: {RED}; color: #fff; margin: 0 -1rem .8rem; padding: .4rem 1rem; font-size: 1.8rem;
  text-transform: uppercase; letter-spacing: .05em; }}
.bp .emergency h2 {{ font-size: 1.25rem; }}
.bp ul {{ margin: .2rem 0; padding-left: 1.4rem; }}
.bp dt {{ font-weight: 600; margin-top: .5rem; }}
.bp .note {{ color: #444; font-size: .9rem; }}
.bp .firm, .bp .provisional {{ border-radius: .3rem; padding: 0 .4rem; font-size: .85rem; font-weight: 600; }}
.bp .firm {{ background: {BLUE}; color: #fff; }}
.bp .provisional {{ background: #fff; color: #1a1a1a; border: 2px dashed {ORANGE}; }}
.bp .mark {{ display: inline-block; min-width: 1.2em; text-align: center; font-family: monospace; font-weight: 700; }}
.bp summary {{ cursor: pointer; color: {BLUE}; padding: .2rem 0; }}
.bp a {{ color: {BLUE}; }}
.bp summary:focus-visible, .bp a:focus-visible, .bp .drawing:focus-visible {{
  outline: 3px solid {VERMILLION}; outline-offset: 2px; }}
.bp .unseen {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.bp .drawing {{ overflow-x: auto; }}
.bp .drawing svg {{ display: block; max-width: none; }}
@media (prefers-color-scheme: dark) {{
  html {{ background: #16181c; }}
  .bp {{ background: #16181c; color: #eee; }}
  .bp .note {{ color: #bbb; }}
  .bp summary, .bp a {{ color: #56b4e9; }}
  .bp .provisional {{ background: #16181c; color: #eee; }}
  .bp .drawing {{ background: #fff; }}
}}
@media print {{
  html, .bp {{ background: #fff; color: #1a1a1a; }}
  .bp {{ max-width: none; padding: 0; }}
  .bp details > * {{ display: block; }}
  .bp details::details-content {{ content-visibility: visible; display: block; }}
  .bp .emergency h1, .bp .firm, .bp .provisional {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  .bp .note, .bp summary, .bp a, .bp .provisional {{ color: #1a1a1a; background: #fff; }}
  .bp .unseen {{ position: static; clip-path: none; width: auto; height: auto; white-space: normal; }}
  .bp h1, .bp h2, .bp h3, .bp summary {{ break-after: avoid; }}
  .bp .wide {{ display: none; }}
  .bp .drawing svg {{ max-width: 100%; height: auto; }}
}}
"""
