"""convert and line-ends beside Python's codecs and re. SEED repeats a run."""
import os
import random
import re
import time

from cli import Cli

t = Cli()
seed = int(os.environ.get("SEED", time.time_ns() % 1000000))
rng = random.Random(seed)
print(f"# SEED={seed}")

# What Sextant calls an encoding, what Python does, and characters that it has.
ENCODINGS = {
    "utf-8": ("utf-8", "aäß€語😀\n"), "utf-16le": ("utf-16-le", "aä語😀\n\r"), "utf-16be": ("utf-16-be", "aä語😀\r\n"),
    "utf-32le": ("utf-32-le", "a語😀\n"), "latin-1": ("latin-1", "aäß\n"), "windows-1252": ("cp1252", "aß€“\n"),
    "cp437": ("cp437", "aä█│\n"), "koi8-r": ("koi8-r", "aжЯ\n"), "ebcdic-500": ("cp500", "aZ9 ä"),
    "shift-jis": ("cp932", "aｱ語表\n"), "euc-jp": ("euc-jp", "a語ｱ\n"), "gb18030": ("gb18030", "a語ä😀\n"),
    "big5": ("big5", "a語中\n"), "euc-kr": ("cp949", "a한글\n"),
}


def text_for(*names):
    """Characters that all of them have; a block and a half of them, so that a character lies across its end."""
    held = [c for c in "".join(ENCODINGS[n][1] for n in names) if all(holds(n, c) for n in names)]
    return "".join(rng.choices(held, k=rng.choice([0, 1, 7, 300000])))


def holds(name, character):
    if name == "big5" and "\u0400" <= character < "\u0500":
        return False  # Python's has the Cyrillic letters of an extension, iconv's has not
    try:
        character.encode(ENCODINGS[name][0])
        return True
    except UnicodeEncodeError:
        return False


for _ in range(24):
    a, b = rng.sample(sorted(ENCODINGS), 2)
    text = text_for(a, b)
    before, after = text.encode(ENCODINGS[a][0]), text.encode(ENCODINGS[b][0])
    if not before:
        continue
    t.write("text", before)
    t.script(f"{len(text)} characters of {a} as {b}", [f"convert {a} {b}", "write there", f"convert {b} {a}", "write back", "quit!"],
             out=lambda out: True, file="text")
    t.ok(t.read("there") == after, "as Python writes them")
    t.ok(t.read("back") == before, "and back")
    os.unlink(t.path("there")), os.unlink(t.path("back"))

t.write("text", "grün".encode("latin-1"))
t.script("what is no character is told", ["convert utf-8 ascii"], code=3, file="text",
         err="sextant: text: convert: 0x2: no character of utf-8; nothing changed\n")
t.script("and what the other does not have", ["convert latin-1 ascii"], code=3, file="text",
         err="sextant: text: convert: 0x2: ascii has no U+00FC; nothing changed\n")
t.script("no such encoding", ["convert klingon ascii"], code=2, file="text",
         err="sextant: text: convert: klingon: no such encoding; :encodings lists them\n")
t.script("in a range", ["convert latin-1 utf-8 2:3", "slice all as hex", "undo", "slice all as hex"],
         out="1\n6772c3bc6e\n6772fc6e\n", file="text")

for codec in ("utf-8", "utf-16-le", "utf-32-be", "cp037"):
    text = "line of text\n" * 4 + "".join(rng.choices(["ab ", "\n", "\r\n", "\r"] + ["\x85"] * (codec == "cp037"), k=rng.choice([20, 200000])))
    for name, end in [("lf", "\n"), ("crlf", "\r\n"), ("cr", "\r")] + [("nel", "\x85")] * (codec == "cp037"):
        t.write("lines", text.encode(codec))
        want = re.sub("\r\n|\r|\n" + "|\x85" * (codec == "cp037"), end, text).encode(codec)
        t.script(f"{codec}, {len(text)} characters: line ends {name}", [f"line-ends {name}", "write done", "quit!"],
                 out=lambda out: True, file="lines")
        t.ok((t.read("done") or t.read("lines")) == want, "as re.sub does")
        os.unlink(t.path("done"))
t.write("text", b"plain\n")
t.script("no NEL outside EBCDIC", ["line-ends nel"], code=3, file="text",
         err="sextant: text: line-ends: lines end with NEL in EBCDIC, and this is utf-8\n")
t.done()
