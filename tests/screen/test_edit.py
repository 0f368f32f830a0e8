"""Changing bytes: OVERWRITE, INSERT, one byte, undo, selections, registers, paste."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, run, session  # noqa: E402

TEXT = b"The quick brown fox jumps over the lazy dog. " * 8


def patch():
    """R and two digits a byte, letters in the text column, undo and redo in whole runs"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("j", "R").bar("^ OVERWRITE  COPY  0x00000010")
        t.message("OVERWRITE: two digits a byte, Tab: text, Esc ends. File untouched until :w")
        t.keys("7").row(0x10, r"^00000010\* 7c 0d")
        t.keys("5 74").row(0x10, r"^00000010\* 75 74 0e")
        t.bar(r"^ OVERWRITE  COPY \+1  0x00000012")
        t.keys("<Tab>", "hi").row(0x10, r" 75 74 68 69 10 .*  uthi")
        t.keys("C-c").bar("^ BROWSE")
        t.keys("u").message(r"^undone: 2 bytes at 0x12 \(1 more; U redoes\)$")
        t.keys("u").message(r"^undone: 2 bytes at 0x10 \(0 more; U redoes\)$")
        t.row(0x10, r"^00000010  0c 0d 0e")
        t.keys("u").message("^nothing to undo")
        t.keys("C-r").message("^redone: 2 bytes at 0x10").row(0x10, r"\* 75 74 0e")
        t.keys("U").row(0x10, r"\* 75 74 68 69")
        assert t.content("firmware.bin") == FIRMWARE


def overwrite_rules():
    """OVERWRITE: Space does nothing, BS brings the old value back, the end keeps its length"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("R", "75 74", "BS").row(0, r"^00000000\* 75 45 4c").bar("0x00000001")
        t.keys("BS").row(0, "^00000000[ *] 7f 45 4c")
        t.keys("q").message(r"^q is not a hex digit\. Esc ends OVERWRITE\.$")
        t.keys("<Del>").message("^OVERWRITE keeps the length; Ins switches to INSERT$")
        t.keys("<Enter>").message("^C-v Enter types 0a$")
        t.keys("C-v", "<Enter>").row(0, r"^00000000\* 0a 45 4c")
        t.keys("<Right>", "7").row(0, r" 0a 45 7c 46")
        t.keys("C-End", "ff").message("^End of file: A adds bytes$|OVERWRITE").bar(str(len(FIRMWARE)))
        t.keys("1").message("^End of file: A adds bytes$")
        t.keys("C-c").bar(f"^ BROWSE .*  {len(FIRMWARE) - 1}  100.0%")


def insert_rules():
    """INSERT: the first digit waits as 7_, an arrow drops it and says so, BS and Del delete"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("i").bar("^ INSERT  COPY  0x00000000")
        t.keys("7").row(0, r"^00000000  7_ 7f 45 4c").bar("  7_ ")
        t.keys("<Right>").message(r"^7_ dropped").row(0, r"^00000000  7f 45 4c")
        t.keys("75 74").row(0, r"^00000000\* 7f 75 74 45 4c")
        assert "(+2)" in t.line(0), t.line(0)
        t.keys("BS").row(0, r"\* 7f 75 45 4c")
        t.keys("<Del>").row(0, r"\* 7f 75.4c 46")
        t.keys("7", "C-c").message("^7_ dropped").bar("^ INSERT")
        t.keys("C-c").bar("^ BROWSE")
        t.keys("A", "<Tab>", "end").bar(f"  {len(FIRMWARE) + 3}  100.0%")
        t.keys("C-c", "a", "0a").bar("INSERT")
        t.keys("C-c", "g", "g", "<Ins>").bar("^ OVERWRITE")
        t.keys("<Ins>").bar("^ INSERT")
        t.keys("<Ins>").bar("^ OVERWRITE")


def one_byte():
    """r, count of g+ and g-, repeat"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "6").message("^replace: 6_")
        t.keys("6").row(0, r"\* 66 45").bar("^ BROWSE .*0x00000000")
        t.keys("l", ".").row(0, r"\* 66 66 4c")
        t.keys("5", "g", "+").row(0, r"\* 66 6b 4c")
        t.keys("2", "g", "-").row(0, r"\* 66 69 4c")
        t.keys("j", "R", "aabb", "C-c", "j", ".").row(0x20, r"\* 1c 1d 1e aa bb 21")
        t.keys("r", "x").message("two hex digits make the byte; nothing changed")
        t.keys("<Tab>", "r", "x").row(0x20, "78")


def selecting():
    """v, arrows, copy, paste over and in, cut, fill, other end, again"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.keys("v", "l", "l").bar("^ SELECT .*sel 3").message(r"^sel 0x0:0x3, 3 bytes\. y copy  d cut  r fill  ; note  v keep")
        t.keys("o").bar("0x00000000")
        t.keys("y").bar("^ BROWSE").message("^copied 3 bytes")
        assert b"\x1b]52;c;VGhl" in t.out, "the terminal's clipboard has it"
        t.keys("j", "P").row(0x10, r"^00000010\* 54 68 65 66 6f 78")
        t.keys("u").row(0x10, r"^00000010  66 6f 78")
        t.keys("p").row(0x10, r"^00000010\* 54 68 65 20 6a")
        t.keys("g", "v").bar("^ SELECT .*sel 3")
        t.keys("d").row(0, r"^00000000..20 71 75 69").message("^cut 3 bytes")
        t.keys("u", "v", "v").bar("^ BROWSE .*sel 1")
        t.keys("C-c").bar("^ BROWSE").wait(lambda text: "sel 1" not in text)
        t.keys("g", "g", "V", "r", "2a").row(0, r"^00000000\* 2a 2a 2a 2a 2a 2a 2a 2a  2a 2a 2a 2a 2a 2a 2a 2a")
        t.keys("S-Right", "S-Right").bar("SELECT .*sel 3")
        t.keys("c").bar("^ INSERT")


def rectangle():
    """C-v selects columns of rows; copying and filling take only them"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.keys("l", "C-v", "l", "j", "j").bar("sel 6")
        t.keys("y", "g", "g", "P").row(0, r"^00000000\* 68 65 6f 78 ")
        t.keys("u", "g", "v", "r", "00").row(0, r" 54 00 00 20").row(0x10, " 66 00 00 20").row(0x20, " 6c 00 00 79|00 00")


def registers():
    """a register taken by \" keeps its bytes beside the clipboard"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.keys("v", "l", '"', "a", "y").message("^copied 2 bytes into register a")
        t.keys("j", "v", "l", "l", "y").message("^copied 3 bytes")
        t.keys("j", "0", '"', "a", "p").row(0x20, r"\* 54 68 20")
        t.keys("p").row(0x20, r"\* 54 68 6f 78 20")


def marks():
    """m, ', notes, lists of marks"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.keys("j", "l", "m", "a").row(0x10, "^00000010'")
        t.keys("G", "'", "a").bar("0x00000011")
        t.keys(";").message("^note:")
        t.keys("here it begins", "<Enter>", "g", "m").wait("here it begins")
        t.keys("q").bar("BROWSE")
        t.keys("g", "g", "]", "m").bar("0x00000011")


def pasting():
    """a paste in BROWSE asks over, in or as hex; in edit modes it types, digits in the hex column"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.send_bytes(b"\x1b[200~abc\x1b[201~")
        t.message(r"^paste 3 bytes: \[o\]ver \[i\]n as \[h\]ex, over Esc$")
        t.keys("<Esc>").message("^nothing pasted")
        t.send_bytes(b"\x1b[200~41 42\x1b[201~")
        t.message("paste 5 bytes")
        t.keys("h").row(0, r"\* 41 42 65")
        t.send_bytes(b"\x1b[200~ZZ\x1b[201~")
        t.message("paste 2 bytes")
        t.keys("i").row(0, r"\* 41 42 5a 5a 65")
        t.keys("R")
        t.send_bytes(b"\x1b[200~00 11\x1b[201~")
        t.row(0, r"\* 41 42 5a 5a 00 11")
        t.keys("<Tab>")
        t.send_bytes(b"\x1b[200~00\x1b[201~")
        t.row(0, r"\* 41 42 5a 5a 00 11 30 30")


def read_access():
    """READ refuses and says how to change it"""
    with session("text.txt", TEXT, "-R") as t:
        t.bar("^ BROWSE  READ")
        t.keys("R").message("^text.txt is READ, nothing changed. :access copy edits in memory$").bar("^ BROWSE")
        t.keys("i").message("is READ, nothing changed").bar("^ BROWSE")
        t.keys("r").message("is READ, nothing changed")
        t.keys("g", "a").message(r"\[c\]opy \[w\]rite-through \[r\]ead Esc")
        t.keys("c").bar("^ BROWSE  COPY").message("COPY now")
        t.keys("R").bar("^ OVERWRITE")


def history_list():
    """gu lists the states and goes to any of them"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.keys("r", "30", "r", "31", "r", "32").row(0, r"\* 32")
        t.keys("g", "u").wait("^history").wait(" 3 .* here")
        t.keys("k", "k", "<Enter>").row(0, r"\* 30").message("^state 1 of 3")


def changes_list():
    """gc lists the pending changes, takes one back, goes to one"""
    with session("text.txt", TEXT) as t:
        t.bar("BROWSE")
        t.keys("r", "30", "j", "r", "31", "g", "c").wait("^pending: 2 changes, 2 bytes").wait(" 2  0x10  1  66  31")
        t.keys("r").wait("^pending: 1 change, 1 byte").wait(" 1  0x10")
        t.keys("<Enter>").bar(r"BROWSE  COPY \+1  0x00000010").row(0, "^00000000  54")
        t.keys("u").row(0, r"\* 30")


def cost_of_insertion():
    """what an insertion will cost is said before the first byte; holes cost nothing"""
    for blocks, said in [(0, "INSERT: two digits a byte"), (1200 << 20, r"^INSERT: writing will copy 1\.2 GiB, about [0-9]+ ms\. R keeps length$")]:
        with session("small.bin", b"begin") as t:
            with open(t.path("big.bin"), "wb") as f:
                f.truncate(3 << 30)
                if blocks:
                    os.posix_fallocate(f.fileno(), 0, blocks)
            t.bar("BROWSE").keys(":", "edit big.bin", "<Enter>").wait("2 big.bin").keys("i").message(said)


run(patch, overwrite_rules, insert_rules, cost_of_insertion, one_byte, selecting, rectangle, registers, marks, pasting, read_access,
    history_list, changes_list)
