"""Draw a pyte screen as an SVG picture: every cell where the terminal has it, with colours and attributes."""
from html import escape

CELL_W, CELL_H, PAD = 8.43, 18, 10
NAMES = {
    "black": "#1d1f21", "red": "#cc6666", "green": "#8fb573", "brown": "#e0b060", "yellow": "#e0b060",
    "blue": "#6f9bd0", "magenta": "#b294bb", "cyan": "#7cc0b8", "white": "#d5d8d6",
    "brightblack": "#74787c", "brightred": "#e08080", "brightgreen": "#b5d48f", "brightbrown": "#f5d77a",
    "brightyellow": "#f5d77a", "brightblue": "#93b7e4", "brightmagenta": "#cfaed8", "brightcyan": "#a0dcd4",
    "brightwhite": "#ffffff",
}
# what pyte makes of the bright ones
NAMES |= {
    "7f7f7f": NAMES["brightblack"], "ff0000": NAMES["brightred"], "00ff00": NAMES["brightgreen"],
    "ffff00": NAMES["brightyellow"], "5c5cff": NAMES["brightblue"], "ff00ff": NAMES["brightmagenta"],
    "00ffff": NAMES["brightcyan"],
}
DARK = ("#d5d8d6", "#16181a")


def colour(name, default):
    if name == "default":
        return default
    if name in NAMES:
        return NAMES[name]
    return "#" + name if len(name) == 6 else default


def looks(cell):
    """Foreground, background, attributes of a cell, with reverse and dim (kept as italics) applied."""
    fg, bg = colour(cell.fg, DARK[0]), colour(cell.bg, DARK[1])
    if cell.reverse:
        fg, bg = bg, fg
    if cell.italics:
        fg = "#" + "".join("%02x" % ((int(fg[i:i + 2], 16) * 6 + int(bg[i:i + 2], 16) * 4) // 10) for i in (1, 3, 5))
    return fg, bg, cell.bold, cell.underscore


def runs(row, width):
    """(x, text, looks) for each stretch of cells that look alike."""
    out = []
    for x in range(width):
        cell = row[x]
        look = looks(cell)
        if out and out[-1][2] == look:
            out[-1][1].append(cell.data or "")
        else:
            out.append((x, [cell.data or ""], look))
    return [(x, "".join(text), look) for x, text, look in out]


def draw(screen):
    """The picture of `screen` as a string."""
    w, h = screen.columns * CELL_W + 2 * PAD, screen.lines * CELL_H + 2 * PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}">',
           f'<rect width="100%" height="100%" rx="6" fill="{DARK[1]}"/>',
           '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">']
    for y in range(screen.lines):
        for x, text, (fg, bg, bold, under) in runs(screen.buffer[y], screen.columns):
            px, py, n = PAD + x * CELL_W, PAD + y * CELL_H, len(text)
            if bg != DARK[1]:
                out.append(f'<rect x="{px:.2f}" y="{py}" width="{n * CELL_W:.2f}" height="{CELL_H}" fill="{bg}"/>')
            if not text.strip() and not under:
                continue
            style = ' font-weight="bold"' if bold else ""
            style += ' text-decoration="underline"' if under else ""
            out.append(f'<text x="{px:.2f}" y="{py + 13.5}" textLength="{n * CELL_W:.2f}" fill="{fg}"{style}>{escape(text)}</text>')
    if not screen.cursor.hidden:
        cx, cy = PAD + screen.cursor.x * CELL_W, PAD + screen.cursor.y * CELL_H
        out.append(f'<rect x="{cx:.2f}" y="{cy}" width="{CELL_W}" height="{CELL_H}" fill="none" stroke="#ffffff"/>')
    return "\n".join(out + ["</g>", "</svg>", ""])
