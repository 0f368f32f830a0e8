"""Looking: the first screen, motions, goto, jumps, leaving."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from screen import key_bytes  # noqa: E402
from session import FIRMWARE, run, session  # noqa: E402

SIZE = len(FIRMWARE)


def first_screen():
    """the first screen: bytes, status, hint, nothing asked"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar(r"^ BROWSE  COPY  0x00000000  0  0\.0%  7f 127 01111111 +F1 help$")
        t.message("Arrows look  / find  R type over  u undo  :w write  q leave  F1 help")
        assert t.line(0).startswith(" 1 firmware.bin"), t.line(0)
        assert f"{SIZE} bytes, 16.2 KiB  ascii" in t.line(0), t.line(0)
        assert t.line(2).startswith("00000000  7f 45 4c 46 00 01 02 03  04 05 06 07 08 09 0a 0b  "), t.line(2)


def leaving():
    """q leaves at once; the file and its times are as they were"""
    with session("firmware.bin", FIRMWARE) as t:
        before = os.stat(t.path("firmware.bin"))
        t.bar("BROWSE")
        t.send("q")
        assert t.wait_exit() == "exit 0", t.how()
        after = os.stat(t.path("firmware.bin"))
        assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
        assert t.content("firmware.bin") == FIRMWARE


# keys from the start of the file, and the offset where they lead
MOTIONS = [
    (["l"], 1), (["Right", "l", "h"], 1), (["j"], 16), (["<Down>", "<Enter>", "C-n", "k"], 32), (["$"], 15),
    (["<End>"], 15), (["5", "l", "0"], 0), (["j", "<Home>"], 16), (["G"], SIZE - 1), ([">"], SIZE - 1),
    (["G", "g", "g"], 0), (["G", "<"], 0), (["<PgDn>"], 320), (["f", "b"], 0), (["<Space>"], 320),
    (["C-f", "C-f", "C-b"], 320), (["J"], 160), (["C-d", "C-u"], 0), (["}"], 512), (["}", "}", "{"], 512),
    (["L"], 304), (["M"], 160), (["5", "j", "H"], 0), (["7", "5", "j"], 1200), (["1", "0", "G"], 9),
    (["3", "0", "g", "g"], 29), (["5", "0", "%"], SIZE // 2), (["w"], 1), (["1", "2", "l", "BS"], 11),
    (["C-e"], 16), (["C-e", "C-e", "C-y"], 32), (["1", "0", "0", "j", "z", "t", "H"], 1600),
    (["1", "0", "0", "j", "z", "b", "L"], 1600), (["C-End"], SIZE - 1), (["G", "C-Home"], 0),
    (["G", "C-o"], 0), (["G", "C-o", "M-o"], SIZE - 1), (["G", "'", "'"], 0), (["G", "'", "'", "`", "`"], SIZE - 1),
    (["4", "l", "v", "l", "C-c", "l"], 6), (["C-g", "0x40", "<Enter>"], 0x40), (["C-g", "400", "<Tab>", "<Enter>"], 0x400),
    (["<F5>", "end-4", "<Enter>"], SIZE - 4), ([":", "0x1000", "<Enter>"], 0x1000), ([":", "50%", "<Enter>"], SIZE // 2),
    (["C-g", "+16", "<Enter>", "C-g", "+16", "<Enter>"], 32), (["C-g", "00000400", "<Enter>"], 0x400),
    (["C-g", "0x40", "<Esc>"], 0), (["9", "C-c", "l"], 1), (["1", "2", "BS", "l"], 1),
]


def motions():
    """every motion leads where it should"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        for keys, want in MOTIONS:
            t.keys("C-c", "g", "g", *keys)
            try:
                t.bar(rf"  0x{want:08x}  {want} ", 3)
            except AssertionError as e:
                raise AssertionError(f"{keys}: expected {want:#x}\n{e}") from e


def borders():
    """a motion that cannot go on says so; the last byte is the end of BROWSE"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("k").message("first row: nothing lies above it")
        t.keys("h").message("first byte: nothing lies before it")
        t.keys("G", "l").message("last byte: nothing lies behind it")
        t.keys("j").message("last row: nothing lies below it")
        t.bar(f"  {SIZE - 1}  100.0%")


def unbound_keys():
    """keys that mean nothing say so, and nothing is changed"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        for key in "BDEISTXest":
            t.keys(key).message(rf"^{key}: no such key\. R types over, i inserts, F1 helps$")
        t.keys("d").message("Nothing selected: v selects. vi's keys: :set keys=vi")
        t.keys("c").message("Nothing selected")
        t.keys("O", "P", "O", "A", "l").bar("0x00000001  1 ")
        t.keys("C-x").message("Nothing selected")
        assert "+" not in t.line(22)


def help_in_a_sequence():
    """F1 behind a key that waits for another gives help"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("g", "<F1>").wait("^help: every command")
        t.keys("q").wait(lambda text: "help: every command" not in text)
        t.keys("g", "<PgDn>").message("^g PgDn: no such key")


def modes_speak():
    """a message of a moment ago gives way to what an edit mode has to say"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("e", "i").bar("INSERT").message("^INSERT: two digits a byte")
        t.keys("<Esc>").bar("BROWSE").keys("e", "R").message("^OVERWRITE: two digits a byte")


LISTS = [["g", "/"], ["g", "c"], ["g", "m"], ["g", "u"], ["g", "l"], ["<F1>"], ["<F9>"], [":", "keys", "<Enter>"],
         [":", "<Tab>"], [":", "help goto", "<Enter>"]]


def click(x, y, button=0, end="M"):
    return f"\x1b[<{button};{x + 1};{y + 1}{end}".encode()


def clicks_where_lists_were():
    """a click, a drag or the wheel that comes with the key that closes a list, opens it or chooses in it"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("m", "a", "R", "7", "5", "<Esc>").bar("BROWSE")
        t.keys("/", "C-u", "GNU", "<Enter>").message("match 1 of")
        for keys in LISTS:
            for closing in (b"q", b"\x1b", b"\x03", b"\r"):
                opening = b"".join(key_bytes(k) for k in keys)
                for where in (click(3, 3), click(20, 12), click(5, 21), click(20, 12, 65), click(30, 14, 32)):
                    t.send_bytes(opening + where + closing + where + b"\x03\x03")
                    t.read(0)
            t.settle(0.1)
            assert t.alive(), (keys, t.how())
        for _ in range(50):
            t.keys("C-c").settle(0.3)
            if re.search("^00000000", t.text(), re.M):
                break
        t.keys(":", "0").message("^:0").keys("<Enter>").bar("0x00000000")


def counts():
    """digits pending are a count, shown with what it is for"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("7", "5").message(r"^count 75 \(R types over bytes, i inserts\)$")
        t.keys("<Esc>")
        t.message("Arrows look")


def hint_strip():
    """a key pressed first and held shows after a second what can follow"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.send("z")
        t.wait(r"^ +zz +Put|^ +zz  +Scroll by rows|^ zz ", 3)
        t.keys("z")
        t.wait(lambda text: " zt " not in text)


def goto_prompt():
    """goto shows both readings, complaints, and what Tab would do"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("C-g", "400").message(r"^goto: 400 +.*= 0x190, \+400 from here   Tab: 0x400$")
        t.keys("<Tab>").message(r"^goto hex: 400 +.*= 1024, \+1024 from here   Tab: 400$")
        t.keys("C-u", "0x40 +").message("goto hex: 0x40 +")
        t.keys("<Enter>").message("goto hex: 0x40")
        t.keys("C-u", "9999999", "<Enter>").message("goto hex: 9999999")
        t.keys("<Esc>").bar("0x00000000")


def sparse():
    """a file of 60 GB is there at once, G shows its last byte"""
    with session() as t:
        t.send("q")
        t.wait_exit()
        with open(t.path("disk.img"), "wb") as f:
            f.truncate(60 << 30)
        with session(None, None, t.path("disk.img")) as u:
            u.bar(r"COPY  0x00000000  0  0\.0%  00 0 00000000")
            u.keys("G").bar(f"  {(60 << 30) - 1}  100.0%")
            u.keys("5", "0", "%").bar(f"  {30 << 30}  50.0%")
            u.send("q")
            assert u.wait_exit() == "exit 0"


def no_file():
    """sextant alone: an empty document, and what to do with it"""
    with session() as t:
        t.message("No file. :e NAME opens one, i types, :w NAME writes")
        t.keys("j", "l", "G", "PgDn").bar("BROWSE")
        t.send("q")
        assert t.wait_exit() == "exit 0"


def missing_name():
    """a name that does not exist asks; Esc leaves, n is a new document"""
    with session(None, None, "nosuch.bin") as t:
        t.message(r"^nosuch\.bin does not exist\. \[n\]ew Esc$")
        t.send("<Esc>")
        assert t.wait_exit() == "exit 0"
        assert not os.path.exists(t.path("nosuch.bin"))
    with session(None, None, "nosuch.bin") as t:
        t.message("does not exist")
        t.keys("n").wait("1 nosuch.bin")


def refused():
    """a directory is refused with a sentence, before the screen is taken"""
    with session(None, None, ".") as t:
        assert t.wait_exit() == "exit 3", t.how()
        assert "sextant: " in t.text() and b"\x1b[?1049h" not in t.out, t.text()


def facts_of_encoding():
    """info names the encoding that is shown, chosen or not"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys(":info", "<Enter>").wait("encoding +ascii").keys("q")
        t.keys(":set encoding=cp437", "<Enter>", ":info", "<Enter>").wait("encoding +cp437").keys("q")


run(first_screen, facts_of_encoding, leaving, motions, borders, unbound_keys, help_in_a_sequence, modes_speak, clicks_where_lists_were, counts, hint_strip, goto_prompt, sparse, no_file, missing_name,
    refused)
