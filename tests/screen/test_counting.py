"""How many matches there are: not counted through where nobody asked for it, and not for ever.

    test_counting.py [long]
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import run, session  # noqa: E402

# Nobody else in the process spells the word: it is put together when the program runs.
CHILD = """
import ctypes, sys
word = bytes(c + 1 for c in b"VDPOETRTIG")
room = ctypes.create_string_buffer(8192)
for at in (0, 1000, 5000):
    ctypes.memmove(ctypes.addressof(room) + at, word, len(word))
word = None
print(hex(ctypes.addressof(room)), flush=True)
sys.stdin.read()
"""


def uncounted():
    """in the memory of a process steps are counted, not matches, until g/ asks for them"""
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        at = int(child.stdout.readline(), 16)
        with session(f"/proc/{child.pid}/mem", None, f"+{at - 1:#x}", columns=120) as t:
            t.wait("WEQPFUSU").keys("g", "g", "/", "WEQPFUSUJH", "<Enter>").bar(rf"0x0*{at:x} .*1 of \?")
            t.message(rf"^match 1 of \? at {at:#x}: ")
            t.keys("n").bar(rf"0x0*{at + 1000:x} .*2 of \?").keys("n").bar(rf"0x0*{at + 5000:x} .*3 of \?")
            t.keys("N").bar(rf"0x0*{at + 1000:x} .*2 of \?")
            t.keys("q").wait_exit()
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def provisional():
    """matches that are seen before the scan has come there are marked, and bear no number"""
    far = 1 << 20
    data = b"x" * far + b"z" * far + (b"x" * 30 + b"q" + b"z") * 2
    at = 2 * far
    with session("costly", data) as t:
        t.bar("BROWSE").keys(":", f"goto {at - 16:#x}", "<Enter>", "/", "<Tab>", "<Tab>", "x{30,}?x*[pq]", "<Enter>")
        t.bar(rf"0x0*{at:x} .*\? of 0\+").row(at, r"\[78 78").row(at + 0x10, r"71\]7a")
        t.keys("n").bar(rf"0x0*{at + 32:x} .*\? of 0\+")
        t.keys("C-c").message(r"^cancelled at \d+%, 0 found, rest unknown$")


def limited():
    """a count that lasts ends after ten seconds: 2+, and n still searches what lies behind"""
    data = b"x" * 100 + b"q" + b"x" * 100 + b"q" + b"x" * (1 << 20)
    with session("costly", data) as t:
        t.bar("BROWSE").keys("/", "<Tab>", "<Tab>", "x{90,}?x*[pq]", "<Enter>").bar(r"find.* 1 of \d\+").settle(10.5)
        t.message(r"^match 1 of 2\+ at 0x0|^$|^Arrows").bar(r"01111000  1 of 2\+").keys("n").bar(r"2 of 2\+")


def islands(path, size, places):
    with open(path, "wb") as f:
        f.truncate(size)
        for at in places:
            f.seek(at)
            f.write(b"GNU")


def holes():
    """holes cost nothing: all matches in 100 GiB of them are counted; and of what is not there nothing is counted"""
    places = range(100, 100 << 30, 25 << 20)
    count, last = len(places), places[-1]
    with session("nothing", b"") as t:
        islands(t.path("islands"), 100 << 30, places)
        t.keys(":", "e islands", "<Enter>").wait("2 islands").keys("/", "GNU", "<Enter>").bar(rf"1 of {count} ")
        t.keys("N").bar(rf"0x0*{last:x} .*{count} of {count} ").message(rf"^match {count} of {count} at .*, past the start, from the end$")
        t.keys("/", "BSD", "<Enter>").message(r'^"BSD" as text: not in 0x0:0x1900000000 \(100.0 GiB, ').settle(0.3)
        assert "match" not in t.line(22), t.line(22)


def searching():
    """a search that lasts is named at once, in the place of what was said before; cancelled, it has no number"""
    data = b"xq" + b"x" * (1 << 20)
    with session("costly", data) as t:
        t.bar("BROWSE").keys("/", "xq", "<Enter>").message("^match 1 of 1 at 0x0: ")
        t.keys("/", "<Tab>", "<Tab>", "x*x*[yz]", "<Enter>")
        assert t.line(23).startswith("finding /x*x*[yz]/ "), t.line(23)
        t.bar(r"find \d+% ").keys("C-c").message(r"^cancelled at \d+%, 0 found, rest unknown$")
        t.keys("n").message("^finding /x").keys("<Esc>").message("^cancelled at ")


def impatient():
    """n while its search runs, which will find just that, does not begin it anew"""
    def percent(t):
        return re.search(r"find (\d+)%", t.line(22))

    with session("lines", (b"x" * 30 + b"\n") * 800000) as t:
        t.bar("BROWSE").keys("/", "<Tab>", "<Tab>", "x*x*[yq]", "<Enter>").bar(r"find ([3-9]\d)% ", 60)
        came = int(percent(t)[1])
        t.keys("n").settle(0.3)
        now = percent(t)
        assert not now or int(now[1]) >= came, f"{came}%, {t.line(22)}"
        t.keys("C-c", "N").bar(r"find \d%").keys("C-c").message("^cancelled")


def filtering():
    """a line is shown when it is found; C-c and Esc stop the rest, and nobody says that no line has it"""
    lines = b"a q in a line\n" + b"x" * (1 << 20) + b"\nanother q\n"
    with session("costly.log", lines, "-t") as t:
        t.bar("BROWSE")
        for key in ("C-c", "<Esc>"):
            t.keys("&", "x*x*[yq]", "<Enter>").wait("^ *1  a q in a line").bar("filter 0% ")
            t.message(r"^filtering with /x\*x\*\[yq\]/ 0% \d+ [kM]B/s, 1 so far \(C-c stops\)$").keys("j", key)
            t.message(r"^cancelled at 0%, 1 found, rest unknown$").wait("^ *1  a q in a line").settle(0.2)
            assert "filter " not in t.line(22) and t.line(23).startswith("cancelled"), t.text()
            t.keys("&", "<Enter>").message("^all lines are shown$")
        t.keys("q").wait_exit()


if "long" in sys.argv[1:]:
    run(limited)
else:
    run(uncounted, provisional, holes, searching, impatient, filtering)
