"""How many bytes a frame takes, beside the least that the difference of the two grids needs.

The least is what a painter needs that writes each changed cell once, from left to right and down, with the shortest
change of colours and the shortest way between them, and without frills.
"""
import os
import sys

from driver import Driver, Tap

NONE, INDEX = 0xFFFFFFFF, 0x1000000
UNDERLINE, REVERSE = 8, 16
ON = {1: 1, 2: 2, 4: 3, 8: 4, 16: 7, 32: 5}
OFF = {1: 22, 2: 22, 4: 23, 8: 24, 16: 27, 32: 25}
PLAIN = (NONE, NONE, 0)


def cell(code, fg, bg, attributes, _accent):
    if chr(code) == " ":
        attributes &= UNDERLINE | REVERSE
        fg = fg if attributes else NONE
    return chr(code), (fg, bg, attributes)


def read_grid(d):
    width, height, x, y, _ = map(int, d.say().split()[1:])
    cells = []
    while (line := d.say()) != "end":
        cells.append(cell(*(int(v, 16) for v in line.split())))
    return [cells[i:i + width] for i in range(0, width * height, width)], (x, y)


def colour(value, first):
    if value == NONE:
        return str(first + 9)
    if not value & INDEX:
        return f"{first + 8};2;{value >> 16 & 255};{value >> 8 & 255};{value & 255}"
    n = value & 0xFFFFFF
    return str(first + n if n < 8 else first + 52 + n) if n < 16 else f"{first + 8};5;{n}"


def pen_bytes(old, new):
    """The shorter of: all off and on again; only what differs."""
    if old == new:
        return 0
    again = ["0"] + [str(c) for bit, c in ON.items() if new[2] & bit]
    again += [colour(v, first) for v, first in ((new[0], 30), (new[1], 40)) if v != NONE]
    gone = {OFF[bit] for bit in ON if old[2] & bit and not new[2] & bit}
    change = [str(c) for c in gone]
    change += [str(c) for bit, c in ON.items() if new[2] & bit and (not old[2] & bit or OFF[bit] in gone)]
    change += [colour(n, first) for o, n, first in ((old[0], new[0], 30), (old[1], new[1], 40)) if o != n]
    return 3 if new == PLAIN else 3 + min(len(";".join(again)), len(";".join(change)))


def fits(pen, char, look):
    if char != " ":
        return pen == look
    return not (pen[2] | look[2]) & (UNDERLINE | REVERSE) and pen[1] == look[1] or pen == look


def way(row, x, y, to_x, to_y, pen):
    """From a cell to another: the shortest of the usual ones."""
    place = len(f"\x1b[{to_y + 1};{to_x + 1}H")
    if y == to_y and x is not None and x <= to_x:
        between = row[x:to_x]
        again = sum(len(c.encode()) for c, _ in between) if all(fits(pen, *c) for c in between) else 99
        return min(place, 3 + (len(str(to_x - x)) if to_x - x > 1 else 0), again)
    return min(place, (to_y - y if y is not None and 0 < to_y - y < 4 else 5) + 1 + (4 if to_x else 0))


def least(old, new, pen, cursor, goal):
    total, (x, y) = 0, cursor
    for row_y, (was, row) in enumerate(zip(old, new)):
        end = len(row)
        while end and row[end - 1] == (" ", PLAIN):
            end -= 1
        tail = sum(a != b for a, b in zip(was[end:], row[end:]))
        for at in range(end if tail > 3 else len(row)):
            if was[at] == row[at]:
                continue
            total += way(row, x, y, at, row_y, pen) if (x, y) != (at, row_y) else 0
            char, look = row[at]
            if not fits(pen, char, look):
                total += pen_bytes(pen, look)
                pen = look
            total += len(char.encode())
            x, y = at + 1, row_y
        total += 3 if tail > 3 else 0
    return total + (0 if (x, y) == goal else 6), pen


tap = Tap()
files = [sys.executable, os.path.join(os.path.dirname(__file__), "..", "data", "large_log.txt")]


def run(path, steps, columns, rows, most):
    with Driver("page", path, steps, columns=columns, rows=rows) as d:
        old = pen = cursor = None
        written = needed = 0
        for step in range(len(steps)):
            start = len(d.out)
            new, goal = read_grid(d)
            d.settle(0.02)
            if old:
                need, pen = least(old, new, pen, cursor, goal)
                written += len(d.out) - start
                needed += need
            else:
                pen = PLAIN
            old, cursor = new, goal
            d.send("n")
        ratio = written / needed
        frames = len(steps) - 1
        tap.ok(ratio <= most, f"{os.path.basename(path)} {columns}x{rows} {steps[0]}: {written // frames} bytes a frame, "
               f"{ratio:.3f} of the least")


for path in files:
    run(path, "p" * 12, 80, 24, 1.2)
    run(path, "p" * 8, 120, 40, 1.2)
    run(path, "j" * 12, 80, 24, 0.5)  # rows that only move need not be written at all
tap.done()
