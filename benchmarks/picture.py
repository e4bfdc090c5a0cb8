"""The time for one patient against the number of rules, drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .costs import Growth

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 320, 70, 30, 50


def svg(growth: Sequence[Growth]) -> str:
    """Both axes logarithmic, one mark for each size."""
    most_rules, most_micros = (math.log10(max(values)) for values in ([g.rules for g in growth], [g.micros for g in growth]))

    def x(rules: float) -> float:
        return LEFT + (math.log10(rules) - 1) / max(1, most_rules - 1) * (WIDTH - LEFT - 40)

    def y(micros: float) -> float:
        return HEIGHT - BOTTOM - math.log10(micros) / max(1, math.ceil(most_micros)) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18">Microseconds for one patient, by the number of rules</text>',
    ]
    for power in range(math.ceil(most_micros) + 1):
        at = y(10**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - 40}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for power in range(1, math.floor(most_rules) + 1):
        parts.append(f'<text x="{x(10**power):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>')
    line = " ".join(f"{x(g.rules):.1f},{y(g.micros):.1f}" for g in growth)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#2a6fb0" stroke-width="2"/>')
    for g in growth:
        parts.append(f'<circle cx="{x(g.rules):.1f}" cy="{y(g.micros):.1f}" r="4" fill="#2a6fb0"/>')
        parts.append(f'<text x="{x(g.rules):.1f}" y="{y(g.micros) - 10:.1f}" text-anchor="middle">{g.micros:,.0f}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
