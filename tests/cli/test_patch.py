"""export, import, write-changes: changes as a text, and some of them alone."""
import os
import random
import time

from cli import Cli

t = Cli()
seed = int(os.environ.get("SEED", time.time_ns() % 1000000))
print(f"# SEED={seed}")
rng = random.Random(seed)
data = bytes(rng.randrange(256) for _ in range(3000))


def fresh():
    t.fresh()
    t.write("a.bin", data)
    t.write("b.bin", data)


# a round trip
fresh()
t.script("what was changed becomes a text",
         ["assign 0x10 +2 {7574}", "insert {01020304} at 0x100", "delete 0x200:0x210", "fill 0x300 +500 {00}", "export patch p", "write"],
         file="a.bin", out=lambda out: out.startswith(b"4\t522\ncopy\t"))
text = t.read("p").decode()
t.ok(text.startswith("sextant patch 1\nfile a.bin\nsize 3000\nresult 2988\n@ 0x10 2 2\n- ") and text.endswith("end 4\n") and
     "+ 00*500\n" in text and max(map(len, text.split("\n"))) < 80, "with offsets, old and new bytes, in narrow lines")
t.script("applied to another copy", ["import patch p", "undo", "changes", "redo", "write"], file="b.bin",
         out=lambda out: out.startswith(b"4\t522\ncopy\t"))
t.equal(t.read("b.bin"), t.read("a.bin"), "it is the same file")
t.script("what it was made for was longer", ["import patch p"], file="b.bin", code=3,
         err="sextant: b.bin: import: p: made for 3000 bytes, b.bin has 2988; import! compares bytes only\n")
t.script("again: the new bytes are there", ["import! patch p"], file="b.bin", code=3,
         err=lambda err: "p: 0x10 has 75 74, the new bytes, the patch wants " in err and "Nothing applied" in err)
t.equal(t.read("b.bin"), t.read("a.bin"), "and nothing was changed")

# refused
fresh()
t.script("a file that is there is not replaced", ["assign 0 +1 {ff}", "export patch b.bin"], file="a.bin", code=3,
         err="sextant: a.bin: export: b.bin exists; export! replaces it\n")
t.equal(t.read("b.bin"), data, "indeed")
t.script("export! does", ["assign 0 +1 {ff}", "export! patch b.bin", "quit!"], file="a.bin", out="1\t1\n")
t.ok(t.read("b.bin").startswith(b"sextant patch 1\n"), "now it is the patch")
t.script("no other format", ["export elf x"], file="a.bin", code=2, err="sextant: a.bin: export: elf is no format that is known; patch, matches-offsets, -csv, -json are\n")
t.script("what is no patch", ["import patch lorem.txt"], file="a.bin", code=2,
         err="sextant: a.bin: import: lorem.txt: line 1: this is no patch: it begins with \"sextant patch 1\"\n")
t.script("what is not there", ["import patch nosuch"], file="a.bin", code=3, err=lambda err: "nosuch" in err)
t.script("a folder that is not there", ["export patch no/such"], file="a.bin", code=3, err=lambda err: "no/such" in err)
t.script("READ", ["import patch b.bin"], file="a.bin", options=["-R"], code=3, err=lambda err: "READ" in err)
fresh()
t.script("a range", ["assign 0x10 +1 {ff}", "assign 0x20 +1 {ff}", "export patch p 0x18:0x30", "quit!"], file="a.bin", out="1\t1\n")
t.ok(b"@ 0x20 1 1\n" in t.read("p") and b"@ 0x10" not in t.read("p"), "only what lies in it")
t.write("p", t.read("p")[:-6])
t.script("a patch that was cut off", ["import patch p"], file="a.bin", code=2, err=lambda err: '"end" is missing' in err)
t.ok(not [name for name in os.listdir(t.folder) if ".sextant-" in name], "nothing is left beside")

# WRITE-THROUGH: at once, and undo puts it back
fresh()
t.script("made for WRITE-THROUGH", ["assign 0x10 +2 {7574}", "insert abc at 0x40", "export patch p", "quit!"], file="a.bin", out="2\t5\n")
t.script("applied through", ["import patch p"], file="a.bin", options=["-W"], out="2\t5\n")
t.ok(t.read("a.bin")[16:18] == b"ut" and t.read("a.bin")[64:67] == b"abc" and len(t.read("a.bin")) == 3003, "in the file at once")
fresh()
t.write("p", b"sextant patch 1\nfile a\nsize 3000\nresult 3001\n@ 0x10 1 1\n- %02x\n+ %02x\n@ 0x20 0 1\n+ 77\nend 2\n" % (data[16], data[16] ^ 255))
t.script("applied through and taken back", ["import patch p", "undo"], file="a.bin", options=["-W"], out="2\t2\n")
t.equal(t.read("a.bin"), data, "in the file, too")
t.script("a step of its own", ["assign 0 +1 {55}", "export patch q", "undo", "import patch q", "undo"], file="b.bin", out="1\t1\n1\t1\n")

# chosen ones
fresh()
three = ["assign 0x10 +2 {7574}", "assign 0x20 +2 {7677}", "assign 0x30 +1 {78}"]
t.script("one of three is written", three + ["write-changes 2", "changes", "quit!"], file="a.bin",
         out=lambda out: out.startswith(b"in-place\t2\t1\n1\t0x10\t2\t2\t") and b"\n2\t0x30\t1\t1\t" in out)
t.equal(t.read("a.bin"), data[:0x20] + b"vw" + data[0x22:], "that one alone is in the file")
fresh()
t.script("several, by an interval", three + ["write-changes 2-3", "undo 3", "write"], file="a.bin",
         out=lambda out: out.startswith(b"in-place\t3\t2\nin-place\t3\t2\n"))
t.equal(t.read("a.bin"), data, "undo goes on behind it")
fresh()
t.script("all of them", three + ["write-changes 1,2,3"], file="a.bin", out="in-place\t5\t3\n")
t.equal(t.read("a.bin"), data[:0x10] + b"ut" + data[0x12:0x20] + b"vw" + data[0x22:0x30] + b"x" + data[0x31:], "as write does")
fresh()
t.script("one that changes the length is refused", ["insert ab at 0x10", "assign 0x20 +1 {ff}", "write-changes 1"], file="a.bin",
         code=3, err=lambda err: "0x10 changes the length" in err)
t.script("beside one it may be", ["insert ab at 0x10", "assign 0x20 +1 {ff}", "write-changes 2", "changes", "quit!"], file="a.bin",
         out=lambda out: out.endswith(b"1\t0x10\t0\t2\t-\t6162\n"))
t.equal(t.read("a.bin"), data[:0x1e] + b"\xff" + data[0x1f:], "at its place in the file")
for word, code in (("0", 2), ("x", 2), ("1,", 2), ("3-1", 2), ("9", 3), ('""', 2)):
    t.script(f"numbers: {word}", ["assign 0 +1 {ff}", f"write-changes {word}"], file="b.bin", code=code, err=lambda err: "write-changes" in err)
t.equal(t.read("b.bin"), data, "nothing was written")

# random ones: the file has the chosen, the document all
for _ in range(12):
    fresh()
    places = sorted(rng.sample(range(0, 2900, 10), 8))
    chosen = sorted(rng.sample(range(8), rng.randint(1, 8)))
    lines = [f"assign {place} +3 {{{rng.randrange(1 << 24):06x}}}" for place in places]
    rng.shuffle(lines)
    numbers = ",".join(str(i + 1) for i in chosen)
    whole, part = bytearray(data), bytearray(data)
    for line in lines:
        place, new = int(line.split()[1]), bytes.fromhex(line[-7:-1])
        whole[place:place + 3] = new
        if places.index(place) in chosen:
            part[place:place + 3] = new
    code, out, err = t.commands(*lines, f"write-changes {numbers}", "export patch p", "slice all as hex", "quit!", file="a.bin")
    same = out.decode().split("\n")[2] == whole.hex() and t.read("a.bin") == part
    t.ok(code == 0 and same, f"chosen of random ones: {numbers}") or print(f"# {code} {err} {lines}")
    t.script("the rest is a patch", ["import patch p", "write"], file="a.bin", out=None)
    t.equal(t.read("a.bin"), bytes(whole), "that brings all")
t.done()
