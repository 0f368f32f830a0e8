"""Watch mode in a real terminal: what is shown is read anew, what changed glows and fades, a pause keeps it."""
import os
import re
import subprocess
import sys

import pyte

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from screen import Terminal  # noqa: E402
from session import run, session  # noqa: E402

CHILD = """
import ctypes, sys
block = ctypes.create_string_buffer(b"tick 0..", 8)
print(hex(ctypes.addressof(block)), flush=True)
for line in sys.stdin:
    block.raw = line.rstrip("\\n").encode()
    print("done", flush=True)
"""


def over(t, name, at, data):
    """Write into the file where it is, as another program does."""
    with open(t.path(name), "r+b") as f:
        f.seek(at)
        f.write(data)


def looks_of(t, begin, column, row):
    """How a cell looked in all that was written from `begin` on, each look once: nothing depends on when it was read."""
    again = Terminal.__new__(Terminal)
    again.screen = pyte.Screen(80, 24)
    again.stream = pyte.ByteStream(again.screen)
    again.rendered, again.faithful, whole, looks = 0, False, bytes(t.out), []
    for end in [m.start() for m in re.finditer(rb"\x1b", whole) if m.start() >= begin] + [len(whole)]:
        again.out = bytearray(whole[:end])
        cell = again.cell(column, row)
        look = (cell.bg, cell.bold, cell.underscore, cell.reverse)
        if not looks or looks[-1] != look:
            looks.append(look)
    return looks


def fades(t, column, row, change):
    """The looks of a cell from a change on until neither colour nor attribute marks it."""
    begin = len(t.out)
    change()
    looks = []

    def settled(_):
        looks[:] = looks_of(t, begin, column, row)
        bg, _bold, underscore, reverse = looks[-1]
        return len(looks) > 2 and bg == "default" and not underscore and not reverse
    t.wait(settled)
    return looks[1:-1]


def hex_glow():
    """changed bytes glow in three steps, the row is signed meanwhile, and nothing is asked"""
    with session("a.bin", b"A" * 64) as t:
        t.wait("^00000000  41 41").keys(":", "set interval=150", "<Enter>", "g", "w").message("a.bin: read anew every 0.1 s").bar("watch")
        t.row(0x10, "^00000010  41 41 41 41 41 41")  # it has been read
        steps = fades(t, 10 + 3 * 4, 3, lambda: over(t, "a.bin", 20, b"B"))
        assert len(steps) == 3, steps
        assert b"~" in t.out
        t.row(0x10, "^00000010  41 41 41 41 42 41")
        t.keys("j").bar("0x00000010").keys("<Esc>").message("not watching any more")
        assert "[r]eload" not in t.line(23), t.line(23)


def no_colour():
    """without colours attributes tell"""
    with session("a.bin", b"A" * 64, env={"NO_COLOR": "1"}) as t:
        t.wait("^00000000  41 41").keys(":", "set interval=150", "<Enter>", "g", "w").bar("watch")
        t.row(0x10, "^00000010  41 41 41 41 41 41")
        assert len(fades(t, 10 + 3 * 4, 3, lambda: over(t, "a.bin", 20, b"B"))) == 3


def pausing():
    """a pause keeps what was read, whatever the file becomes; going on shows all of it"""
    with session("a.txt", b"first line\nsecond line\n", "-t") as t:
        t.wait("^   1  first line").keys(":", "set interval=50", "<Enter>", "g", "w").bar("watch ").wait("^   1  first line")
        over(t, "a.txt", 0, b"FIRST")
        t.wait("^   1~ FIRST line")
        t.keys("g", "w").message("paused: what is shown stays").bar("watch paused")
        over(t, "a.txt", 11, b"SECOND")
        t.keys("j", "k", "l").bar("0x00000001")
        t.wait("^   2  second line")
        t.keys("g", "w").message("watching goes on").wait("^   2~ SECOND line")
        t.keys(":", "watch pause", "<Enter>").bar("watch paused").keys(":", "watch off", "<Enter>").message("not watching any more")
        t.keys(":", "watch off", "<Enter>").message("nothing is watched")


def lengths():
    """a file that grows, shrinks or is replaced is watched on"""
    with session("a.txt", b"one\n", "-t") as t:
        t.wait("^   1  one").keys(":", "set interval=50", "<Enter>", "g", "w").bar("watch")
        with open(t.path("a.txt"), "ab") as f:
            f.write(b"two\n")
        t.wait("^   2  two")
        os.truncate(t.path("a.txt"), 4)
        t.message("a.txt became shorter; watching it from there").wait(lambda _: "two" not in t.text())
        with open(t.path("b.txt"), "wb") as f:
            f.write(b"another file\n")
        os.rename(t.path("b.txt"), t.path("a.txt"))
        t.message("a.txt is another file now; watching that one").wait("^   1  another file")


def own_edits():
    """what is typed shows at once, with the rest still watched"""
    with session("a.bin", b"A" * 64) as t:
        t.wait("^00000000  41 41").keys(":", "set interval=50", "<Enter>", "g", "w").bar("watch").keys("R", "7", "5", "<Esc>")
        t.row(0, r"^00000000\* 75 41").bar(r"COPY \+1").row(0x10, "^00000010  41 41 41 41 41 41")
        over(t, "a.bin", 20, b"B")
        t.row(0x10, "^00000010~ 41 41 41 41 42 41")


def wrapped(word):
    """A word of the text view, wherever the row ends: what lies before it is not ours to say."""
    return r"(?: *[█│]?\n[ ~]*)?".join(re.escape(c) for c in word)


def memory():
    """the memory of a process, in hex and in text"""
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(text):
        child.stdin.write(text + "\n")
        child.stdin.flush()
        child.stdout.readline()
    try:
        at = int(child.stdout.readline(), 16)
        with session(f"/proc/{child.pid}/mem", None, f"+{at:#x}", columns=120, rows=30) as t:
            t.wait(r"tick 0\.\.").keys(":", "set interval=100", "<Enter>", "g", "w").bar("watch")
            for i in range(1, 4):
                say(f"tick {i}..")
                t.wait(rf"[0-9a-f]~.*tick {i}\.\.")
            t.keys("g", "w").bar("watch paused")
            say("tock 9..")
            t.keys("j", "k").wait(r"tick 3\.\.")
            t.keys("g", "w").wait("tock 9")
            t.keys("x").wait(wrapped("tock 9"))
            say("text 5..")
            t.wait(wrapped("text 5")).wait("^ *~")
            child.kill()
            child.wait()
            t.keys("x").wait(r"!\?\? \?\? \?\?").keys("g", "w", "J", "J").keys(":", "next data", "<Enter>")
            t.keys("g", "g", "g", "w").bar("watch ").settle(0.3)
            t.keys("<Esc>").message("not watching any more|the process has ended").keys("q").wait_exit()
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def nothing_to_watch():
    """what has no file is not watched"""
    with session() as t:
        t.message("No file").keys("g", "w").message("there is no file to watch")


run(hex_glow, no_colour, pausing, lengths, own_edits, memory, nothing_to_watch)
