"""Writing, leaving, access, other programs, names, several files."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, run, session  # noqa: E402


def writing():
    """:w says what it wrote; undo works after it; the next session starts clean"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "w", "<Enter>").message("^firmware.bin: nothing to write, the file has what you see$")
        t.keys("j", "R", "7574", "C-c", ":", "w", "<Enter>")
        t.message(r"^firmware.bin: wrote 2 bytes at 1 place, [0-9.]+ ms\. u still undoes$")
        t.bar(r"^ BROWSE  COPY  0x00000012")
        assert t.content("firmware.bin")[16:18] == b"\x75\x74"
        t.keys("u").message("^undone: 2 bytes at 0x10").bar(r"COPY \+1").row(0x10, r"^00000010\* 0c 0d")
        assert t.content("firmware.bin")[16:18] == b"\x75\x74"
        t.keys("<F2>").message("wrote 2 bytes")
        assert t.content("firmware.bin") == FIRMWARE


def asking_before():
    """C-s asks, y writes; Esc does not"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("C-s").message("nothing to write")
        t.keys("r", "00", "C-s").message(r"^Write 1 change, 1 byte, to firmware\.bin\? \[y\]es \[r\]eview Esc$")
        t.keys("<Esc>").message("^not written")
        assert t.content("firmware.bin") == FIRMWARE
        t.keys("C-s", "y").message("^firmware.bin: wrote 1 byte at 1 place")
        assert t.content("firmware.bin")[0] == 0


def inserting():
    """a length that changed is written by copy, with the mode kept"""
    with session("firmware.bin", FIRMWARE) as t:
        os.chmod(t.path("firmware.bin"), 0o640)
        t.bar("BROWSE")
        t.keys("i", "aabbcc", "C-c", ":", "w", "<Enter>").message("^firmware.bin: wrote 3 bytes at 1 place")
        assert t.content("firmware.bin") == b"\xaa\xbb\xcc" + FIRMWARE
        assert os.stat(t.path("firmware.bin")).st_mode & 0o777 == 0o640
        t.keys("u", ":", "w", "<Enter>").message("wrote")
        assert t.content("firmware.bin") == FIRMWARE


def leaving_with_changes():
    """q asks; Esc stays; r reviews; d leaves the file as it was; w writes"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00", "q")
        t.message(r"^firmware.bin: 1 change, 1 byte unwritten\. \[w\]rite \[r\]eview \[d\]iscard Esc$")
        t.keys("x", "j").message("unwritten")
        t.keys("<Esc>").bar("0x00000000")
        t.keys("q", "r").wait("^pending: 1 change")
        t.keys("q").keys("q", "d")
        assert t.wait_exit() == "exit 0"
        assert "firmware.bin: 1 change discarded" in t.text()
        assert t.content("firmware.bin") == FIRMWARE
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00", "q").message("unwritten")
        t.keys("w")
        assert t.wait_exit() == "exit 0"
        assert t.content("firmware.bin")[0] == 0


def other_ways_out():
    """ZZ writes and leaves, ZQ and :q! leave, F10 asks, :wq writes"""
    for keys, changed in ((("Z", "Z"), True), (("Z", "Q"), False), ((":", "q!", "<Enter>"), False),
                          ((":", "wq", "<Enter>"), True), ((":", "x", "<Enter>"), True), (("<F10>", "w"), True)):
        with session("firmware.bin", FIRMWARE) as t:
            t.bar("BROWSE")
            t.keys("r", "00", *keys)
            assert t.wait_exit() == "exit 0", keys
            assert (t.content("firmware.bin")[0] == 0) == changed, keys


def typed_ahead():
    """keys typed before a question was visible do not answer it"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00")
        t.send_bytes(b"qd")
        t.message("unwritten")
        t.keys("<Esc>").bar(r"BROWSE  COPY \+1")


def through():
    """copy mode off asks; then a byte is in the file at once, whole, and u puts the old one back"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("C").message(r"\[y\]es Esc$")
        t.keys("<Esc>").message("^stays in COPY$").bar("BROWSE  COPY")
        t.keys("C").message(r"\[y\]es Esc$").keys("y").message("^firmware.bin: changes now go into the file at once; u puts old bytes back$")
        t.bar("^ BROWSE  WRITE-THROUGH  0x00000000")
        t.keys("R", "7").bar("  7_ ").row(0, "^00000000  7_ 45")
        assert t.content("firmware.bin") == FIRMWARE
        t.keys("5").bar(r"^ OVERWRITE  WRITE-THROUGH w1")
        assert t.content("firmware.bin")[0] == 0x75
        t.keys("C-c", "u").message("^undone: 1 byte at 0x0")
        assert t.content("firmware.bin") == FIRMWARE
        t.keys("C").message("COPY now").bar("^ BROWSE  COPY")
        t.keys("r", "00")
        assert t.content("firmware.bin") == FIRMWARE


def through_with_changes():
    """with changes pending: write them, discard them, or stay"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00", ":", "access write", "<Enter>")
        t.message(r"^1 change pending in firmware\.bin\. \[w\]rite now \[d\]iscard Esc: stay in COPY$")
        t.keys("<Esc>").bar(r"BROWSE  COPY \+1")
        t.keys("C", "d").bar("BROWSE  WRITE-THROUGH").row(0, "^00000000. 7f")
        t.keys("C", "r", "11", "C", "w").bar("BROWSE  WRITE-THROUGH")
        assert t.content("firmware.bin")[0] == 0x11


def somebody_else():
    """another program's bytes are seen at once; a file cut short says so and shows ??"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        with open(t.path("firmware.bin"), "r+b") as f:
            f.seek(2)
            f.write(b"\x99")
        t.row(0, "^00000000~ 7f 45 99 46")
        os.truncate(t.path("firmware.bin"), 32)
        t.message("^firmware.bin on disk: .* shorter", 5)
        t.row(0x20, r"^00000020! \?\? \?\?")
        t.row(0x10, "^00000010  0c 0d")
        t.keys("C-c", "r", "00").row(0, r"^00000000\* 00 45")


def cut_under_edits():
    """what was typed behind the place where a file is cut stays, among ??, and no search takes ?? for zeros"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys(":", "0x40", "<Enter>").bar("0x00000040").keys("R", "41", "42", "C-c").bar(r"COPY \+1")
        os.truncate(t.path("firmware.bin"), 32)
        t.message("^firmware.bin on disk: .* shorter", 5).row(0x40, r"^00000040! 41 42 \?\? \?\?").row(0x10, "^00000010  0c 0d")
        t.keys("C-c", "/", "C-u", "nowhere", "<Enter>").message(r'^"nowhere" as text: not found, but \S+ .*iB of 0x0:\S+ cannot be read')
        t.keys("/", "C-u", "AB", "<Enter>").message("^match").bar("0x00000040")


def two_files():
    """tabs: gt, gT, :e, quitting asks once"""
    with session("firmware.bin", FIRMWARE) as t:
        with open(t.path("two.txt"), "wb") as f:
            f.write(b"second file\n")
        t.bar("BROWSE")
        t.keys("g", "t").message("one file is open")
        t.keys(":", "e two.txt", "<Enter>").wait(r"^ 1 firmware.bin   2 two.txt").row(0, "73 65 63 6f")
        t.keys("r", "00", "g", "t").row(0, "7f 45")
        t.keys("r", "00", "g", "T").row(0, "00 65").wait(r"1 firmware.bin \+1   2 two.txt \+1")
        t.keys("q").message(r"^2 files have unwritten changes\. \[w\]rite all \[r\]eview \[d\]iscard all Esc$")
        t.keys("w")
        assert t.wait_exit() == "exit 0"
        assert t.content("firmware.bin")[0] == 0 and t.content("two.txt")[0] == 0


def write_as():
    """:w NAME makes the document that file's; an existing one asks"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00", ":", "w other.bin", "<Enter>").message("wrote").wait("1 other.bin")
        assert t.content("other.bin")[0] == 0 and t.content("firmware.bin") == FIRMWARE
        t.keys("r", "11", ":", "w firmware.bin", "<Enter>").message(r"^firmware.bin exists, 16\.2 KiB\. \[o\]verwrite Esc")
        t.keys("<Esc>").message("not written")
        t.keys(":", "w firmware.bin", "<Enter>").message("exists")
        t.keys("o").message("wrote")
        assert t.content("firmware.bin")[0] == 0x11


def conflict():
    """a write over somebody else's change asks"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00")
        with open(t.path("firmware.bin"), "r+b") as f:
            f.write(b"\x55")
        t.keys(":", "w", "<Enter>")
        t.message(r"^firmware\.bin changed on disk.*\[d\]iff \[r\]ebase \[o\]verwrite \[e\]lsewhere Esc$")
        t.keys("<Esc>").message("not written, changes kept")
        assert t.content("firmware.bin")[0] == 0x55
        t.keys(":", "w", "<Enter>").message("changed on disk")
        t.keys("o").message("wrote 1 byte")
        assert t.content("firmware.bin")[0] == 0


def strange_name():
    """a name with escapes is shown with its escapes visible"""
    name = "\x1b]0;owned\x07"
    with session(name, FIRMWARE) as t:
        t.bar("BROWSE")
        assert t.line(0).startswith(r" 1 \x1b]0;owned\x07"), t.line(0)
        assert b"\x1b]0;owned" not in t.out
        t.keys("r", "00", "q").message(r"^\\x1b]0;owned\\x07: 1 change")


def new_file():
    """typing into nothing and :w NAME makes a file"""
    with session() as t:
        t.message("No file")
        t.keys("i", "<Tab>", "hello", "C-c", ":", "w made.txt", "<Enter>").message("wrote 5 bytes")
        assert t.content("made.txt") == b"hello"


run(writing, asking_before, inserting, leaving_with_changes, other_ways_out, typed_ahead, through, through_with_changes,
    somebody_else, cut_under_edits, two_files, write_as, conflict, strange_name, new_file)
