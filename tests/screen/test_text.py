"""The text view: the same bytes as lines."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import run, session  # noqa: E402

SAMPLE = ("Hello world\n\tTab and ünïcödé 漢字 emoji 😀 end\n".encode() + b"bad \xff here\n" +
          b"ctl \x01\x1b[31m\x7f\n" + b"x" * 200 + b"\nlast line without end")


def faces():
    """x and F4 change the view, the cursor stays on its byte"""
    with session("a.txt", SAMPLE) as t:
        t.bar("BROWSE")
        t.send("x")
        t.wait("^Hello world")
        t.keys("j", "w")
        t.bar("0x0000000d")
        t.send("F4")
        t.wait("^00000000  48 65 6c 6c 6f")
        t.bar("0x0000000d")
        t.send("F4")
        t.wait("^        Tab and ünïcödé 漢字 emoji 😀 end +█$")


def what_is_there():
    """-t begins in text; nothing raw reaches the terminal, nothing is hidden"""
    with session("a.txt", SAMPLE, "-t") as t:
        t.wait(r"^bad <ff> here")
        assert t.line(4).startswith("ctl ^A^[[31m^?"), t.line(4)
        assert t.line(0).endswith("utf-8 LF"), t.line(0)
        assert t.line(5).startswith("x" * 77 + "  "), t.line(5)
        t.send(":set wrap=none", "Enter")
        t.wait(r"^x{77}>")
        assert t.line(6).startswith("last line without end"), t.line(6)


def other_encodings():
    """an encoding holds for both views, and the title names it"""
    with session("a.txt", "Grüße, 世界\n".encode("utf-16-le")) as t:
        t.send(":set encoding=utf-16", "Enter")
        t.wait("utf-16le$")
        assert "G‥r‥ü‥ß‥e‥,‥ ‥世" in t.line(2), t.line(2)
        t.send("x")
        t.wait("^Grüße, 世界")
        t.send(":set encoding=klingon", "Enter")
        t.wait("no encoding is called 'klingon'")


run(faces, other_encodings, what_is_there)
