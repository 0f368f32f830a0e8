"""Matches as a set: narrowing by value, by change, across a reload; list, export, marks of what is left."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import run, session  # noqa: E402

PLACES = list(range(0x40, 0x4000, 0x100))  # where 100 stands


def game(gold=100, lives=100):
    data = bytearray(b"\xee" * 0x4000)
    for i, at in enumerate(PLACES):
        struct.pack_into("<I", data, at, gold if i == 7 else lives if i == 9 else 100)
    return bytes(data)


def search(t, total=64):
    t.bar("BROWSE")
    t.keys("/", "<Tab>", "<Tab>", "<Tab>", "u32le in 90..110", "<Enter>").bar(f"1 of {total}")
    t.settle(0.4)


def write(t, data):
    with open(t.path("save.bin"), "r+b") as f:
        f.write(data)


def by_change():
    """the value that a program changed in the file is found by changed, same, and a pattern"""
    with session("save.bin", game()) as t:
        search(t)
        t.keys("n", "n").bar("3 of 64")
        write(t, game(gold=95, lives=99))
        t.keys(":", "narrow changed", "<Enter>").message("^2 of 64 matches left: n goes through them, g/ lists them$")
        t.bar("0x00000240 .* 2 matches")
        write(t, game(gold=95, lives=98))
        t.keys(":", "narrow same", "<Enter>").message("^1 of 2 matches left")
        t.keys("n").message(r"^match 1 of 1 at 0x740")
        t.row(0x740, r"\[5f 00 00 00\]")
        t.keys(":", "narrow u32le=5", "<Enter>").message("^none of 1 matches would be left: they stay$")


def across_reload():
    """a file that was replaced by another one: reload, then narrow goes by what was found before"""
    with session("save.bin", game()) as t:
        search(t)
        with open(t.path("other"), "wb") as f:
            f.write(game(gold=42))
        os.replace(t.path("other"), t.path("save.bin"))
        t.keys(":", "reload", "<Enter>").settle(0.4)
        t.keys(":", "narrow u32le=42", "<Enter>").message("^1 of 64 matches left")
        t.keys("g", "g", "n").bar("0x00000740 .*1 of 1")


def listed_and_marked():
    """list, n, N, marks and export go by what is left; the next search has all again"""
    with session("save.bin", game(gold=101, lives=102)) as t:
        search(t)
        t.keys(":", "narrow u32le in 101..102", "<Enter>").message("^2 of 64 matches left")
        t.keys("g", "/").wait("^matches: 2 matches").wait(r"^ 2 +0x940 +4 ").keys("q")
        t.keys("g", "g", "n").bar("0x00000740").keys("n").bar("0x00000940 .*2 of 2")
        t.keys("n").message("^match 1 of 2 at 0x740, past the end, from 0x0$")
        t.keys(":", "export matches-offsets out.txt", "<Enter>").message("^out.txt: 2 matches$")
        assert t.content("out.txt") == b"0x740\n0x940\n"
        t.keys(":", "export matches-offsets out.txt", "<Enter>").message("^out.txt exists; export! replaces it$")
        t.keys(":", "export matches-csv nosuch/out.csv", "<Enter>").message("^cannot write 'nosuch/out.csv': no such file or directory$")
        t.keys(":", "export matches-json /", "<Enter>").message("^cannot write '/': is a directory$")
        assert t.content("out.txt") == b"0x740\n0x940\n"
        for command in ("export! matches-csv", "export! patch", "write-range! 0:4"):
            t.keys(":", command + " save.bin", "<Enter>").message("^save.bin is open here and stays what it is; choose another name$")
        assert t.content("save.bin") == game(gold=101, lives=102)
        t.keys(":", "mark-matches gold red", "<Enter>").message("^2 marks, from gold1 on; gm lists them$")
        t.row(0x740, r"^00000740'")
        t.keys("/", "xx").message("not as text").keys("<Esc>").bar("of 2|2 matches")
        t.keys("/", "<Up>", "<Enter>").bar("of 64")


def not_all_there():
    """an export of a file that was cut says that some of it cannot be read"""
    with session("save.bin", game() * 8) as t:
        search(t, 512)
        os.truncate(t.path("save.bin"), 0x4000)
        t.keys("g", "g", ":", "export matches-offsets out.txt", "<Enter>")
        t.message("^out.txt: 64 matches, but 112.0 KiB cannot be read$")
        assert len(t.content("out.txt").splitlines()) == 64


def follows():
    """what is left moves with an insertion before it, and comes back with undo"""
    with session("save.bin", game(gold=101)) as t:
        search(t)
        t.keys(":", "narrow u32le=101", "<Enter>").message("^1 of 64 matches left")
        t.keys("g", "g", "i", "0011", "<Esc>").bar("BROWSE")
        t.keys("n").bar("0x00000742 .*1 of 1")
        t.keys("u").keys("g", "g", "n").bar("0x00000740 .*1 of 1")


run(by_change, across_reload, listed_and_marked, not_all_there, follows)
