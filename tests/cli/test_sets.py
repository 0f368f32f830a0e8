"""Matches as a set without a screen: narrow, export in three layouts, marks; Python's re, csv and json are the oracle."""
import csv
import io
import json
import re

from cli import Cli

t = Cli()
log = t.read("large_log.txt")
lorem = t.read("lorem.txt")


def unprintable(text):
    return re.sub(r"\\(x..|.)", lambda m: {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}.get(m[1]) or chr(int(m[1][1:], 16)), text)


# narrow
starts = [m.start() for m in re.finditer(rb"e", lorem)]
both = [a for a in starts if lorem[a:a + 2] == b"et"]
t.script("narrow by a pattern", ["find e all", "narrow {65 74}", "export matches-offsets left"], out=f"0x3\n{len(both)}\n{len(both)}\n",
         )
t.equal(t.read("left"), "".join(f"0x{a:x}\n" for a in both).encode(), "those that are left")
t.fresh()
t.script("again and again", ["find e all", "narrow /e[tr]/", "narrow /et/", "narrow same"], out=lambda out: out.split()[2:] == [b"%d" % len(both)] * 2)
t.script("an edit changes one", ["find e all", "narrow e", "put E", "narrow changed", "export matches-offsets left", "quit!"],
         out=f"0x3\n{len(starts)}\n1\n1\n")
t.equal(t.read("left"), b"0x3\n", "that one")
t.script("the others are the same", ["find e all", "narrow e", "put E", "narrow same", "quit!"], out=lambda out: out.endswith(b"\n%d\n" % (len(starts) - 1)))
t.script("an insertion moves them", ["find e all", 'insert "__" at 0', "narrow e", "undo", "narrow same"],
         out=lambda out: out.split()[-1] == b"%d" % len(starts))
t.script("the next search has all again", ["find e all", "narrow {65 74}", "find dolor 0:", "export matches-offsets again"],
         out=lambda out: out.split()[-1] == b"%d" % lorem.count(b"dolor"))
t.script("nothing left is 1", ["find e all", "narrow Z"], out="0x3\n0\n", code=1)
t.script("nothing was searched", ["narrow Z"], code=3, err="sextant: lorem.txt: narrow: nothing was searched yet\n")
t.script("nothing to compare with", ["find e all", "narrow same"], code=3, out="0x3\n", err=lambda e: "narrow PATTERN first" in e)
t.script("a bad word", ["find e all", "narrow /(/"], code=2, out="0x3\n", err=lambda e: "never closed" in e)

# export
t.fresh()
pattern = rb"(\w+) (dolor)|(\n)"
t.script("csv", ["try find /" + pattern.decode() + "/ all", "export matches-csv out.csv", "export matches-json out.json"],
         out=lambda out: out.split()[1:] == [b"%d" % len(re.findall(pattern, lorem))] * 2)
rows = list(csv.reader(io.StringIO(t.read("out.csv").decode())))
want = [[hex(m.start()), str(m.end() - m.start())] + [(g or b"").decode() for g in m.group(0, 1, 2, 3)] for m in re.finditer(pattern, lorem)]
t.equal(rows[0], ["offset", "length", "text", "1", "2", "3"], "the head of csv")
t.equal([r[:2] + [unprintable(x) for x in r[2:]] for r in rows[1:]], want, "the rows of csv")
lines = [json.loads(line) for line in t.read("out.json").splitlines()]
t.equal([[o["offset"], o["length"]] + [unprintable(o[k] or "") for k in ("text", "1", "2", "3")] for o in lines], want, "the objects of json")
t.ok(any(o["1"] is None for o in lines) and any(o["3"] is None for o in lines), "a group that took no part is null")
quotes = b'say "hi\\there" and \x01\xff\n'
t.write("quotes.txt", quotes)
t.script("quotes", [r"find /say.*\n/s", "export matches-csv q.csv", "export matches-json q.json"], file="quotes.txt", out="0x0\n1\n1\n")
text = next(csv.DictReader(io.StringIO(t.read("q.csv").decode())))["text"]
t.equal(unprintable(text).encode("latin-1"), quotes, "csv gives every byte back")
t.equal(unprintable(json.loads(t.read("q.json"))["text"]).encode("latin-1"), quotes, "json does, too")
words = [m for m in re.finditer(rb"(\w)(\w*)", lorem) if m[0] == b"et"]
t.script("groups after narrow", [r"find /(\w)(\w*)/ all", "narrow /et\\b/", "export matches-csv n.csv"], out=lambda out: out.endswith(b"\n%d\n" % len(words)))
t.equal(list(csv.reader(io.StringIO(t.read("n.csv").decode())))[:2], [["offset", "length", "text", "1", "2"], [hex(words[0].start()), "2", "et", "e", "t"]],
        "the groups of what was searched")
t.script("a range", ["find e all", "export matches-offsets part 0:0x20"], out=lambda out: out.endswith(b"\n%d\n" % lorem[:32].count(b"e")))
t.script("a file that is there stays", ["find e all", "export matches-csv out.csv"], code=3, out="0x3\n", err=lambda e: "out.csv exists" in e)
t.equal(list(csv.reader(io.StringIO(t.read("out.csv").decode()))), rows, "as it was")
t.script("export! replaces it", ["find ERROR all", "export! matches-csv out.csv"], file="large_log.txt",
         out=lambda out: out.endswith(b"\n%d\n" % log.count(b"ERROR")))
t.script("a file that is open is not replaced", ["find e all", "export! matches-csv lorem.txt"], code=3, out="0x3\n",
         err=lambda e: "lorem.txt is open here" in e)
t.script("nor by a part of itself", ["write-range! 0:4 lorem.txt"], code=3, err=lambda e: "lorem.txt is open here" in e)
t.equal(t.read("lorem.txt"), lorem, "it is what it was")
t.script("no such format", ["find e all", "export matches-xml x"], code=2, out="0x3\n", err=lambda e: "no format" in e and "matches-offsets" in e)
t.script("no search", ["export matches-csv x"], code=3, err=lambda e: "nothing was searched yet" in e)
t.equal(t.read("x"), None, "and no file")
t.script("no folder", ["find e all", "export matches-csv nosuch/x"], code=3, out="0x3\n", err=lambda e: "nosuch/x" in e)

# marks
t.script("marks", ["find dolor all", "mark-matches d red", "marks"],
         out=lambda out: out.splitlines()[2:4] == [b"d%d\t0x%x\t5\tred\t-" % (i + 1, m.start()) for i, m in enumerate(re.finditer(b"dolor", lorem))][:2])
t.script("a bad name", ["find dolor all", "mark-matches a-b"], code=2, out=lambda out: True, err=lambda e: "letters, digits and _" in e)
t.script("too many", ["find /./ all", "mark-matches x"], file="large_log.txt", code=4, out="0x0\n", err=lambda e: "at most" in e or "too many" in e)
t.done()
