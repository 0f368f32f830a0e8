"""next and previous, for every kind of thing, beside a plain walk over the bytes; and the set of matches."""
import os
import random
import re
import time

from cli import Cli

t = Cli()
seed = int(os.environ.get("SEED", time.time_ns() % 1000000))
rng = random.Random(seed)
print(f"# SEED={seed}")
KiB = 1024


def sparse(name, islands, size):
    with open(t.path(name), "wb") as file:
        for at, content in islands:
            file.seek(at)
            file.write(content)
        file.truncate(size)


def run_starts(data, good, least):
    """Where runs of at least `least` good bytes begin."""
    starts, begin = [], None
    for i in range(len(data) + 1):
        inside = i < len(data) and good(data[i])
        if inside and begin is None:
            begin = i
        if not inside and begin is not None:
            if i - begin >= least:
                starts.append(begin)
            begin = None
    return starts


def walk(name, thing, starts, places, extra=()):
    """next and previous from every place, all in one run."""
    lines, want = list(extra), []
    for place in places:
        behind = [s for s in starts if s > place]
        before = [s for s in starts if s < place]
        for word, found in (("next", behind[:1]), ("previous", before[-1:])):
            lines += [f"goto {place}", f"try {word} {thing}", "tell"]
            want += [f"{found[0]:#x}"] * 2 if found else [f"{place:#x}"]
    t.write("walk.sx", ("\n".join(lines) + "\nquit!\n").encode())
    code, out, err = t.run(["-s", "walk.sx", name])
    got = out.decode().split("\n")[:-1]
    if not t.ok(code == 0 and got == want, f"{thing} in {name}"):
        first = next((i for i in range(min(len(got), len(want))) if got[i] != want[i]), -1)
        print(f"# exit {code}, line {first}: got {got[first:first + 2]} want {want[first:first + 2]}; {err[:300]}")


# runs of bytes
data = bytearray()
while len(data) < 3000:
    data += rng.choice([bytes(rng.randint(1, 9)), b"text\there" * rng.randint(1, 3), b"\xff" * rng.randint(1, 6), b"a", b"abc",
                        b"\x01\x02\x03"])
data = bytes(data)
t.write("runs.bin", data)
places = sorted(rng.sample(range(len(data)), 150)) + [0, len(data) - 1, len(data)]
walk("runs.bin", "zero", run_starts(data, lambda c: c == 0, 4), places)
walk("runs.bin", "string", run_starts(data, lambda c: 0x20 <= c < 0x7f or c == 9, 4), places)

lines, want = [], []
for place in places[:-1]:
    after = next((i for i in range(place, len(data)) if data[i] != data[place]), None)
    before = next((i for i in range(place, -1, -1) if data[i] != data[place]), None)
    for word, found in (("next", after), ("previous", before)):
        lines += [f"goto {place}", f"try {word} value", "tell"]
        want += [f"{found:#x}"] * 2 if found is not None else [f"{place:#x}"]
t.write("walk.sx", "\n".join(lines).encode())
t.equal(t.run(["-s", "walk.sx", "runs.bin"])[1].decode().split("\n")[:-1], want, "other value")

# what is stored: holes are passed without reading them
islands = [(0, b"begin"), (1 << 20, b"\x01" * 4096), (5 << 20, b"text text"), (40 << 30, b"far away")]
sparse("sparse.bin", islands, 100 << 30)
begun = time.monotonic()
t.check("strings in 100 GiB of holes", ["-e", "next string", "-e", "next string", "-e", "previous string", "-e", "previous string",
                                         "sparse.bin"], out=f"{5 << 20:#x}\n{40 << 30:#x}\n{5 << 20:#x}\n0x0\n")
t.check("other values in it", ["-e", "goto 2M", "-e", "next value", "-e", "goto 30G", "-e", "previous value", "sparse.bin"],
        out=f"{5 << 20:#x}\n{(5 << 20) + 8:#x}\n")
t.check("zeros in it", ["-e", "next zero", "-e", "goto 6M", "-e", "next zero", "-e", "previous zero", "sparse.bin"],
        out=f"0x5\n{(40 << 30) + 8:#x}\n{(5 << 20) + 9:#x}\n")
t.check("data and holes", ["-e", "next hole", "-e", "next data", "-e", "next hole", "-e", "goto 50G", "-e", "previous data", "-e",
                            "previous hole", "sparse.bin"],
        out=lambda out: (lambda at: at[1] == 1 << 20 and at[3] == 40 << 30 and 0 < at[0] < at[1] < at[2] <= 5 << 20
                         and 5 << 20 < at[4] < at[3])([int(line, 16) for line in out.split()]))
t.ok(time.monotonic() - begun < 20, "without reading the holes")

# changes and marks
lorem = t.read("lorem.txt")
edits = ["goto 50", "put XX", "goto 100", "insert YY", "delete 200:210", "goto 700", "put Z"]
walk("lorem.txt", "change", [50, 100, 200, 700], [0, 49, 50, 51, 52, 99, 100, 101, 102, 199, 200, 201, 699, 700, 701, 729], edits)
walk("lorem.txt", "mark", [5, 300], [0, 5, 6, 299, 300, 301], ["mark a 5:9", "mark b 300:310"])

# matches: next and previous walk the set that findall lists
for number, (pattern, regex) in enumerate([("ab", rb"ab"), ("/a+/", rb"a+"), ("/a+b?/", rb"a+b?"), ("/[ab]{2,3}/", rb"[ab]{2,3}")]):
    data = bytes(rng.choice(b"aab.") for _ in range(600))
    t.write("match.bin", data)
    spans = [m.span() for m in re.finditer(regex, data)]
    t.script(f"findall {pattern}", [f"findall {pattern} show offset,end"], file="match.bin",
             out="".join(f"{a:#x}\t{b:#x}\n" for a, b in spans))
    lines, want = [f"try search {pattern}"], []
    first = next((a for a, b in spans if a > 0), None)
    want += [f"{first:#x}"]
    for place in sorted(rng.sample(range(len(data)), 60)):
        behind = next((a for a, b in spans if a > place), None)
        before = next((a for a, b in reversed(spans) if a < place), None)
        for word, found in (("next", behind), ("previous", before)):
            lines += [f"goto {place}", f"try {word}", "tell"]
            want += [f"{found:#x}"] * 2 if found is not None else [f"{place:#x}"]
    t.write("walk.sx", "\n".join(lines).encode())
    t.equal(t.run(["-s", "walk.sx", "match.bin"])[1].decode().split("\n")[:-1], want, f"next and previous of {pattern}")
    t.script(f"count {pattern}", [f"count {pattern}"], file="match.bin", out=f"{len(spans)}\n")

# far back: over the windows in which a search goes backward
big = bytearray(b"." * (3 << 20))
spots = [10, 70000, 600000, 601000, 3000000]
for spot in spots:
    big[spot:spot + 6] = b"needle"
t.write("big.bin", bytes(big))
t.script("search-back over long ways", ["goto end", "search-back needle"] + ["next"] * 4 + ["try next", "tell"], file="big.bin",
         out="".join(f"{s:#x}\n" for s in reversed(spots)) + "0xa\n", err=lambda err: err.count("\n") == 1)
t.script("previous with a count", ["goto end", "search-back needle", "previous 1", "next 3"], file="big.bin", code=1,
         err=None, out="0x2dc6c0\n")

# pointers
t.write("pointers.bin", (64).to_bytes(4, "little") + (16).to_bytes(2, "big") + b"\xff" * 4 + bytes(96))
t.script("follow-pointer", ["follow-pointer", "goto 4", "follow-pointer u16be"], file="pointers.bin", out="0x40\n0x10\n")
t.script("a pointer that leads outside", ["goto 6", "follow-pointer u32be"], file="pointers.bin", code=3,
         err="sextant: pointers.bin: follow-pointer: 0xffffffff is past the end, 0x6a\n")
t.script("no type of a number", ["follow-pointer foo"], file="pointers.bin", code=2, err=None)
t.done()
