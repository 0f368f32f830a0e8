"""The text view: the same bytes as lines."""
import mmap
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import pyte

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import Session, run, session  # noqa: E402

SAMPLE = ("Hello world\n\tTab and ünïcödé 漢字 emoji 😀 end\n".encode() + b"bad \xff here\n" +
          b"ctl \x01\x1b[31m\x7f\n" + b"x" * 200 + b"\nlast line without end")
LINES = b"".join(b"line %d of the file\n" % i for i in range(1, 30001))


def faces():
    """x and F4 change the view, the cursor stays on its byte"""
    with session("a.txt", SAMPLE) as t:
        t.bar("BROWSE")
        t.send("x")
        t.wait("^   1  Hello world")
        t.keys("j", "w")
        t.bar("0x0000000d")
        t.send("F4")
        t.wait("^00000000  48 65 6c 6c 6f")
        t.bar("0x0000000d")
        t.send("F4")
        t.wait("^   2          Tab and ünïcödé 漢字 emoji 😀 end +█$")


def what_is_there():
    """-t begins in text; nothing raw reaches the terminal, nothing is hidden"""
    with session("a.txt", SAMPLE, "-t") as t:
        t.wait(r"^   3  bad <ff> here")
        assert t.line(4).startswith("   4  ctl ^A^[[31m^?"), t.line(4)
        assert t.line(0).endswith("utf-8 LF"), t.line(0)
        assert t.line(5).startswith("   5  " + "x" * 71 + "  "), t.line(5)
        t.keys("z", "w", "z", "w").wait(r"^   5  x{71}>")
        assert t.line(6).startswith("   6  last line without end"), t.line(6)
        t.keys("4", "j", "$").wait(r"^   5  <x+ ")
        t.keys("z", "w", "z", "n").wait(r"^x{77}  █$")


def beside_each_other():
    """zx shows both faces at the same offset; Tab, x and a click go over; what is typed, found and selected shows in both"""
    def glow(t, x, y):
        cell = t.cell(x, y)
        return cell.reverse or cell.bg != "default" or cell.underscore
    text = "".join(f"line {i} ünd 漢字 more of it\n" for i in range(1, 400)).encode()
    for columns, rows, x0, n in [(120, 40, 60, 16), (80, 24, 35, 8)]:
        with session("a.txt", text, columns=columns, rows=rows) as t:
            t.bar("BROWSE").keys("z", "x").wait("^00000000  6c 69 6e .* 1  line 1 ünd 漢字 more")
            edge = [t.screen.buffer[y][columns - 1].data for y in range(2, rows - 2)]
            assert set(edge) <= set("█│"), edge
            t.keys(":", "line 300", "<Enter>").wait("300  line 300 ünd")
            at = text.index(b"line 300 ")
            t.bar(f"{at:#010x}").row(at // n * n, "6c 69 6e|6e")
            y = next(i for i, line in enumerate(t.lines()) if "300  line 300" in line)
            assert t.cell(t.line(y).index("300  line") + 5, y).underscore, "the twin of the cursor"
            t.keys("x").bar(f"{at:#010x}")
            assert t.cursor() == (x0 + 6, y), (t.cursor(), y)
            t.keys("R", "LINE").wait(r"300\* LINE 300").row(at // n * n, "4c|45").keys("Tab", "7", "8").row((at + 4) // n * n, r"\* .*78")
            t.wait(r"300\* LINEx300").keys("<Esc>").bar("BROWSE  COPY \\+1").keys("u", "u").wait("300  line 300")
            t.keys("C-w", "w").keys("/", "300 .nd", "<Enter>").message("match 1 of 1")
            t.wait(lambda _: glow(t, x0 + 6 + 5, y) and "[33" in t.text())
            t.send_bytes(f"\x1b[<0;{x0 + 7};3M\x1b[<0;{x0 + 7};3m".encode())
            t.wait(lambda _: t.cursor() == (x0 + 6, 2)).bar("BROWSE")
            t.send_bytes(b"\x1b[<0;11;4M\x1b[<0;11;4m")
            t.wait(lambda _: t.cursor() == (10, 3)).keys("g", "g", "v", "l", "l").message("sel 0x0:0x3")
            assert all(glow(t, x, 2) for x in (x0 + 6, x0 + 8)), t.text()
            t.keys("<Esc>").bar("BROWSE").keys("x", "&", "line 2.0", "<Enter>").message("^only lines").wait("210  line 210 ")
            t.keys("C-w", "o").wait("^ *200  line 200 ").keys("C-w", "v").wait("^[0-9a-f]{8} .* 210  line 210")
            for size in [(40, 10), (50, 12), (3, 3), (200, 50), (columns, rows)]:
                t.resize(*size)
                t.keys("z", "x", "j", "<PgDn>", "x", "z", "x", "z", "x")
            t.keys("q").wait_exit()
    with session("a.txt", text, columns=48, rows=12) as t:
        t.bar("BROWSE").keys("C-w", "v").message("no room for two views").row(0, "6c 69 6e")
        t.resize(60, 12)
        t.keys(":", "split", "<Enter>").wait("^00000000  6c 69 6e 65 +1  line 1 ").keys(":", "only", "<Enter>").row(0, "6c 69 6e 65 20 31 20 c3")


def where_in_lines():
    """the status line has the line and the character in it, also where a row is only a part of a line"""
    with session("a.txt", SAMPLE + b"\nx" + b"y" * 20000 + b"z") as t:
        t.bar("BROWSE").keys("x").bar("COPY  1:1  0x")
        t.keys("j", "l", "l").bar(" 2:3  0x0000000e").keys("$").bar(" 2:32  0x").keys("3", "j", "g", "j").bar(" 5:")
        t.keys("5", "G", "j", "l").bar(" 5:73  0x").keys("7", "G", "7", "9", "l").bar(" 7:80  0x")
        t.keys("G").bar("COPY  7  0x").keys("F4").bar("COPY  0x")
    with session("a.txt", SAMPLE, "-t") as t:
        t.bar("COPY  1:1  0x").keys("z", "n", "G").bar("COPY  6:21  0x")


def both_faces_in_any():
    """an encoding holds for both views, and the title names it"""
    with session("a.txt", "Grüße, 世界\n".encode("utf-16-le")) as t:
        t.send(":set encoding=utf-16", "Enter")
        t.wait("utf-16le$")
        assert "G‥r‥ü‥ß‥e‥,‥ ‥世" in t.line(2), t.line(2)
        t.send("x")
        t.wait("^   1  Grüße, 世界")
        t.send(":set encoding=klingon", "Enter")
        t.wait("no encoding is called 'klingon'")


def column_in_an_encoding():
    """the hex view's text column is searched and typed in, in the encoding that was chosen"""
    with session("a.txt", "Grüß 世界\n".encode("utf-16-le")) as t:
        t.bar("BROWSE").keys(":", "set encoding=utf-16", "<Enter>").wait("utf-16le$")
        t.keys("/", "世界", "<Enter>").message('^match 1 of 1 at 0xa: "世界" enc=UTF-16LE as text')
        t.keys("R", "Tab").bar("OVERWRITE").keys("日").wait("日界").keys("<Esc>").bar("BROWSE").keys(":", "w", "<Enter>").message("wrote")
        assert t.content("a.txt") == "Grüß 日界\n".encode("utf-16-le"), t.content("a.txt")
        t.keys("0", "i").bar("INSERT").keys("ab", "<BS>", "<Esc>").bar("BROWSE").keys(":", "w!", "<Enter>").message("wrote")
        assert t.content("a.txt") == "aGrüß 日界\n".encode("utf-16-le"), t.content("a.txt")


def nothing_shifts():
    """wide, combining, right-to-left, joined and flag characters stay in their cells; the map stays in its column"""
    lines = ["漢字かな한글", "e\u0301a\u0300\u0301\u0302\u0303x", "שלום עולם", "مرحبا بالعالم", "👨\u200d👩\u200d👧 family", "🇩🇪🇫🇷 flags",
             "👍🏽 skin", "नमस्ते ไทย", "\u202eoverride\u202c", "\ufeffmark\u00ad soft", "z" * 75 + "漢漢", "ａｂｃ wide"]
    with session("a.txt", "\n".join(lines).encode(), "-t") as t:
        t.wait("^  ?11  z").keys("G")
        t.bar("100")
        t.text()
        for y in range(1, 22):
            row = t.screen.buffer[y]
            assert row[79].data in "█│", (y, t.line(y))
            assert row[78].data == " ", (y, t.line(y))
        assert t.line(1).startswith("   1  漢字かな한글 "), t.line(1)
        assert "\u202e" not in t.text() and "<202e>override<202c>" in t.text()


def nothing_shifts_in_any_terminal():
    """terminals do not agree on how wide an emoji, a symbol or a mark is: what follows stands in its column all the same"""
    lines = ["漢字かな kanji", "e\u0301a\u0300 accents", "שלום hebrew", "مرحبا arabic", "👨\u200d👩\u200d👧 family", "🇩🇪🇫🇷 flags", "👍🏽 skin",
             "❤\ufe0f heart ☎\ufe0e phone ☺ smile", "नमस्ते hindi ไทย thai", "ａｂｃ wide ①② circled", "\U0001f468\u200d\U0001f680 rocket", "𝄞 clef 𐍈 gothic"]
    own = pyte.screens.wcwidth
    opinions = {"as Python's": own, "emoji are narrow": lambda c: 1 if ord(c) >= 0x1f000 else own(c),
                "symbols are wide": lambda c: 2 if 0x2000 <= ord(c) < 0x2e80 else own(c), "marks take a cell": lambda c: max(1, own(c)),
                "nothing is wide": lambda c: min(1, own(c)), "all is wide": lambda c: 2 if ord(c) >= 0x300 else own(c)}
    seen = {}
    try:
        for name, opinion in opinions.items():
            pyte.screens.wcwidth = opinion
            with session("a.txt", "\n".join(lines).encode(), "-t", columns=100) as t:
                cells = {}

                def plain():
                    """Count the cells of ASCII and of the map that are on the screen now."""
                    t.cursor()
                    cells.clear()
                    cells.update({(x, y): t.screen.buffer[y][x].data for y in range(1, 20) for x in range(100)
                                  if "!" <= (t.screen.buffer[y][x].data or " ") <= "~" or t.screen.buffer[y][x].data in {"█", "│"}})
                    return len(cells)
                first = time.monotonic()
                while plain() < 50 and time.monotonic() < first + 10:
                    t.read(0.05)
                t.keys("z", "x", "j", "k", "<PgDn>", "g", "g")
                while (plain() < 700 or not seen.get("as Python's", {}).items() <= cells.items()) and time.monotonic() < first + 10:
                    t.read(0.05)
                seen[name] = dict(cells)
    finally:
        pyte.screens.wcwidth = own
    for name, cells in seen.items():
        differ = [(at, seen["as Python's"].get(at), cells.get(at)) for at in seen["as Python's"] if cells.get(at) != seen["as Python's"][at]]
        assert not differ, (name, differ[:5])


def accents():
    """a letter with its accents is one place and one cell; more accents than fit are shown by number"""
    with session("a.txt", "cafe\u0301 x\u0323\u0302\n\u0301alone a\u0301\u0302\u0303\u0304\u0305b\n".encode(), "-t") as t:
        t.wait("^   1  cafe\u0301 x\u0323\u0302|^   1  café ").keys("l", "l", "l").bar("0x00000003").keys("l").bar("0x00000006")
        t.keys("h", "x").bar("0x00000003").keys("l").bar("0x00000004").keys("x").wait("^   2  <301>alone ").wait("<305>b")
        t.keys("R", "E", "<Esc>").wait("^   1\\* cafE x").bar("BROWSE").keys("u").wait("^   1  caf[eé]").keys("j").bar("0x0000000e|0x0000000d")


def words_and_brackets():
    """words and brackets are those of the encoding, also where a character has many bytes or is no ASCII"""
    text = "(naïve, «漢字») 続く。end\nif (a[1]) { b「c」}\n"
    for name in ["utf-8", "utf-16le", "utf-32be", "shift-jis", "gb18030"]:
        shown = text if name.startswith("utf") else text.replace("ï", "i").replace("«", "<").replace("»", ">")
        data = shown.encode(name)

        def at(what):
            return f"{len(shown[:shown.index(what)].encode(name)):#010x}"
        with session("a.txt", data, "-t") as t:
            t.bar("BROWSE").keys(":", f"set encoding={name}", "<Enter>").wait(f"{name} LF$")
            t.keys("%").bar(at(") ")).keys("%").bar("0x00000000").keys("w").bar(at("na")).keys("w").bar(at(", "))
            t.keys("w", "w").bar(at("漢字")).keys("w").bar(at(shown[11:13])).keys("w").bar(at("続"))
            t.keys("w").bar(at("。")).keys("w").bar(at("end")).keys("W", "W").bar(at("続"))
            t.keys("j", "0", "%").bar(at(") {")).keys("%").bar(at("(a"))
            t.keys("G", "0", "w", "w", "%").bar(at("]"))
            t.keys("g", "g", "w", "*").message("1 of 1")
    with session("a.txt", "IF (A(1)) X".encode("cp037"), "-t") as t:
        t.bar("BROWSE").keys(":", "set encoding=ibm037", "<Enter>").wait("IF").keys("%").bar("0x00000008").keys("%").bar("0x00000003")
        t.keys("w").bar("0x00000004").keys("w").bar("0x00000005")


def numbers():
    """line numbers, line N, NG, +N; what there is not is said"""
    with session("lines.txt", LINES, "-t") as t:
        t.wait(r"^     1  line 1 of the file")
        t.keys(":", "line 12345", "<Enter>").wait(r"^ 12345  line 12345 of the file")
        t.keys("7", "7", "G").wait(r"^    77  line 77 of the file")
        t.bar(f"{LINES.index(b'line 77 '):#010x}")
        t.keys(":", "line 40000", "<Enter>").message("there is no line 40000, the last one is 30000")
        t.keys("G").wait(r"^ 30000  line 30000 of the file")
        t.keys("g", "g", "i", "<Esc>").bar("BROWSE")
    with session("lines.txt", LINES, "-t", "+20000") as t:
        t.wait(r"^ 20000  line 20000 of the file")


def no_such_line():
    """a line that there is not is known only when all is counted; then the cursor is where it was; UTF-16 has its own line ends"""
    with session() as t:
        t.bar("BROWSE")
        with open(t.path("one"), "wb") as f:
            for _ in range(500):
                f.write(b"x" * (1 << 20))
        t.keys(":", "edit one", "<Enter>", "x", "l").bar("0x00000001").keys(":", "line 70000", "<Enter>")
        t.message("^there is no line 70000, the last one is 1", 30).bar("0x00000001")
    for codec in ("utf-16-le", "utf-32-be"):
        with session("a.txt", "one\ntwo\n".encode(codec), "-t") as t:
            t.wait("^   2  two").keys(":", "line 9", "<Enter>").message("the last one is 2")


def numbers_that_are_kept():
    """line numbers of large files are kept in the cache directory, and never believed when the file is another one"""
    line, count = b"%062d\n" % 0, 40 << 14
    home = {"XDG_CACHE_HOME": "cache"}

    def last_line(t, n):
        with Session(["-t", "big"], home=t.home, env={"XDG_CACHE_HOME": t.path("cache")}) as again:
            again.bar("BROWSE").keys("G").wait(lambda _: again.line(21).startswith(f" {n}  0000"), 20)
            again.keys("q").wait_exit()

    with session("big", line * count, "-t", env=home) as t:
        path, folder = t.path("big"), os.path.join(t.home, "cache", "sextant", "lines")
        os.utime(path, (1e9, 1e9))
        t.keys("q").wait_exit()
        while int(time.time()) - int(os.stat(path).st_ctime) <= 2:
            time.sleep(0.1)  # what changed just now is not kept
        last_line(t, count)
        [record] = os.listdir(folder)
        record = os.path.join(folder, record)
        whole = t.content(record)
        for broken in (whole[:100], whole[:-8], whole[:200] + b"!" * 64 + whole[264:], b""):
            with open(record, "wb") as f:
                f.write(broken)
            last_line(t, count)
        assert t.content(record) == whole
        with open(path, "r+b") as f:  # not where samples are taken, and the times are put back
            f.seek(63 * 100 - 1)
            f.write(b"x")
        os.utime(path, (1e9, 1e9))
        last_line(t, count - 1)
        with open(path, "ab") as f:
            f.write(line)
        shutil.rmtree(folder)
        with open(folder, "w"):
            pass  # nothing can be written there
        last_line(t, count)


def motions():
    """by characters, rows, the ends of rows; the column is kept over short lines"""
    text = "añb\n漢字\n\nlonger line\r\n".encode()
    where = [("l", 1), ("l", 3), ("l", 4), ("l", 5), ("l", 8), ("j", 12), ("j", 15), ("k", 12), ("k", 8), ("h", 5), ("h", 4),
             ("$", 3), ("0", 0), ("j", 5), ("G", 25), ("0", 13), ("$", 24)]
    with session("a.txt", text, "-t") as t:
        t.bar("BROWSE")
        for key, at in where:
            t.keys(key).bar(f"0x{at:08x}")


def readline_is_the_oracle():
    """line N begins where Python's readline of the mapping got to"""
    rng = random.Random(int(os.environ.get("SEED", "0")) or 4711)
    data = b"".join(rng.randbytes(rng.randrange(60)).replace(b"\r", b" ") + b"\n" * rng.randrange(3) for _ in range(20000))
    with session("a.bin", data, "-t") as t:
        with open(t.path("a.bin"), "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
            starts = [0]
            while m.readline():
                starts.append(m.tell())
        t.bar("BROWSE")
        for line in [rng.randrange(1, len(starts)) for _ in range(12)]:
            t.keys(":", f"line {line}", "<Enter>").bar(f"0x{starts[line - 1]:08x}")


def one_line():
    """5 GB without a line end: every screen is there at once"""
    with session() as t:
        t.bar("BROWSE")
        with open(t.path("one"), "wb") as f:
            f.truncate(5_000_000_000)
            for at in (0, 2_500_000_000, 4_999_999_000):
                f.seek(at)
                f.write(b"abcdefghij" * 100)
        t.keys(":", "edit one", "<Enter>").bar("0x00000000")
        t.keys("x").wait("  abcdefghijabcdefghij")
        t.keys("G").bar("4999999999")
        t.wait("hijabcdefghij")
        t.keys("5", "0", "%").bar("2500000000")
        t.wait("jabcdefghij")
        t.keys("<PgDn>", "<PgUp>").bar("2500000000")


def typing():
    """INSERT and OVERWRITE by characters, Enter makes the file's line end, Backspace and Del take characters"""
    with session("a.txt", "first\r\nsecönd\r\nthird\r\n".encode(), "-t") as t:
        t.bar("BROWSE")
        t.keys("i", "nü 漢", "<Enter>", "more").bar("INSERT  COPY \\+1  2:5  0x0000000d")
        t.wait("^   1\\* nü 漢 ").wait("^   2\\* morefirst")
        t.message("INSERT: characters, Enter: a line end, Esc ends. File untouched until :w")
        t.keys(*["BS"] * 6).wait("^   1\\* nü first").keys("<Del>").wait("^   1\\* nü irst")
        t.keys("<Esc>").bar("BROWSE").keys("u").wait("^   1  first")
        t.keys("j", "0", "R", "ABCDE").wait("^   2\\* ABCDEd").keys("fgh").wait("^   2\\* ABCDEfgh ")
        t.keys("BS", "BS", "BS", "BS").wait("^   2\\* ABCDnd").keys("<Esc>").bar("BROWSE")
        t.keys("0", "g", "j").wait("^   2\\* ABCDndthird").keys("u").wait("^   3  third")
        t.keys("0", "r", "é").wait("^   2\\* éBCDnd")
        t.keys(":", "w", "<Enter>").message("wrote")
        assert t.content("a.txt") == "first\r\néBCDnd\r\nthird\r\n".encode(), t.content("a.txt")


def typing_at_the_top():
    """what is typed into the first row of the window stays in it, a line end too"""
    with session("lines.txt", LINES, "-t") as t:
        t.bar("BROWSE").keys("R", "<Enter>").wait("^     2  line 1 of").wait(lambda _: t.line(1).startswith("     1"))
        t.keys("<Esc>").bar("BROWSE").keys("u", ":", "line 500", "<Enter>", "z", "t").wait(lambda _: t.line(1).startswith("   500"))
        t.keys("i", "<Enter>", "new").wait("^   501[* ] newline 500")
        assert t.line(1).startswith("   500"), t.line(1)
        t.keys("<BS>", "<BS>", "<BS>", "<BS>").wait(lambda _: t.line(1).startswith("   500  line 500"))
        t.keys("<Esc>").bar("BROWSE").keys("V", "d").wait(lambda _: t.line(1).startswith("   500* line 501"))
        t.keys("u").wait(lambda _: t.line(1).startswith("   500  line 500"))


def other_encodings():
    """what the encoding has not is refused; what it has is typed in it"""
    with session("a.txt", "gr\xfcn\n".encode("latin-1"), "-t") as t:
        t.wait("^   1  grün").keys("i", "ß").wait("^   1\\* ßgrün").keys("€").message("latin-1 has no character € \\(U\\+20AC\\)")
        t.keys("<Esc>").bar("BROWSE").keys(":", "set encoding=cp437", "<Enter>").wait("cp437 LF$")
        t.keys("i", "é", "<Esc>").bar("BROWSE").keys(":", "w", "<Enter>").message("wrote")
        assert t.content("a.txt") == b"\xdf\x82gr\xfcn\n", t.content("a.txt")


def converting():
    """what is shown is in the encoding that the text was converted to, and in the old one when that is taken back"""
    text = "Grüße\nÄpfel\n"
    for chosen in (None, "latin-1", "cp850"):
        with session("a.txt", text.encode(chosen or "latin-1"), "-t") as t:
            t.bar("BROWSE")
            if chosen:
                t.keys(":", f"set encoding={chosen}", "<Enter>").wait(f"{chosen} LF$")
            for to in ("utf-8", "utf-16le"):
                t.wait("^   2  Äpfel").keys(":", f"convert {chosen or 'latin-1'} {to}", "<Enter>").wait(f"{to} LF$")
                t.wait("^   2. Äpfel +[█│]$").keys("u").wait("(latin-1|latin-1 guessed|cp850) LF$").wait("^   2  Äpfel")
                t.keys("U").wait(f"{to}( guessed)? LF$").wait("^   2. Äpfel").keys("u")


def lines_of_ebcdic():
    """EBCDIC ends lines with NEL; DOS has a picture for every control; :line-ends says what it did"""
    with session("a.txt", "one\x85two\x85three".encode("cp037"), "-t") as t:
        t.bar("BROWSE").keys(":", "set encoding=ibm1047", "<Enter>").wait("ebcdic-1047 NEL$").wait("^   3  three")
        t.keys(":", "line 2", "<Enter>").bar("0x00000004").keys("i", "x", "<Enter>").wait("^   3  two").keys("<Esc>").bar("BROWSE")
        t.keys(":", "line-ends lf", "<Enter>").message("^3 line ends are LF now, u undoes").wait("ebcdic-1047 LF$").wait("^   4  three")
        t.keys(":", "line-ends lf", "<Enter>").message("every line ends with LF already").keys(":", "write all", "<Enter>").message("wrote")
        assert t.content("all") == "one\nx\ntwo\nthree".encode("cp037"), t.content("all")
    with session("a.txt", bytes(range(1, 32)) + b"\x7f\xdb\n", "-t") as t:
        t.bar("BROWSE").keys(":", "set encoding=cp437", "<Enter>").wait("☺☻♥♦♣♠•◘ ").wait("↔▲▼⌂█")


def pasting():
    """pasted text has the file's line ends and encoding"""
    with session("a.txt", b"one\r\ntwo\r\n", "-t") as t:
        t.bar("BROWSE").keys("i").bar("INSERT")
        t.send_bytes("\x1b[200~x\ry\x1b[201~".encode())
        t.wait("^   2\\* yone").keys("<Esc>").bar("BROWSE").keys(":", "w", "<Enter>").message("wrote")
        assert t.content("a.txt") == b"x\r\nyone\r\ntwo\r\n", t.content("a.txt")
        large = "".join(f"grün 漢字 {i}\r" for i in range(20000)).encode()
        t.keys("g", "g", "i").bar("INSERT").send_bytes(b"\x1b[200~" + large + b"\x1b[201~")
        t.wait("^ *19999\\* grün 漢字 19998").keys("<Esc>").bar("BROWSE").keys(":", "w!", "<Enter>").message("wrote")
        assert t.content("a.txt") == large.replace(b"\r", b"\r\n") + b"x\r\nyone\r\ntwo\r\n"
        t.keys("u").wait("^ *1[* ] x").wait("^ *2[* ] yone")


def selecting():
    """SELECT takes whole characters, V whole lines"""
    with session("a.txt", "añb漢\nsecond line\n".encode(), "-t") as t:
        t.bar("BROWSE").keys("l", "v", "l").message("sel 0x1:0x4, 3 bytes")
        t.keys("<Esc>").bar("BROWSE").keys("$", "v").message("sel 0x4:0x7, 3 bytes").keys("d").wait("^   1\\* añb ")
        t.keys("V", "d").wait("^   1\\* second line")


def only_lines():
    """& shows only lines that match, with context; with nothing all again; numbers stay true"""
    with session("lines.txt", LINES, "-t") as t:
        t.bar("BROWSE").keys("&", "99[0-2]", "<Enter>").message("only lines with /99\\[0-2\\]/ as regex: 180 matches")
        t.wait("^   990  line 990 of").wait("^  1990  line 1990 of")
        t.keys("j", "j", "j").bar(f"{LINES.index(b'line 1990 '):#010x}")
        t.keys("G").wait("^ 29992  line 29992 ").keys("<PgUp>", "k").wait("^ 2[0-9]{4}  line 2")
        t.keys(":", "set context=1", "<Enter>", "g", "g").wait("^   989  ").wait("^   993  ").wait("^  1989  ")
        t.keys("&", "nowhere", "<Enter>").message("no line has /nowhere/")
        t.keys("&", "<Enter>").message("all lines are shown").wait("^   994  line 994")


def only_lines_without():
    """& takes ! and Tab: lines without, and several at once; what is typed there decides after an edit, too"""
    lines = [b"%d %s %s" % (i, [b"red", b"blue", b"green"][i % 3], b"big" if i % 4 else b"small") for i in range(1, 200)]
    with session("a.txt", b"\n".join(lines) + b"\n\n", "-t") as t:
        def shown(keep):
            numbers = [i + 1 for i, line in enumerate(lines) if keep(line)]
            t.wait(lambda _: [int(x.split()[0]) for x in t.lines()[1:22] if x[:4].strip()] == numbers[:21])
        t.bar("BROWSE").keys("&", "!re", "<Enter>").message("^68 lines without /re/").wait("^   1  1 blue big")
        shown(lambda line: b"re" not in line)
        t.keys("&", "<Tab>", "<Tab>").message("of these only lines with regex: ").keys("sm[ab]l", "<Enter>")
        t.message("^17 lines without /re/, with /sm\\[ab\\]l/")
        shown(lambda line: b"re" not in line and b"small" in line)
        t.keys(":", "refine without [24]", "<Enter>").message("^[0-9]+ lines without /re/.*without /")
        shown(lambda line: b"re" not in line and b"small" in line and b"2" not in line and b"4" not in line)
        t.keys("g", "g", "A", "x", "<Esc>").bar("BROWSE").keys("u", "&", "a(").keys("<Enter>").message("column 2: .*never closed").keys("C-g")
        t.keys("&", "<Enter>").message("all lines").keys(":", "filter-out big", "<Enter>").message("^50 lines without /big/")
        t.keys("g", "g", "R", "big  ").keys("<Esc>").wait("^   8  8 green small")
        t.wait(lambda _: "big" not in t.text().partition("\n")[2].rpartition("\n")[0])
        t.keys("&", "big", "<Enter>").message("matches").keys(":", "refine with blue", "<Enter>").message("lines with /big/, with /blue/")
        t.keys("g", "g").wait("^   1  1 blue big")
        shown(lambda line: b"blue big" in line)
        t.keys("w", "R", "red ", "<Esc>").wait(lambda _: t.line(1).startswith("   7  7 blue big"))
        t.keys("u").wait(lambda _: t.line(1).startswith("   1  1 blue big"))
        t.keys("&", "!.|^$", "<Enter>").message("no line without")


def regex_in_the_encoding():
    """in the text view a regex means characters of the encoding and its lines; where bytes cannot say it that is said"""
    for name, text, pattern, at in [("utf-8", "aüb\nxäy", "a.b$", 0), ("utf-8", "xöy\nxäy", "[äü]y", 6), ("latin-1", "öh\nxäy", "x[äü]y$", 3),
                                    ("shift-jis", "aソ\n表示x", "(表|語)示", 4), ("latin-1", "one\rtwö\rend", "^tw.$", 4)]:
        with session("a.txt", text.encode(name), "-t") as t:
            t.bar("BROWSE").keys(":", f"set encoding={name}", "<Enter>").wait(f"{name} (LF|CR)$")
            t.keys("G", "/", pattern, "<Enter>").message("match 1 of 1").bar(f"{len(text[:0]) + at:#010x}")
            t.keys("&", "!" + pattern, "<Enter>").message("lines? without").wait(lambda _: text.split()[-1 if at == 0 else 0] in t.text())
    with session("a.txt", "Grüße 1\nfoo\n".encode("utf-16-le"), "-t") as t:
        t.wait("utf-16le guessed LF$").keys("&", "üße", "<Enter>").message("1 match").keys("&", ".x").keys("<Enter>")
        t.message("utf-16le: plain words only").keys("<Esc>", "<Esc>")


def certainty():
    """what was guessed says so; what is certain or chosen does not; = has the word"""
    for content, title, word in [(b"gr\xfcn\n", "latin-1 guessed LF$", "guessed"), ("grün\n".encode(), "utf-8 LF$", "certain"),
                                 (b"green\n", "utf-8 LF$", "assumed"), (b"\xff\xfea\0", "utf-16le LF$", "certain")]:
        with session("a.txt", content, "-t", rows=30) as t:
            t.wait(title).keys("=").wait(f"encoding-is +{word}").keys("q", ":", "set encoding=cp850", "<Enter>").wait("cp850 LF$")
            t.keys("=").wait("encoding-is +chosen")


def only_lines_and_edits():
    """under & a line stays while somebody types in it; then what it became decides; nothing is searched anew"""
    with session("lines.txt", b"".join(b"line %d: %s\n" % (i, b"red" if i % 3 else b"blue") for i in range(1, 100)), "-t") as t:
        t.bar("BROWSE").keys("&", "l.*red", "<Enter>").message("66 matches").wait("^   2  line 2: red")
        t.keys("j").bar("0x0000000c").keys("R", "LIN").wait("^   2\\* LINe 2: red").bar("OVERWRITE").keys("E")
        t.wait("^   2\\* LINE 2: red").keys("<Esc>").wait("^   1  line 1: red").wait("^   4  line 4: red")
        t.wait(lambda _: "LINE" not in t.text())
        t.keys("u").wait("^   2  line 2: red").keys("g", "g", "i", "<Enter>", "<Esc>").bar("BROWSE").wait("^   2  line 1: red").wait("^   3  line 2: red")
        t.keys("&", "<Enter>").wait("^   4  line 3: blue")


def only_lines_that_come():
    """F with &: what comes behind is filtered, and found matches are counted on"""
    with session("log", b"".join(b"%d %s\n" % (i, b"red" if i % 3 else b"blue") for i in range(1, 91)), "-t") as t:
        def append(text):
            with open(t.path("log"), "ab") as f:
                f.write(text)
        t.bar("BROWSE").keys("&", "[0-9]+ red", "<Enter>").message("60 matches").keys("/", "re.", "<Enter>").bar("of 60")
        t.keys("F").message("following log by name")
        append(b"91 red\n92 blue\n93 red\n")
        t.wait("^  93  93 red").wait("^  91  91 red").bar("of 62|62 matches")
        append(b"94 red\n" + b"95 blue\n" * 300000 + b"96 red\n")
        t.wait("^ *300095  96 red").wait("^ *94  94 red").bar("of 64|64 matches")
        t.keys("&", "<Enter>").wait("^ *300094  95 blue")


def going():
    """/ takes a regular expression, % goes to the partner, { and } to empty lines"""
    with session("a.c", b"int f(void)\n{\n\treturn (1 + (2));\n}\n\nint g;\n\nend\n", "-t") as t:
        t.bar("BROWSE").keys("/", "[0-9]", "<Enter>").bar("0x00000017").message("match 1 of 2")
        t.keys("j", "g", "g", "%").bar("0x0000000a").keys("%").bar("0x00000005")
        t.keys("j", "0", "%").bar("0x00000021").keys("}").bar("0x00000023").keys("}").bar("0x0000002b")
        t.keys("{").bar("0x00000023").keys("{").bar("0x00000000")


def following():
    """F stays at the end while the file grows, through truncation and rotation; who went elsewhere stays there"""
    with session("log", b"".join(b"line %d\n" % i for i in range(1, 101)), "-t") as t:
        def append(text, mode="ab"):
            with open(t.path("log"), mode) as f:
                f.write(text)
        t.wait("^    1  line 1$|^   1  line 1 ").keys("F").message("following log by name").bar("follow")
        append(b"line 101\nline 102\n")
        t.wait("^ +102  line 102 ")
        t.keys("g", "g")
        append(b"line 103\n")
        t.wait(f"^.*{len(b''.join(b'line %d' % i + bytes(1) for i in range(1, 104)))} bytes").wait("^ +1  line 1 ")
        t.keys("G").wait("^ +103  line 103 ")
        append(b"line 104\n")
        t.wait("^ +104  line 104 ")
        t.keys("/", "line 10[56]", "<Enter>", "G")
        append(b"line 105\n")
        t.wait("^ +105  line 105 ")
        append(b"short\n", "wb")
        t.message("log became shorter").wait("^ +1  short ")
        os.rename(t.path("log"), t.path("log.1"))
        t.message("log is gone; waiting")
        append(b"new one\nmore\n")
        t.message("log is another file now").wait("^ +2  more ")
        t.keys("<Esc>").message("not following any more")


def following_what_comes_in_pieces():
    """lines and characters that come in pieces, a file that is deleted and made anew, or cut and longer at the next look"""
    with session("log", "eins\n".encode(), "-t") as t:
        def write(data, mode="ab"):
            with open(t.path("log"), mode) as f:
                f.write(data)
        t.bar("BROWSE").keys("/", "ü+ e", "<Enter>").message("not in").keys("F").message("following log by name")
        whole = "zwei ü".encode()
        write(whole[:-1])
        t.wait("^   2  zwei <c3>")
        write(whole[-1:])
        t.wait("^   2  zwei ü ")
        write(" ende".encode())
        t.wait("^   2  zwei ü ende").bar("of 1|1 match")
        write("\nü ende".encode())
        t.wait("^   3  ü ende").bar("of 2|2 match")
        os.remove(t.path("log"))
        t.message("log is gone; waiting for a new file of that name")
        write(b"anew\n")
        t.message("log is another file now").wait("^   1  anew").wait(lambda _: "zwei" not in t.text())
        write(b"longer than all that was there before\nlast", "wb")
        t.wait("^   1  longer than").wait("^   2  last ").bar("follow")
        t.keys("x").row(0x20, "65 66 6f 72 65|6c 61 73 74")
        write(b"!!")
        t.row(0x20, "6c 61 73 74  ?21 21|21 21").keys("<Esc>").message("not following any more")


def following_the_old_file():
    """by descriptor a rotation does not matter"""
    with session("log", b"one\ntwo\n", "-t") as t:
        t.wait("^   1  one").keys(":", "follow descriptor", "<Enter>").message("following log by descriptor")
        os.rename(t.path("log"), t.path("log.1"))
        with open(t.path("log"), "wb") as f:
            f.write(b"other\n")
        with open(t.path("log.1"), "ab") as f:
            f.write(b"three\n")
        t.wait("^   3  three").wait("^   2  two")


def pager():
    """without a file, what comes out of a pipe is shown, as text where it looks like it"""
    for content, pattern in [(b"from a pipe\nmore\n", "^   1  from a pipe"), (b"\0\1\2", "^00000000  00 01 02")]:
        r, w = os.pipe()
        os.write(w, content)
        os.close(w)
        with session(stdin=r) as t:
            os.close(r)
            t.wait(pattern)
            t.keys("q").wait_exit()


def piped(content, *argv, **more):
    """A session that reads `content` from a pipe."""
    r, w = os.pipe()
    os.write(w, content)
    os.close(w)
    t = session(None, None, *argv, stdin=r, **more)
    os.close(r)
    return t


def pager_of_looks():
    """colours and overstrike of git and man show as what they mean; zf and every edit mode show the bytes; nothing is lost"""
    content = (b"\x1b[33mcommit abc\x1b[m\n\x1b[1;31mred\x1b[0m plain \x1b[38;5;21mblue\x1b[39m \x1b[48;2;200;0;0mon\x1b[m\n"
               b"N\bNA\bA _\bu_\bn +\bo\n\x1b[32m" + b"long " * 20 + b"\x1b[m\x1b[K\nlink \x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\ end\n")
    with piped(content, faithful=True) as t:
        t.wait("^commit abc$").wait("^red plain blue on$").wait("^NA un o").wait("^link here end").wait("^" + "long " * 15 + "long$")
        t.keys("z", "n", "z", "m").wait("^   1  commit abc +[█│]$").wait("^   5  link here end")
        cells = {(x, y): t.cell(6 + x, y) for x, y in [(1, 1), (0, 2), (5, 2), (11, 2), (16, 2), (0, 3), (3, 3), (6, 3), (2, 4), (2, 5), (0, 6)]}
        assert cells[1, 1].fg == "brown" and cells[0, 2].fg == "red" and cells[0, 2].bold, cells
        assert cells[5, 2].fg != "red" and not cells[5, 2].bold and cells[16, 2].reverse, cells
        assert cells[0, 3].bold and not cells[0, 3].underscore and cells[3, 3].underscore and not cells[6, 3].bold, cells
        assert cells[2, 4].fg == cells[2, 5].fg == "green" and cells[0, 6].fg != "green", cells
        for line, steps in [("1", [7]), ("3", [3, 6]), ("2", [4, 10])]:
            t.keys(line, "G")
            for x in steps:
                t.keys("w").wait(lambda _, x=x: t.cursor() == (6 + x, int(line)))
        t.keys("g", "g", "j", "0", "$").bar(f"{content.index(b'on' + bytes([27]) + b'[m') + 1:#010x}").keys("/", "un o", "<Enter>").message("not in")
        t.keys("z", "f").message("formatted=on").keys("z", "f").wait(r"^   1  \^\[\[33mcommit abc\^\[\[m").keys("z", "f", "g", "g")
        t.wait("^   1  commit").keys("r", "C").wait(r"^   1\* Commit abc").keys("i").bar("INSERT").wait(r"^   1\* \^\[\[33mC")
        t.keys("<Esc>").bar("BROWSE").wait(r"^   1\* Commit").keys(":", "join", "<Enter>").wait(r"^   1\* Commit abcred plain")
        t.keys(":", "write all", "<Enter>").message("wrote")
        want = content.replace(b"\x1b[33mcommit", b"\x1b[33mCommit").replace(b"\x1b[m\n", b"\x1b[m", 1)
        assert t.content("all") == want, t.content("all")
    with session("a.txt", b"\x1b[31mred\n", "-t") as t:
        t.wait(r"^   1  \^\[\[31mred").keys(":", "set formatted=on", "<Enter>").wait("^   1  red ")


def pager_of_what_comes():
    """a pipe is shown while it is read; at its end it may be changed; +POSITION waits for it"""
    r, w = os.pipe()
    with session(stdin=r) as t:
        os.close(r)
        t.bar("reading 0 bytes")
        os.write(w, b"".join(b"line %d\n" % i for i in range(1, 41)))
        t.wait("^   1  line 1").bar("BROWSE  READ .* reading 311 bytes")
        t.keys("G").wait("^  40  line 40").keys("R").message("stdin is READ, nothing changed")
        os.write(w, b"line 41\n")
        t.wait(f"{311 + 8} bytes").keys("/", "line 4[01]", "<Enter>").bar("of 2").keys("F").message("following stdin")
        for part in range(60):
            os.write(w, b"%01023d\n" % part * 32)
        os.write(w, b"the last\n")
        t.wait(f"^ *{41 + 60 * 32 + 1}  the last")
        os.close(w)
        t.bar("BROWSE  COPY").keys("0", "R", "T").wait("\\* The last")
    r, w = os.pipe()
    os.write(w, b"one\ntwo\n")
    with session(None, None, "+/three", stdin=r) as t:
        os.close(r)
        t.wait("^   2  two").bar("0x00000000")
        os.write(w, b"three\n")
        os.close(w)
        t.bar("0x00000008").bar("1 of 1")
    r, w = os.pipe()
    os.write(w, b"endless\n")
    with session(stdin=r) as t:
        os.close(r)
        t.wait("^   1  endless").bar("reading 8 bytes").keys("C-c").message("stdin: stopped; 8 bytes have come").bar("COPY")
        t.keys("q").wait_exit()
    os.close(w)
    r, w = os.pipe()
    os.write(w, b"closed\n")
    with session("a.txt", b"a file\n", "-", stdin=r) as t:
        os.close(r)
        t.wait("^   1  closed|^00000000  63").bar("reading 7 bytes").keys(":", "close", "<Enter>").wait("a file")
        os.write(w, b"more\n")
        t.keys("l").bar("0x00000001").settle(0.2)
        t.keys("q").wait_exit()
    os.close(w)


def pager_of_what_does_not_end():
    """a pipe without end is read as far as somebody wants it: to the end, by a search, under F"""
    home = tempfile.mkdtemp(prefix="sextant-")
    os.makedirs(os.path.join(home, "config", "sextant"))
    with open(os.path.join(home, "config", "sextant", "config"), "w") as f:
        f.write("ahead = 2000000\n")
    yes = subprocess.Popen(["yes", "x" * 15], stdout=subprocess.PIPE)

    def size():
        return int(re.search(r"([0-9]+) bytes", t.line(0))[1])
    with Session([], home=home, stdin=yes.stdout.fileno()) as t:
        t.own = True
        yes.stdout.close()
        t.message("^stdin: [0-9.]+ MiB have come, the rest waits; G reads on, C-c ends").bar("waits at [0-9.]+ MiB").wait("^ +1  xxx")
        first = size()
        t.settle(0.3)
        assert 2000000 <= size() == first < 4000000, size()
        t.keys("G").wait(lambda _: size() >= first + 2000000).keys("g", "g").bar("waits at")
        second = size()
        assert second < first + 12000000, (first, second)
        t.keys("/", "nowhere", "<Enter>").wait(lambda _: size() >= second + 2000000).bar("waits at")
        t.keys("F").wait(lambda _: size() >= second + 9000000).keys("<Esc>").message("not following any more")
        t.keys("g", "g").bar("waits at").keys("C-c").message("stdin: stopped; [0-9.]+ MiB have come").bar("BROWSE  COPY")
        t.keys("q").wait_exit()
    yes.wait(10)
    with piped(b"") as t:
        t.message("^stdin is empty").keys("q").wait_exit()


def begin_at():
    """+/PATTERN begins at the first match, +N at a line of the text view"""
    with session("lines.txt", LINES, "-t", "+/line 777 ") as t:
        t.wait("^ *777  line 777 ").bar(f"{LINES.index(b'line 777 '):#010x}").message("match 1 of 1")
    with session("lines.txt", LINES, "-t", "+G") as t:
        t.wait("^ *30000  line 30000").bar(f"{len(LINES) - 1:#010x}")
    with session("lines.txt", LINES, "-t", "+F") as t:
        t.message("following lines.txt by name").bar("follow")
        with open(t.path("lines.txt"), "ab") as f:
            f.write(b"more\n")
        t.wait("^ *30001  more")
    with session("lines.txt", LINES, "+/nowhere") as t:
        t.message("not in").bar("0x00000000")


def following_in_hex():
    """F in the hex view: the end stays in sight through growth, truncation and rotation"""
    with session("log", bytes(range(256)) * 4) as t:
        t.bar("BROWSE").keys("F").message("following log by name").bar("0x000003ff")
        with open(t.path("log"), "ab") as f:
            f.write(b"Z" * 32)
        t.bar("0x0000041f").row(0x410, "5a 5a")
        os.truncate(t.path("log"), 16)
        t.message("log became shorter").bar("0x0000000f")
        os.rename(t.path("log"), t.path("log.1"))
        t.message("log is gone")
        with open(t.path("log"), "wb") as f:
            f.write(b"new!")
        t.message("log is another file now").bar("0x00000003").row(0, "6e 65 77 21")


def detection():
    """:set start=detect opens text as text and the rest as hex"""
    with session("a.txt", b"some text\n") as t:
        for name, content in [("b.bin", bytes(range(256))), ("c.txt", b"other text\n")]:
            with open(t.path(name), "wb") as f:
                f.write(content)
        t.bar("BROWSE").keys(":", "set start=detect", "<Enter>", ":", "edit c.txt", "<Enter>").wait("^   1  other text")
        t.keys(":", "edit b.bin", "<Enter>").wait("^00000000  00 01 02")


def tiny():
    """windows of any size"""
    with session("a.txt", SAMPLE, "-t") as t:
        t.bar("BROWSE")
        for columns, rows in [(1, 1), (2, 2), (3, 5), (10, 3), (24, 8), (80, 24)]:
            t.resize(columns, rows)
            t.keys("j", "l", "<PgDn>", "g", "g")
        t.wait("^   1  Hello world")


run(faces, beside_each_other, both_faces_in_any, column_in_an_encoding, what_is_there, nothing_shifts, nothing_shifts_in_any_terminal, accents, words_and_brackets, numbers, no_such_line, numbers_that_are_kept, motions, readline_is_the_oracle, one_line, typing, typing_at_the_top, other_encodings, converting, lines_of_ebcdic, pasting,
    selecting, only_lines, only_lines_without, regex_in_the_encoding, certainty, only_lines_and_edits, only_lines_that_come, going, following, following_what_comes_in_pieces,
    following_the_old_file, pager, pager_of_looks, pager_of_what_comes, pager_of_what_does_not_end, begin_at, following_in_hex, detection, tiny)
