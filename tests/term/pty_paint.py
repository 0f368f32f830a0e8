"""Random grids, painted: what a terminal then shows is the grid, colours and attributes included."""
import os
import random
import unicodedata

from driver import Driver, Tap

NONE, INDEX = 0xFFFFFFFF, 0x1000000
NAMES = ["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]
BOLD, ITALIC, UNDERLINE, REVERSE, BLINK = 1, 4, 8, 16, 32


def palette(n):
    if n >= 232:
        return (8 + (n - 232) * 10,) * 3
    n -= 16
    return tuple(55 + v * 40 if v else 0 for v in (n // 36, n // 6 % 6, n % 6))


def colour(value):
    """As pyte calls it."""
    if value == NONE:
        return "default"
    if not value & INDEX:
        return f"{value & 0xffffff:06x}"
    n = value & 0xFFFFFF
    if n < 8:
        return NAMES[n]
    return "bright" + NAMES[n - 8] if n < 16 else "%02x%02x%02x" % palette(n)


def cell(can, code, fg, bg, attributes, accent):
    """What can be seen of it: of a blank only its background and what draws through it."""
    data = chr(code) if code else ""
    if accent:
        data = unicodedata.normalize("NFC", data + chr(accent))
    if data == " ":
        attributes &= UNDERLINE | REVERSE
        if not attributes:
            fg = NONE
    return (data, colour(fg), colour(bg), attributes & (BOLD | UNDERLINE | REVERSE | can & ITALIC))


def seen(char):
    fg, bg = char.fg, char.bg
    attributes = BOLD * char.bold | ITALIC * char.italics | UNDERLINE * char.underscore | REVERSE * char.reverse
    data = char.data
    if data == " ":
        attributes &= UNDERLINE | REVERSE
        if not attributes:
            fg = "default"
    return (data, fg, bg, attributes)


def read_grid(driver):
    line = driver.say()
    assert line.startswith("grid "), line
    width, height, x, y, shape = map(int, line.split()[1:])
    cells = []
    while (line := driver.say()) != "end":
        can = 0 if driver.term in ("linux", "screen", "vt100") else ITALIC
        cells.append(cell(can, *(int(v, 16) for v in line.split())))
    return width, height, (x, y, shape), cells


def compare(driver, frame):
    width, height, (x, y, shape), cells = read_grid(driver)
    driver.settle(0.03)
    driver.text()
    for i, want in enumerate(cells):
        got = seen(driver.cell(i % width, i // width))
        assert got == want, f"frame {frame}, cell {i % width},{i // width}: shows {got}, should {want}"
    if shape:
        assert driver.cursor() == (x, y), f"frame {frame}: cursor at {driver.cursor()}, should {x, y}"
    hidden = driver.screen.cursor.hidden
    assert hidden == (not shape) or driver.term == "vt100", f"frame {frame}: cursor hidden {hidden}"


def run(rng, term, columns, rows, frames, **env):
    seed = rng.randrange(1 << 32)
    with Driver("paint", seed, frames, columns=columns, rows=rows, term=term, env=env) as d:
        d.term = term
        for frame in range(frames):
            try:
                compare(d, frame)
            except AssertionError as e:
                raise AssertionError(f"{e}\ndriver paint {seed} {frames}, {columns}x{rows}, {term}") from e
            d.send("n")
        assert d.wait_exit() == "exit 0", d.how()


def main():
    tap = Tap()
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"# SEED={seed}")
    rng = random.Random(seed)
    for name, columns, rows, frames, env in [
        ("xterm-256color", 80, 24, 12, {}),
        ("xterm-256color", 80, 24, 8, {"COLORTERM": "truecolor"}),
        ("xterm-256color", 120, 40, 4, {}),
        ("xterm-256color", 1, 1, 3, {}),
        ("xterm-256color", 7, 3, 6, {}),
        ("xterm-256color", 80, 24, 6, {"NO_COLOR": "1"}),
        ("tmux-256color", 80, 24, 8, {}),
        ("linux", 80, 25, 8, {}),
        ("screen", 80, 24, 8, {}),
        ("xterm", 80, 24, 6, {}),
        ("vt100", 80, 24, 6, {}),
        ("no-such-terminal", 80, 24, 4, {}),
    ]:
        def case():
            run(rng, name, columns, rows, frames, **env)
        case.__doc__ = f"{name} {columns}x{rows} {env or ''}".strip()
        tap.case(case)
    tap.done()


if __name__ == "__main__":
    main()
