"""Numbers and times as a reader likes them."""

import re

NBSP = "\N{NO-BREAK SPACE}"


def duration(seconds: float) -> str:
    """Write a time in the two units that matter: 0.4 s, 41 s, 3 min 20 s, 2 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f}{NBSP}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest}{NBSP}s"
    if minutes < 60:
        return f"{minutes}{NBSP}min {rest:02d}{NBSP}s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}{NBSP}h {minutes:02d}{NBSP}min"


def percent(share: float | None) -> str:
    """Write a share as a percentage that shows 100 % only when it is 1."""
    if share is None:
        return "–"
    if share == 1:
        return f"100{NBSP}%"
    return f"{min(100 * share, 99.9):.1f}{NBSP}%"


def decimal(value: float | None, places: int = 2) -> str:
    """Write a number, thousands apart, with a true minus sign; a dash where there is none."""
    return "–" if value is None else f"{value:,.{places}f}".replace("-", "−").replace("inf", "∞")


def number(value: float) -> str:
    """Write a number for a reader: thousands apart, at most three decimals."""
    return f"{value:,.3f}".rstrip("0").rstrip(".").replace("-", "−")


def tie(text: str) -> str:
    """Keep relations such as λ = 0.5 and 5 % on one line by non-breaking spaces."""
    return re.sub(r" (?:[=≤≥<>×] |%)", lambda match: match[0].replace(" ", NBSP), text)
