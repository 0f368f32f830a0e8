"""Replacing without a screen: groups, forms of the replacement, ranges, lengths, refusals; Python's re is the oracle."""
import re

from cli import Cli

t = Cli()
log = t.read("large_log.txt")
lorem = t.read("lorem.txt")


def replaced(name, command, want, count, file="lorem.txt"):
    t.fresh()
    t.script(name, [command, "write! made.bin"], file=file, out=lambda out: out.startswith(f"{count}\n".encode()))
    t.equal(t.read("made.bin"), want, name + ": the bytes")


def by_regex(name, pattern, template, python, flags=""):
    want, count = re.subn(pattern.encode(), python, lorem)
    replaced(name, f"replace /{pattern}/{flags} {template}", want, count)


by_regex("groups by number, the other way round", r"(\w+) (\w+)", r'"\2 \1"', rb"\2 \1")
by_regex("the whole match", r"[A-Z]\w*", r'"<\0>"', rb"<\g<0>>")
by_regex("a group that took no part is empty", r"(qui)|(est)", r'"(\1\2)"', lambda m: b"(" + m.group() + b")")
by_regex("a group in hex", r"(e)(t)", r"{ 5b \2 5d \1 }", rb"[\2]\1")
by_regex("a bare word", r"(e)(t)", r"\2\1", rb"\2\1")
by_regex("a backslash before a digit stays one", r"e", r'"\\1"', lambda m: b"\\1")
by_regex("shorter, longer, empty", r"(,)|(\.)|e", r'"\1\1\2\2\2"', lambda m: (m.group(1) or b"") * 2 + (m.group(2) or b"") * 3)
want, count = re.subn(rb"(?P<word>[aeiou]\w*)", rb"[\g<word>]", lorem)
replaced("a group by its name", r'replace /(?<word>[aeiou]\w*)/ "[\{word}]"', want, count)
replaced("escapes", r'replace ERROR "\x00\t\\"', log.replace(b"ERROR", b"\0\t\\"), log.count(b"ERROR"), "large_log.txt")
replaced("in a range", "replace e EE 0x10:0x80", lorem[:16] + lorem[16:128].replace(b"e", b"EE") + lorem[128:],
         lorem[16:128].count(b"e"))
replaced("numbers", "replace u16le=8293 u16be 0x4142", lorem.replace(b"e ", b"AB"), lorem.count(b"e "))

t.fresh()
t.write("part.bin", b"other bytes")
t.script("the bytes of a file", ["replace /Lorem/ file part.bin", "slice 0:11", "quit!"], out="1\nother bytes\n")
t.script("no such group", [r"replace /(a)/ \2"], code=2,
         err="sextant: lorem.txt: replace: no group 2: the pattern has 1\n")
t.script("no group of that name", [r'replace /(a)/ "\{who}"'], code=2,
         err="sextant: lorem.txt: replace: the pattern has no group called who\n")
t.script("a name that is never closed", [r'replace /(a)/ "\{who"'], code=2, err=lambda e: "never closed" in e)
t.script("nothing there is 1, and 0 replaced", ["replace nowhere else"], out="0\n", code=1, err=lambda e: "not in" in e)
t.script("WRITE-THROUGH keeps the length", ["replace Lorem Lore"], code=3, options=["-W"],
         err='sextant: lorem.txt: replace: "Lore" has 4 bytes, "Lorem" 5; WRITE-THROUGH keeps length. :access copy\n')
t.script("also where only the place shows it", [r"replace /(L)orem/ \1"], code=3, options=["-W"],
         err=lambda e: "0x0: 1 byte for 5; WRITE-THROUGH keeps length" in e)
t.equal(t.read("lorem.txt"), lorem, "nothing was changed")
t.script("the same length goes into the file", ["replace Lorem LOREM"], out="1\n", options=["-W"])
t.equal(t.read("lorem.txt"), lorem.replace(b"Lorem", b"LOREM"), "at once")
t.fresh()
t.script("one step", ["replace e EE", "undo", "slice 0:5", "length"], out=lambda out: out.endswith(f"Lorem\n{len(lorem)}\n".encode()))
t.done()
