"""Replacing on the screen: the preview and the question, its answers, groups, one step for undo, WRITE-THROUGH."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import run, session  # noqa: E402

LOG = b"".join(b"%05d %s job-%d\n" % (i, b"ERROR" if i % 4 == 1 else b"INFO", i % 7) for i in range(100))


def saved(t):
    t.keys(":", "write copy.bin", "<Enter>").message("wrote")
    return t.content("copy.bin")


def everything():
    """the question with its preview, a replaces all, u undoes it as one step"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", 'replace "ERROR" "FIXED"', "<Enter>")
        t.message(r'^25 of "ERROR" to "FIXED", first 10 shown\. \[a\]ll \[y\]this \[n\]ext \[q\]uit Esc$')
        t.wait(r"^ 0x17 +0\.00001 \[ERROR\] job-1\.0 +0\.00001 \[FIXED\] job-1\.0$")
        t.row(0x10, r"\[45  52 52 4f 52\]")
        t.keys("a").message("^25 replaced, u undoes$").bar(r"COPY \+25")
        t.keys("u").message("^undone: ").bar("COPY  0x").keys("U").bar(r"COPY \+25")
        assert saved(t) == LOG.replace(b"ERROR", b"FIXED")


def one_by_one():
    """y, n, y, then a for the rest, each seen at once; together they are one step"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", "replace ERROR FAILURE", "<Enter>").message("first 10 shown")
        t.keys("y").bar(r"COPY \+1  0x0000005e").message("next 10 shown")
        t.keys("n").bar(r"COPY \+1  0x000000a3").message("next 10 shown")
        t.keys("y").bar(r"COPY \+2  0x000000ea").message("next 10 shown")
        t.keys("a").message("^24 replaced, u undoes$")
        parts = LOG.split(b"ERROR")
        want = parts[0] + b"FAILURE" + parts[1] + b"ERROR" + b"FAILURE".join(parts[2:])
        assert saved(t) == want
        t.keys("u").message("^undone: ").keys("u").message("^nothing to undo")


def cut_off():
    """C-c in the middle of all: what was answered before stays, the rest is as it was, and one u takes it back"""
    log = b"ERROR x\n" * (4 << 20)
    with session("log.txt", log) as t:
        t.bar("BROWSE")
        t.keys(":", "replace! ERROR FAILURE").send("<Enter>", "C-c")  # at once: it does not last long
        t.message("^cancelled at [0-9]+%, nothing replaced$").bar("COPY  0x")
        t.keys(":", "replace ERROR FAILURE", "<Enter>").message("first 10 shown").keys("y").message("next 10 shown")
        t.send("a", "C-c")
        t.message("^the rest was not replaced; 1 before it, u undoes$").bar(r"COPY \+1 ")
        t.row(0, r"46 41 49 4c 55 52 45 20  78 0a").keys("u").bar("COPY  0x").row(0, r"45 52 52 4f 52 20 78 0a")


def quit_early():
    """q and Esc end it, and what was replaced stays; nothing asked, nothing changed"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", "replace ERROR FIXED", "<Enter>").message("first 10").keys("q").message("^nothing replaced$")
        t.bar("COPY  0x")
        t.keys(":", "replace ERROR FIXED", "<Enter>").message("first 10").keys("y")
        t.bar("0x0000005c").message("next 10").keys("y").bar("0x000000a1").message("next 10").keys("<Esc>")
        t.message("^2 replaced, u undoes$").bar(r"COPY \+2")
        t.keys("u").bar("COPY  0x")


def words_of_any_language():
    """questions and lists show characters, not bytes, in the encoding of the view; a pattern stands as it was typed"""
    for encoding in ("utf-8", "utf-16"):
        with session("log.txt", "größe läuft 日本 \u202exy\nläuft still\n".encode(encoding), "-t") as t:
            t.bar("BROWSE")
            t.keys("/", "läuf(.)", "<Enter>", "g", "/").wait("^ 1 .*größe \\[läuft\\] 日本 \\.+xy\\.").wait("1=t$")
            t.keys("/", "still", "<Enter>").message("/läuf").wait('^matches: 2 matches, 1 with "still"').keys("q")
            if encoding == "utf-8":
                t.keys(":", "replace /(ä)(\\w+)/ \"Ä\\2\"", "<Enter>")
                t.message(r'^2 of /\(ä\)\(\\w\+\)/ to "Ä\\2", first 2 shown').wait(r"^ 0x9 .*größe l\[äuft\] 日本 .*größe l\[Äuft\] 日本")


def groups():
    """groups by number, by name and the whole match; an unknown one is refused with a reason"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", r'replace! /(?<n>\d+) (ERROR)/ "\2 \{n} <\0>"', "<Enter>").message("^25 replaced")
        assert saved(t) == re.sub(rb"(\d+) (ERROR)", rb"\2 \1 <\g<0>>", LOG)
        t.keys(":", r"replace /(a)/ \2", "<Enter>").message("no group 2: the pattern has 1")
        t.keys(":", r'replace /(a)/ "\{who}"', "<Enter>").message("the pattern has no group called who")


def ranges():
    """only in the range; gr begins with the last pattern, and with the selection"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", "replace ERROR FIXED 0:0x40", "<Enter>").message("^1 of|^2 of").keys("a").message("replaced, u undoes")
        assert saved(t) == LOG[:0x40].replace(b"ERROR", b"FIXED") + LOG[0x40:]
        t.keys("v", "G", "g", "r").message(r'^:replace "ERROR"  0x[0-9a-f]+:0x[0-9a-f]+')
        t.keys("OK", "<Enter>").message("of").keys("a").message("replaced")
        t.keys(":", "write rest.bin", "<Enter>").message("wrote")
        assert t.content("rest.bin") == LOG[:0x40].replace(b"ERROR", b"FIXED") + LOG[0x40:].replace(b"ERROR", b"OK")


def through():
    """WRITE-THROUGH keeps the length: refused with both lengths, equal ones go into the file at once"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", "access write", "<Enter>").bar("WRITE-THROUGH")
        t.keys(":", "replace ERROR FAILED", "<Enter>")
        t.message(r'^"FAILED" has 6 bytes, "ERROR" 5; WRITE-THROUGH keeps length\. :access copy$')
        t.keys(":", "replace! /E(R+)OR/ FAILED", "<Enter>").message("0x[0-9a-f]+: 6 bytes for 5; WRITE-THROUGH keeps length")
        assert t.content("log.txt") == LOG
        t.keys(":", "replace! ERROR FIXED", "<Enter>").message("^25 replaced, u undoes$")
        assert t.content("log.txt") == LOG.replace(b"ERROR", b"FIXED")
        t.keys("u").message("undone")
        assert t.content("log.txt") == LOG


def tiny():
    """list and question in windows of any size"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys("/", "ERROR", "<Enter>").bar("1 of 25")
        for width, height in ((1, 1), (20, 5), (7, 30), (40, 8), (60, 3), (200, 60)):
            t.resize(width, height)
            t.keys("g", "/", "j", "G", "s", "q").settle(0.05)
            t.keys(":", "replace ERROR FIXED", "<Enter>").settle(0.05)
            t.keys("n", "q").settle(0.05)
            assert t.alive(), (width, height, t.how())
        t.resize(80, 24)
        t.bar("COPY  0x")
        t.settle(0.6)
        t.keys("n").bar(" of 25")


def absent():
    """what is not there is said, and asks nothing"""
    with session("log.txt", LOG) as t:
        t.bar("BROWSE")
        t.keys(":", "replace nowhere else", "<Enter>").message('^"nowhere" as text: not in 0x0:')
        t.keys("j").bar("0x00000010")


run(everything, one_by_one, cut_off, quit_early, groups, ranges, through, tiny, absent)
