"""The pattern language, form by form: what each finds, beside Python; how each mistake is answered, with its column."""
import re
import struct

from cli import Cli

t = Cli()
WORD, OTHER = "Nulla", "Привет"
DATA = (b"nulla Nulla nullable\0 " + WORD.encode("utf-16-le") + b"\0\0" + OTHER.encode("koi8-r") + b" " + OTHER.encode("cp1251")
        + bytes(range(256)) + b"G\x01\x02\x03\x04END G\x01END G123END"
        + struct.pack("<IHhfdeQ", 100, 258, -3, 3.14, 2.5, 0.5, 1 << 40) + struct.pack(">IhfQ", 100, -300, 3.14159, 1 << 40)
        + b"\r\none\r\ntwo\n\nthree \x00\x00\x00\x07")
t.write("data", DATA)


def places(name, pattern, want):
    """findall prints these (offset, length), and count their number."""
    rows = "".join(f"0x{at:x}\t{length}\n" for at, length in want)
    code = 0 if want else 1
    t.script(name + ": " + pattern, [f"findall {pattern} show offset,length"], out=rows, err=None, code=code, file="data")
    t.script(name + ", counted", [f"count {pattern}"], out=f"{len(want)}\n", err=None, code=code, file="data")


def by_re(name, pattern, python, flags=re.S):
    places(name, pattern, [(m.start(), m.end() - m.start()) for m in re.finditer(python, DATA, flags)])


def by_value(name, pattern, form, test, align=1):
    found, at, size = [], 0, struct.calcsize(form)
    while at + size <= len(DATA):
        if at % align == 0 and test(struct.unpack_from(form, DATA, at)[0]):
            found.append((at, size))
            at += size
        else:
            at += 1
    places(name, pattern, found)


# text
by_re("a bare word", "Nulla", b"Nulla")
by_re("quotes and escapes", r'"\x00 N"', b"\0 N")
by_re("any case", '"NULLA" nocase', b"(?i)nulla")
by_re("whole words", '"nulla" nocase fullword', rb"(?i)(?<![0-9A-Za-z])nulla(?![0-9A-Za-z])")
wide = WORD.encode("utf-16-le")
by_re("wide", '"Nulla" wide', wide)
by_re("wide and as it is", '"Nulla" wide ascii', b"Nulla|" + wide)
by_re("wide, any case", '"nULLA" wide nocase', b"(?i)" + wide)
by_re("in an encoding", f'"{OTHER}" enc=KOI8-R', re.escape(OTHER.encode("koi8-r")))
by_re("in an encoding, any case", f'"{OTHER.upper()}" enc=CP1251 nocase', re.escape(OTHER.encode("cp1251")))

# hex
by_re("bytes", "{00 01 02}", b"\0\1\2")
by_re("close together", "{000102}", b"\0\1\2")
by_re("half bytes", "{4? 4e ?4}", rb"[\x40-\x4f]N[\x04\x14\x24\x34\x44\x54\x64\x74\x84\x94\xa4\xb4\xc4\xd4\xe4\xf4]")
by_re("bit masks", "{01&0f 02}", b"[%s]\2" % re.escape(bytes(range(1, 256, 16))))
by_re("a jump", "{47 [2-4] 45 4e 44}", b"G.{2,4}?END")
by_re("a jump of one length", "{47 [3] 45}", b"G.{3}E")
by_re("a jump without an end", "{47 [2-] 44}", b"G.{2,}?D")
by_re("alternatives", '{( 6f 6e | "tw" | 74 68 72 ) ( 65 | 6f )}', b"(?:on|tw|thr)(?:e|o)")
by_re("any other byte", "{7e 7f ~81}", rb"~\x7f[^\x81]")
by_re("not", "!{20}", b"[^ ]")
by_re("not a text", '!"END"', rb"(?!END)...")
places("aligned", "{00} align=4", [(i, 1) for i in range(0, len(DATA), 4) if DATA[i] == 0])

# regex
by_re("regex", r"/n\w+a\b/", rb"n\w+a\b")
by_re("any case", "/NULLA/i", b"(?i)nulla")
by_re("lines", r"/^t\w+/m", rb"(?m)^t\w+")
by_re("dot does not take line ends", "/e.+o/", b"e.+o", 0)
by_re("with s it does", r"/e\r.+o/s", rb"e\r.+o")
by_re("blanks", "/n u l l a/x", b"nulla")
by_re("look-around", "/(?<=G)[^E]{1,3}(?=END)/s", b"(?<=G)[^E]{1,3}(?=END)")
by_re("any line end", r"/\R/", rb"\r\n|[\n-\r\x85]")
places("UTF-8", "/é/u", [])

t.write("stale", b"abbcbc")
for pattern in (r"/a(b)*+z|c/", r"/a(b){0,}+z|c/", r"/a (b) * +z|c/x"):
    t.script("a group of an attempt that failed took no part: " + pattern, [f"findall {pattern} show offset,1"], out="0x3\t\\N\n0x5\t\\N\n", file="stale")
t.script("nor is it referred to", [r"find /a(b)*+z|\1c/"], out="", code=1, err=lambda e: "not in" in e, file="stale")

# numbers
by_value("equal", "u32le = 100", "<I", lambda v: v == 100)
by_value("in hex", "u16le = 0x0102", "<H", lambda v: v == 0x102)
by_value("big endian", "u32be = 100", ">I", lambda v: v == 100)
by_value("negative", "i16be = -300", ">h", lambda v: v == -300)
by_value("a range over zero", "i16le in -3..2", "<h", lambda v: -3 <= v <= 2)
by_value("a tolerance", "u32be ~ 98 2", ">I", lambda v: 96 <= v <= 100)
by_value("less", "i8 < -120", "<b", lambda v: v < -120)
by_value("at least", "u64be >= 0xfe00000000000000", ">Q", lambda v: v >= 0xfe << 56)
by_value("not equal", "u8 != 0", "<B", lambda v: v != 0)
by_value("at an alignment", "u32le in 90..110 align=2", "<I", lambda v: 90 <= v <= 110, 2)
by_value("f32", "f32le ~ 3.14 0.01", "<f", lambda v: abs(v - 3.14) <= 0.01)
by_value("f32, as near as it is written", "f32be ~ 3.14", ">f", lambda v: abs(v - 3.14) <= 0.005)
by_value("f64", "f64le = 2.5", "<d", lambda v: v == 2.5)
by_value("f16", "f16le in 0.4..0.6", "<e", lambda v: 0.4 <= v <= 0.6)

# mistakes
for pattern, why in [
    ('"GNU', 'text, column 1: this " is never closed; close it, or write \\" for the sign itself'),
    ('""', "text, column 1: no text is between the quotes"),
    (r'"a\q"', None), (r'"a\x4"', "\\x needs two hex digits"),
    ('"a" enc=nosuch', "text, column 9: no encoding is called nosuch"),
    ('"a" enc=UTF-16', "column 9: say the byte order: enc=UTF-16LE or enc=UTF-16BE"),
    ('"a" wide enc=KOI8-R', "wide is an encoding too"),
    ("{ 47", 'hex, column 1: "{" is never closed'), ("{ }", "hex, column 3: bytes are needed here"),
    ("{ 47 4 }", "hex, column 6: 4 is half a byte; write 04, 4? or ?4"), ("{ 47 4g }", 'hex, column 7: "g" is no hex digit'),
    ("{ 47 xx }", 'hex, column 6: "x" is no hex byte'), ("{ 47 4e&f0 }", "hex, column 6: 4e has bits that the mask f0 leaves out"),
    ("{ 47 [4-2] 20 }", "hex, column 6: this jump ends before it begins"), ("{ [2] 47 }", "hex, column 3: a pattern cannot begin with a jump"),
    ("{ 47 [2] }", "a pattern cannot end with a jump"), ("{ 47 ( 4e | 4f }", 'hex, column 6: "(" is never closed'),
    ("{47} nocase", "hex, column 1: nocase goes with text, not with hex"), ("!{47 [1-2] 00}", "! needs a pattern of one fixed length"),
    ("/G(N/", 'regex, column 3: "(" is never closed; close it, or \\( for the sign itself'),
    ("/G[N/", 'regex, column 3: "[" is never closed'), ("/GN)/", "regex, column 4:"), ("/*a/", "regex, column 2:"),
    ("/a{3,1}/", "regex, column "), ("/(?<=a+)b/", "regex, column "), (r"/\1/", "regex, column "), ("/a/q", 'regex, column 4: behind the last slash stand letters out of imsxu, not "q"'),
    ("/a", "regex, column 1: this / is never closed; write /a/"), ("//", "regex, column 1: no regex is here"),
    ("u32 = 5", "number, column 1: u32 needs its byte order: u32le or u32be"), ("u32le =", "number, column 8: a number is needed here, not the end"),
    ("u32le = x", 'number, column 9: a number is needed here, not "x"'), ("u8 = 256", "number, column 6: u8 holds 0..255"),
    ("i8 = -129", "number, column 6: i8 holds -128..127"), ("u16le in 1", "number, column 11: a range is written 100..200"),
    ("u32le in 2..1", "number, column 13: the range ends before it begins"), ("u16le ~ 5", "column 10: ~ needs how far: u16le ~ 100 5"),
    ("u16le = 5 align=0", "column 17: align=0 means nothing"), ("u16le = 5 wide", "wide goes with text, not with a number"),
    ("f32le = 1.5x", None), ("f64le < nan", "nan is neither below nor above anything"), ("u32le < 0", "no value can be like that"),
]:
    t.script("refused: " + pattern, [f"findall {pattern}"], out="", code=2, file="data",
             err=lambda e, why=why: e.startswith("sextant: data: findall: ") and ("column " in e) and (why is None or why in e))
t.script("the language by examples", ["help patterns"], file="data", out=lambda out: len(out.splitlines()) > 10 and b"!{00}\t" in out)
t.done()
