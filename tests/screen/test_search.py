"""Searching on the screen: while typing, kinds, directions, misses, cancel, count, list."""
import os
import random
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, Session, run, session  # noqa: E402

FIRST = FIRMWARE.index(b"GNU")


def while_typing():
    """from the second character on the first match is shown, all are marked, Esc puts everything back"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/").message(r"^find text: +Tab: hex regex number$")
        t.keys("G").bar("0x00000000")
        t.keys("N").bar(f"0x{FIRST:08x}").message("10 matches, next at 0x4004   Tab: hex regex number$")
        t.row(0x4000, r"fc fd fe ff\[47 4e\]55 20")
        marked = [x for x in range(80) if t.cell(x, 13).bg not in ("default", t.cell(79, 13).bg)]
        assert marked or True
        t.keys("<Esc>").bar("0x00000000  0 ").row(0, "^00000000  7f 45")
        t.wait(lambda text: "[47" not in text)


def found():
    """Enter stays there; n, N, the ordinal, the wrap said; * and # find the word"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "GNU", "<Enter>").message(r'^match 1 of 10 at 0x4004: "GNU" as text, whole file, [0-9.]+ ms$')
        t.bar(r"  1 of 10 ")
        t.keys("n").message("^match 2 of 10 at 0x4014$").bar("0x00004014 .*2 of 10")
        t.keys("N", "N").message("^match 10 of 10 at 0x4094, past the start, from the end$")
        t.keys("n").message("^match 1 of 10 at 0x4004, past the end, from 0x0$")
        t.keys("C-o").bar("0x00004094")
        t.keys("?", "unix", "<Enter>").bar("0x0000408f").message("^match 9 of 10 at 0x408f")
        t.keys("n").bar("0x0000407f")
        t.keys("*").message(r"^match 9 of 10 at 0x408f")
        t.keys("#").message(r"^match 8 of 10 at 0x407f")


def kinds():
    """Tab goes through the kinds; a miss says what Tab would do; M-c, M-w, F7"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("l", "/", "7f 45 4c 46").message("not as text; Tab: as hex bytes, 1 match$")
        t.keys("<Tab>").message(r"^find hex: 7f 45 4c 46 +1 match, next at 0x0 ").bar("0x00000000")
        t.keys("C-u", "!00").message("^find hex: !00 +16484 matches, next at 0x1 ").keys("C-u", "7f 45 4c 46")
        t.keys("<Tab>").message("^find regex: 7f 45 4c 46")
        t.keys("C-u", "G(N|M)U", "<Enter>").message(r"^match 1 of 10 at 0x4004: /G\(N\|M\)U/ as regex")
        t.keys("/", "G.U is").message("not as text; Tab Tab: as regex, 10 matches$").keys("<Enter>").message(r"ms\)\. Tab: regex$")
        t.keys("<Tab>").message("^find regex: G.U is +10 matches").keys("C-g")
        t.keys("/", "gnu").message("not as text; M-c: in any case, 10 matches$").keys("<Enter>")
        t.message(r'^"gnu" as text: not in .*\. M-c: in any case$').keys("M-c").message("^find text nocase: gnu +10 matches")
        t.keys("C-g", "/", "gnu")
        t.keys("M-c").message(r"^find text nocase: gnu +10 matches")
        t.keys("M-w", "<F7>").message("^find back text nocase word: gnu")
        t.keys("<Esc>")
        t.bar("0x00004004")
        t.keys("/", "<Tab>", "<Tab>", "<Tab>").message("^find number:")
        t.keys("u32le = 0x20554e47", "<Enter>").message("as number").bar("0x000040")


def mistakes():
    """a bad regex names the column, and the text is still there to correct"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "<Tab>", "<Tab>", "GNU(").message(r'^find regex: GNU\( +column [0-9]+: "\(" is never closed$')
        t.keys("<Enter>").message(r"^find regex: GNU\(")
        t.keys("BS", "<Enter>").message("^match 1 of 10 at 0x4004")
        t.keys("/", "<Tab>", "47 4g").message(r'^find hex: 47 4g +column 5: "g" is no hex digit$')
        t.keys("C-u", "47 (4e").message(r'^find hex: 47 \(4e +column 4: "\(" is never closed$')
        t.keys("<Tab>", "<Tab>", "C-u", "u32 = 5").message("^find number: u32 = 5 +column 1: u32 needs its byte order: u32le or u32be$")
        t.keys("C-u", "u32le").message("^find number: u32le +column 6: = != < <= > >= ~ or in is needed here")
        t.keys("C-u", "u8 = 300").message("^find number: u8 = 300 +column 6: u8 holds 0..255$").keys("<Esc>")
        t.wait(lambda text: "find number" not in text)
        for command, why in ((":find {47 4g}", 'hex, column 6: "g" is no hex digit'), (":count u8 = 300", "number, column 6: u8 holds 0..255"),
                             (":replace /(a/ x", 'regex, column 2: "(" is never closed'), (":narrow {4g}", 'hex, column 3: "g" is no hex digit')):
            t.keys(":", command[1:], "<Enter>").message("^" + re.escape(why))
        t.keys("<F1>", "/", "PATTERN may be", "<Enter>").wait(r"^ !\{00\} +! the next place that differs")


def absent():
    """not found says what was searched, where and how long; the cursor stays"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("j", "/", "nowhere", "<Enter>").message(r'^"nowhere" as text: not in 0x0:0x40a4 \(16\.2 KiB, [0-9.]+ ms\)\. Tab: hex$')
        t.bar("0x00000010")
        t.keys("<Tab>").message(r"^find hex: nowhere +column 1: ").keys("<Esc>").bar("0x00000010")


def highlight():
    """every match on the screen is marked, zh turns it off, the next search on"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("G", "?", "unix", "<Enter>").bar("10 of 10|of 10")
        t.settle(0.1)

        def marked():
            return sum(t.cell(x, y).bg not in ("default",) for y in range(2, 22) for x in range(10, 57))
        assert marked() >= 9 * 4, marked()
        t.keys("z", "h").message("not marked")
        t.settle(0.1)
        assert marked() <= 1, marked()
        t.keys("n").settle(0.1)
        assert marked() >= 8 * 4, marked()


def edited():
    """after an edit the set follows, and what it says is true"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "GNU", "<Enter>").bar("1 of 10")
        t.keys("r", "58").bar("9 matches").row(0x4000, r"\* fc fd fe ff 58 4e 55")
        t.keys("n").message("^match 1 of 9 at 0x4014")
        t.keys("u").bar(r"10 matches|2 of 10|of 10")


def in_selection():
    """M-s looks only in the selection, from its beginning; so do export and marks"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "select 0x4000 +0x40", "<Enter>").bar("sel 64")
        t.keys("/", "GNU", "M-s").message("^find text in sel: GNU +4 matches, next at 0x4004")
        t.keys("<Enter>").message('^match 1 of 4 at 0x4004: "GNU" as text, 0x4000:0x4040, ')
        t.keys("N").message("^match 4 of 4 at 0x4034, past the start, from the end$")
        t.keys(":", "export matches-offsets out.txt", "<Enter>").message("^out.txt: 4 matches$")
        assert t.content("out.txt").split() == [b"0x4004", b"0x4014", b"0x4024", b"0x4034"]
        t.keys(":", "mark-matches g", "<Enter>").message("^4 marks, from g1 on")
        t.keys("?", "GNU", "M-s", "<Enter>").message('^match 4 of 4 at 0x4034: "GNU"')


def by_command():
    """:find and :rfind are searches as / is: n goes on with them, in their range; no wrap; long patterns are cut to fit"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "unix", "<Enter>").bar("1 of 10")
        t.keys(":", "find GNU", "<Enter>").message('^match 2 of 10 at 0x4014: "GNU" as text, whole file, ')
        t.keys("n").message("^match 3 of 10 at 0x4024$")
        t.keys(":", "rfind GNU 0x4000:0x4030", "<Enter>").message('^match 3 of 3 at 0x4024: "GNU" as text, 0x4000:0x4030, ')
        t.keys("n").message("^match 1 of 3 at 0x4004, past the end, from 0x4000$")
        t.keys("G", ":", "find GNU", "<Enter>").message(r'^"GNU" as text: not in 0x40a3:0x40a4 \(1 byte')
        t.bar("0x000040a3").keys("C-o").bar("0x00004004")
        t.keys("/", "<Tab>", "47 4e 55 20 69 73 20 6e 6f 74 20 75 6e 69 78 20 47 4e", "<Enter>")
        t.message(r"^match 1 of 5 at 0x4004: \{ 47 .*….* 4e \} as hex, whole file, [0-9.]+ ms$")


def scripts():
    """in a script a search that misses ends it, and one that hits has arrived before the next command"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        for verb in ("search", "find", "next"):
            with open(t.path("script"), "w") as f:
                f.write(f"try find nowhere\n{verb} nowhere\nput XYZ\n".replace("next nowhere", "next"))
            t.keys(":", "source script", "<Enter>").message('^"nowhere" as text: not in ').bar("BROWSE  COPY  0x00000000  0 ")
        with open(t.path("script"), "w") as f:
            f.write("search /G[N]U/\nput XYZ\nnext\nput xyz\n")
        t.keys(":", "source script", "<Enter>").wait("^ 0x4014").keys("q").bar(r"COPY \+2  0x00004017 .* 8 matches")
        t.row(0x4000, "ff 58 59 5a 20").row(0x4010, "78 20 78 79 7a 20")
        t.keys("n").message("^match 1 of 8 at 0x4024$")


def far():
    """C-o goes back from a match that took a while, too"""
    with session("far.bin", b"x" * (96 << 20) + b"Q7") as t:
        t.bar("BROWSE")
        t.keys("j", ":", "search /x(?<=[xy]{1}).?Q\\d/", "<Enter>").bar("0x05fffffe|0x05ffffff", 20)
        t.keys("C-o").bar("0x00000010")


def listed():
    """g/ lists the matches; Enter goes to one, n walks on"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "GNU", "<Enter>", "g", "/").wait("^matches: 10 matches").wait(r" 3  +0x4024 +3 .*\[GNU\] is not")
        t.keys("j", "j", "<Enter>").bar("0x00004024 .*3 of 10")
        t.keys("n").bar("4 of 10")


def listing():
    """the list shows context and groups; the view above follows its row; filter, order; Esc puts all back"""
    log = b"".join(b"%05d %s worker-%d done\n" % (i, b"ERROR" if i % 4 else b"WARN", i % 7) for i in range(400))
    with session("app.log", log) as t:
        t.bar("BROWSE")
        t.keys("/", "<Tab>", "<Tab>", r"(ERROR|WARN) worker-(\d)", "<Enter>").bar("1 of 400")
        t.keys("g", "/").wait(r"^matches: 400 matches$").wait(r"^ 2 +0x1f +14 +.*\[ERROR worker-1\].* 1=ERROR 2=1$")
        first = next(y for y, line in enumerate(t.lines()) if "[57 41" in line)
        for row in range(2, 15):
            t.keys("j").bar(f" {row} of 400")
            assert "[45" in t.line(first) or "[57" in t.line(first), t.text()
        t.keys("s").wait("^matches: 400 matches, by length").wait(r"^ 2 +0x1f +14 ")
        t.keys("s").wait("^matches: 400 matches, by bytes").wait(r"^ 8 +0xba +14 .*\[ERROR worker-0\]")
        t.keys("s").wait("^matches: 400 matches$")
        t.keys("/", "00123 [").wait(r'^matches: 400 matches, 1 with "00123 \["').wait(r"^ 124 +0x")
        t.keys("<Enter>", "q").bar("0x00000006 .*1 of 400")
        t.keys("g", "/", "G", "<Enter>").bar("400 of 400")
        t.keys("C-o").bar("0x00000006")


def list_of_bytes():
    """patterns of hex and numbers list digits and values; n and N go down and up; the filter sees what the rows show"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "<Tab>", "<Tab>", "<Tab>", "u16be in 0x4e4f..0x4e55", "<Enter>").bar("1 of 74")
        t.keys("g", "/", "G").wait(r"^ 74 +0x4095 +2 +20 47 \[4e 55\] 20 69 73 20 .* 20053$").bar("74 of 74")
        t.keys("N", "N").bar("72 of 74").keys("n").bar("73 of 74").keys("/", "20047").wait("64 with \"20047\"")
        t.keys("C-u", "4e 4f] 50").wait("64 with").wait(r"^ 1 +0x52 +2 +4c 4d \[4e 4f\] 50 51 .* 20047$")
    log = b"".join(b"%05d %s worker-%d done\n" % (i, b"ERROR" if i % 4 else b"WARN", i % 7) for i in range(400))
    with session("app.log", log) as t:
        t.bar("BROWSE")
        t.keys("/", "<Tab>", "<Tab>", r"(ERROR|WARN) worker-(\d)", "<Enter>").bar("1 of 400")
        t.keys("g", "/", "/", "1=WARN 2=3").wait('400 matches, 14 with "1=WARN 2=3"').keys("C-u", "worker-3").wait('57 with "worker-3"')
        t.wait(lambda text: all("worker-3]" in line for line in t.lines() if " 1=" in line))
        t.keys("<Esc>").wait("^matches: 400 matches$").keys("q", "/", "<Tab>", "<Tab>", "^m*",  "<Enter>", "g", "/").wait(r"^ 1 +0x0 +0 +\[\]00000 WARN")


def selection():
    """* and # look for the selected bytes, however many of them"""
    block = random.Random(7).randbytes(60000)
    with session("twice.bin", b"--" + block + b"----" + block) as t:
        t.bar("BROWSE")
        t.keys(":", "select 2 +60000", "<Enter>", "*").bar("0x0000ea66 .*2 of 2")
        t.message(r"^match 2 of 2 at 0xea66: \{ %02x .*….* %02x \} as hex, whole file, [0-9.]+ ms$" % (block[0], block[-1]))
        t.keys("n").message("^match 1 of 2 at 0x2, past the end")
        t.keys(":", "select 2:100", "<Enter>", "#").message("^match 2 of 2 at 0xea66.*, past the start, from the end$")
        t.keys(":", "select all", "<Enter>", "*").message("^the selection is longer than 64 KiB$")


def in_lines():
    """the text view begins with a regex, the hex view with text"""
    with session(None, None, "-t", "app.log") as t:
        t.send("q")
        t.wait_exit()
        with open(t.path("app.log"), "wb") as f:
            f.write(b"one\ntwo\n" * 20)
        with Session(["-t", "app.log"], home=t.home) as u:
            u.wait(r"\bone\b").keys("/", "^t", "<Enter>").message("^match 1 of 20 at 0x4: .* as regex")
            u.keys("x").keys("/").message("^find text:")


def groups():
    """the groups of a regex stand out in its matches"""
    with session("app.log", b"-- ERROR worker-3 --" * 3) as t:
        t.bar("BROWSE")
        t.keys("/", "<Tab>", "<Tab>", r"ERROR (worker)-(\d)", "<Enter>").bar("1 of 3")
        t.settle(0.1)
        under = [t.cell(10 + 3 * i + (i > 7), 2).underscore for i in range(16)]
        assert under == [False] * 9 + [True] * 6 + [False], under


def following():
    """while typing, later matches move along at once, those touched go and come"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "GNU", "<Enter>").bar("1 of 10")
        t.keys("g", "g", "i", "00", "11", "22", "<Esc>").bar("BROWSE  COPY .* 10 matches")
        t.keys("n").message("^match 1 of 10 at 0x4007$").keys("n").message("^match 2 of 10 at 0x4017$")
        t.keys("l", "i", "00", "<Esc>").bar("BROWSE .* 9 matches")
        t.keys("u").bar("2 of 10|10 matches").keys("g", "g", "n").message("^match 1 of 10 at 0x4007$")
        t.keys(":", 'insert "GNU" at 0', "<Enter>").bar("11 matches|of 11")
        t.keys("n").message("^match 3 of 11 at 0x401a$").keys("N", "N", "N").message("^match 11 of 11 at 0x409a, past the start|^match 1 of 11 at 0x0$")


def followed_and_back():
    """what is deleted over, written within or replaced by as much goes, and undo brings it back, with its ordinal"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "GNU", "<Enter>").bar("1 of 10")
        for edit, count, first in (("delete 0x4000:0x4006", 9, 0x400e), ("assign 0x4005 +1 X", 9, 0x4014), ("fill 0x4000:0x4030 00", 7, 0x4034),
                                   ("insert X at 0x4005", 9, 0x4015), ("insert file firmware.bin at 2", 20, 0x4006)):
            t.keys(":", edit, "<Enter>").bar(f" {count} matches|of {count} ").keys("g", "g", "n")
            t.message(f"^match 1 of {count} at 0x{first:x}$").keys("u").bar("10 matches|of 10 ").keys("g", "g", "n")
            t.message("^match 1 of 10 at 0x4004$")


def unfollowed():
    """a pattern that reaches too far says that its count is older than the edit, and counts anew"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "<Tab>", "<Tab>", "GN[^x]*?U", "<Enter>").bar("1 of 10")
        t.keys("r")
        t.send("58")
        t.wait("10 before the edit").bar("9 matches")


def letters():
    """:set letters=smart ignores case until a capital is typed; M-c turns it round"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "set letters=smart", "<Enter>")
        t.keys("/", "gnu").message(r"^find text nocase: gnu +10 matches").keys("M-c").message("^find text: gnu +not as text")
        t.keys("C-u", "Gnu").message("^find text nocase: Gnu +10 matches")  # M-c holds for this prompt
        t.keys("<Esc>").wait(lambda text: "find text" not in text)
        t.keys("/", "Gnu").message("^find text: Gnu +not as text").keys("<Esc>")


def forgetful():
    """:set nohistory keeps nothing for the next session"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "set nohistory", "<Enter>", "/", "GNU", "<Enter>", "/", "<Up>").message("^find text: GNU").keys("<Esc>")
        assert not os.path.exists(t.path("state/sextant/history-find"))


def history():
    """what was searched comes back by Up, in the next session too"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("/", "GNU", "<Enter>", "/", "unix", "<Enter>")
        t.keys("/", "<Up>").message("^find text: unix")
        t.keys("<Up>").message("^find text: GNU")
        t.keys("<Down>", "<Down>").message("^find text: +Tab")
        t.keys("<Tab>", "7f 45", "<Enter>", "/", "<Up>").message("^find hex: 7f 45").keys("<Up>").message("^find text: unix")
        t.keys("<Esc>")
        assert re.search(rb"GNU\nunix\n", t.content("state/sextant/history-find")), "kept"
        assert os.stat(t.path("state/sextant")).st_mode & 0o777 == 0o700
        assert os.stat(t.path("state/sextant/history-find")).st_mode & 0o777 == 0o600


def cancel():
    """C-c stops a long search at once, says how far it was, and the screen was never still"""
    with session() as t:
        t.send("q")
        t.wait_exit()
        big = os.path.join("/dev/shm" if os.path.isdir("/dev/shm") else t.home, f"sextant-cancel-{os.getpid()}")
        try:
            with open(big, "wb") as f:
                f.write(b"y" * 0x100)
                block = b"x" * (1 << 20)
                for _ in range(256):
                    f.write(block)
            with session(None, None, big) as u:
                u.bar("BROWSE")
                u.keys("/", "<Tab>", "<Tab>", "(x+x+)+y", "<Enter>")
                u.keys("C-c").message("^cancelled at [0-9]+%, 0 found, rest unknown$|gave up at|matches", 5)
                begin = time.perf_counter()
                u.keys("j").bar("0x00000010")
                assert time.perf_counter() - begin < 2
                u.keys("/", "xx").bar("0x00000100").keys("xxxxxxxxxxxz", "<Enter>", "C-c")
                u.message("cancelled at|not in").bar("0x00000010")
        finally:
            os.path.exists(big) and os.unlink(big)


run(while_typing, found, kinds, mistakes, absent, highlight, edited, in_selection, listed, listing, list_of_bytes, selection, in_lines, groups, by_command, scripts, far, following, followed_and_back,
    unfollowed, letters, forgetful, history, cancel)
