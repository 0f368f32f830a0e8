"""Review before writing: the list of changes, what is taken back, what alone is written, a patch of it (journey 3)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, run, session  # noqa: E402


def three_changes(t):
    t.bar("BROWSE")
    t.keys("j", "R", "7574", "C-c", ":0x40", "<Enter>", "i", "010203", "C-c", ":0x80", "<Enter>", "r", "ff")


def patch_by_hand():
    """typed digit by digit, undone, redone, reviewed, one taken back, written, and undone by the next session"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("R", "75", "74").bar(r"^ OVERWRITE  COPY \+1").row(0, "^00000000[*] 75 74 4c 46")
        t.keys("<Tab>", "Z", "C-c", "u").row(0, "^00000000[*] 75 74 4c")
        t.keys("u").row(0, "^00000000  7f 45 4c").keys("C-r").row(0, "^00000000[*] 75 74 4c")
        t.keys("<Tab>", ":0x20", "<Enter>", "r", "aa", "<F8>")
        t.wait("^pending: 2 changes, 3 bytes")
        t.wait(r"^ 1  0x0   2  7f 45  75 74$").wait(r"^ 2  0x20  1  1c     aa$")
        t.keys("j", "r").wait("^pending: 1 change, 2 bytes").message("^1 change taken back; u brings it again$")
        t.keys("q", ":w", "<Enter>").message(r"^firmware.bin: wrote 2 bytes at 1 place, .* u still undoes$")
        assert t.content("firmware.bin") == b"ut" + FIRMWARE[2:]


def side_by_side():
    """old beside new, cut where there is no room; Enter goes there; n walks on; q closes"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        t.keys(":fill 0x90:0xb0 {00}", "<Enter>", "g", "c")
        t.wait(r"^ 1  0x10  2       0c 0d                    75 74$")
        t.wait(r"^ 2  0x40  0 to 3  -                        01 02 03$")
        t.wait(r"^ 4  0x90  32      89 8a 8b 8c 8d 8e 8f \.\.  00 00 00 00 00 00 00 \.\.$")
        t.keys("j", "<Enter>").bar("0x00000040").keys("n").bar("0x00000080").keys("n").bar("0x00000090")
        assert all(len(line) <= 80 for line in t.lines())
    with session("firmware.bin", FIRMWARE, columns=120, rows=40) as t:
        three_changes(t)
        t.keys(":fill 0x90:0xb0 {00}", "<Enter>", "g", "c").wait(r"(00 ){14}\.\.$")
    with session("firmware.bin", FIRMWARE, columns=30, rows=8) as t:
        three_changes(t)
        t.keys("g", "c").wait(r"^ 1  0x4   2 ").keys("q").bar("COPY")


def chosen_ones_are_written():
    """w writes what is marked, where the length stays; the others stay pending, undo goes on"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        t.keys("g", "c", "<Space>", "j", "<Space>").wait(r"^\*1  0x10").wait(r"^ 2  0x40").wait(r"^\*3  0x80")
        t.keys("w").message(r"^firmware.bin: wrote 3 bytes at 2 places, .*\. 1 change still pending$")
        t.wait(r"^pending: 1 change, 3 bytes").bar(r"COPY \+1")
        disk = bytearray(FIRMWARE)
        disk[0x10:0x12], disk[0x7d] = b"ut", 0xff
        assert t.content("firmware.bin") == bytes(disk)
        t.keys("w").message("^the change at 0x40 changes the length")
        t.keys("q", "u").message("^undone: 1 byte at 0x80").bar(r"COPY \+2")
        t.keys(":w", "<Enter>").message("wrote")
        disk[0x7d] = FIRMWARE[0x7d]
        assert t.content("firmware.bin") == bytes(disk[:0x40]) + b"\1\2\3" + bytes(disk[0x40:])


def taken_back_and_again():
    """r takes back what is marked as one step; u brings it; the list follows and closes when nothing is left"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        t.keys("g", "c", "<Space>", "<Space>", "r").wait("^pending: 1 change, 1 byte").message("2 changes taken back; u brings them")
        t.keys("u").wait("^pending: 3 changes, 6 bytes").keys("U").wait("^pending: 1 change")
        t.keys("r").bar("COPY  0x").row(0, "7f 45")
        assert not any(line.startswith("pending") for line in t.lines())
        t.keys("g", "c").message("^no pending changes: the file has what you see$")


def as_a_patch():
    """e writes the list as a patch, import applies it in another session"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        t.keys("g", "c", "e").message("^export patch to:$").keys("a b.patch", "<Enter>").message("^a b.patch: 3 changes, 6 bytes$")
        text = t.content("a b.patch").decode()
        assert text.startswith("sextant patch 1\nfile firmware.bin\n") and "+ 75 74" in text, text
        t.keys("q", ":revert all", "<Enter>", ":import patch \"a b.patch\"", "<Enter>").message("^a b.patch: 3 changes, 6 bytes$")
        t.row(0x10, "^00000010[*] 75 74").bar(r"COPY \+3").keys("u").bar("COPY  0x")
        t.keys(":import patch firmware.bin", "<Enter>").message("this is no patch")


def from_a_question():
    """r of the question before leaving opens it, also where another file has the changes"""
    with session("firmware.bin", FIRMWARE) as t:
        with open(t.path("two.txt"), "wb") as f:
            f.write(b"second file\n")
        t.bar("BROWSE").keys("r", "00", ":e two.txt", "<Enter>", "q")
        t.message(r"^firmware.bin: 1 change, 1 byte unwritten\. \[w\]rite \[r\]eview \[d\]iscard Esc$")
        t.keys("r").wait("^pending: 1 change, 1 byte").keys("q", "g", "t", "r", "11", "q")
        t.message("^2 files have unwritten changes").keys("r").wait("^pending: 1 change, 1 byte")


run(patch_by_hand, side_by_side, chosen_ones_are_written, taken_back_and_again, as_a_patch, from_a_question)
