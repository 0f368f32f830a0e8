"""Random scripts of every command that changes bytes, beside a bytearray. SEED repeats a run, ROUNDS lengthens it."""
import os
import random
import time

from cli import Cli

t = Cli()
seed = int(os.environ.get("SEED", time.time_ns() % 1000000))
rounds = int(os.environ.get("ROUNDS", 12))
print(f"# SEED={seed} ROUNDS={rounds}")


class Model:
    """The document and its cursor; each method is a command and its effect."""

    def __init__(self, data, rng, through):
        self.data, self.at, self.rng, self.through = bytearray(data), 0, rng, through
        self.expected = []

    # --- pieces of lines

    def place(self):
        return self.rng.randint(0, len(self.data))

    def span(self, most=40):
        a = self.place()
        return a, min(len(self.data), a + self.rng.randint(0, most))

    def range_text(self, a, b):
        forms = [f"{a}:{b}", f"{a:#x}:{b:#x}", f"{a} +{b - a}", f"({a}):({b})"]
        if a < len(self.data):
            forms.append(f"{a - len(self.data)}:{b}")
        if b == len(self.data):
            forms.append(f"{a}:")
        if a == 0:
            forms.append(f":{b}")
        return self.rng.choice(forms)

    def bytes_of(self, n):
        return bytes(self.rng.choice(b"abc\0\xff\n\\\" ") for _ in range(n))

    def bytes_text(self, b):
        escaped = "".join(f"\\x{c:02x}" if not 0x20 <= c < 0x7f or c in b'\\"' else chr(c) for c in b)
        forms = [f'"{escaped}"', "{" + b.hex(" ") + "}", "{" + b.hex() + "}"]
        if len(b) in (1, 2, 4, 8):
            order = self.rng.choice(["little", "big"])
            suffix = "" if len(b) == 1 else "le" if order == "little" else "be"
            forms.append(f"u{8 * len(b)}{suffix} {int.from_bytes(b, order)}")
            forms.append(f"i{8 * len(b)}{suffix} {int.from_bytes(b, order, signed=True)}")
        return self.rng.choice(forms)

    # --- commands

    def put(self):
        b = self.bytes_of(self.rng.randint(1, max(1, min(20, len(self.data) - self.at))))
        if self.at + len(b) > len(self.data):
            return "tell", self.say(f"{self.at:#x}")
        self.data[self.at:self.at + len(b)] = b
        self.at += len(b)
        return f"put {self.bytes_text(b)}"

    def assign(self):
        a, b = self.span()
        new = self.bytes_of(b - a)
        self.data[a:b] = new
        return f"assign {self.range_text(a, b)} {self.bytes_text(new)}"

    def insert(self):
        new, at = self.bytes_of(self.rng.randint(1, 30)), self.place()
        here = self.rng.random() < 0.5
        at = self.at if here else at
        self.data[at:at] = new
        if at <= self.at:
            self.at += len(new)
        return f"insert {self.bytes_text(new)}" + ("" if here else f" at {at}")

    def delete(self):
        a, b = self.span()
        line = f"delete {self.range_text(a, b)}"
        del self.data[a:b]
        self.at = self.at - (b - a) if self.at >= b else min(self.at, a)
        return line

    def fill(self):
        a, b = self.span(300)
        new = self.bytes_of(self.rng.randint(1, 5))
        self.data[a:b] = (new * (b - a))[:b - a]
        return f"fill {self.range_text(a, b)} {self.bytes_text(new)}"

    def move(self):
        count = self.rng.randint(0, len(self.data))
        dest, src = (self.rng.randint(0, len(self.data) - count) for _ in range(2))
        self.data[dest:dest + count] = bytes(self.data[src:src + count])
        return f"move {dest} {src} {count}"

    def resize(self):
        n = self.rng.randint(max(1, len(self.data) - 30), len(self.data) + 30)
        self.data = self.data[:n] + bytes(max(0, n - len(self.data)))
        self.at = min(self.at, n)
        return f"resize {n}"

    def combine(self):
        name = self.rng.choice(["xor", "and", "or", "add", "rotate"])
        a, b = self.span(300)
        key = self.bytes_of(self.rng.randint(1, 4))
        for i in range(a, b):
            k, c = key[(i - a) % len(key)], self.data[i]
            self.data[i] = {"xor": c ^ k, "and": c & k, "or": c | k, "add": (c + k) & 255,
                            "rotate": (c << (k & 7) | c >> (8 - (k & 7))) & 255}[name]
        return f"{name} {self.range_text(a, b)} {self.bytes_text(key)}"

    def turn(self):
        name = self.rng.choice(["not", "reverse", "swap", "swap 2", "swap 4", "swap 8"])
        a, b = self.span(300)
        unit = int(name[5:] or 2) if name.startswith("swap") else 1
        b -= (b - a) % unit
        part = bytes(self.data[a:b])
        if name == "not":
            part = bytes(c ^ 255 for c in part)
        elif name == "reverse":
            part = part[::-1]
        else:
            part = b"".join(part[i:i + unit][::-1] for i in range(0, len(part), unit))
        self.data[a:b] = part
        words = name.split()
        return " ".join([words[0], self.range_text(a, b)] + words[1:])

    def replace(self):
        old = self.bytes_of(self.rng.randint(1, 2))
        new = self.bytes_of(len(old) if self.through else self.rng.randint(0, 3))
        count = bytes(self.data).count(old)
        if count:
            self.data = bytearray(bytes(self.data).replace(old, new))
        self.at = None  # where it goes is for other tests
        return "try replace {" + old.hex(" ") + "} " + self.bytes_text(new), self.say(str(count))

    def copy_paste(self):
        a, b = self.span()
        if a == b:
            return "tell", self.say(f"{self.at:#x}")
        part = bytes(self.data[a:b])
        at = self.place()
        insert = self.rng.random() < 0.5 or at + len(part) > len(self.data)
        self.data[at:at if insert else at + len(part)] = part
        self.at = at + len(part)
        return f"select {a}:{b}\ncopy\ngoto {at}\npaste {'insert' if insert else 'over'}"

    def cut(self):
        a, b = self.span()
        if a == b:
            return "tell", self.say(f"{self.at:#x}")
        del self.data[a:b]
        self.at = a
        return f"select {a}:{b}\ncut"

    def goto(self):
        self.at = self.place()
        return f"goto {self.at}"

    def say(self, line):
        self.expected.append(line)

    def step(self):
        if self.at is None:
            return self.goto()
        weights = {self.put: 4, self.assign: 3, self.insert: 4, self.delete: 3, self.fill: 2, self.move: 2, self.resize: 1,
                   self.combine: 3, self.turn: 3, self.replace: 1, self.copy_paste: 2, self.cut: 1, self.goto: 3}
        if len(self.data) < 100:
            weights[self.delete] = weights[self.cut] = weights[self.replace] = 0
        call = self.rng.choices(list(weights), list(weights.values()))[0]
        line = call()
        line = line[0] if isinstance(line, tuple) else line
        if self.at is not None:
            line += "\ntell"
            self.say(f"{self.at:#x}")
        line += "\nlength"
        self.say(str(len(self.data)))
        return line


def one_round(number, through):
    """150 commands in COPY, or in WRITE-THROUGH, where the file must follow; then all of them taken back."""
    rng = random.Random(seed * 1000 + number)
    content = bytes(rng.choice(b"abc\0\xff\n") for _ in range(rng.randint(200, 2000)))
    t.write("data.bin", content)
    model = Model(content, rng, through)
    lines = [model.step() for _ in range(150)]
    lines.append("slice all as hex\nquit!\n")
    model.say(model.data.hex())
    t.write("edit.sx", "\n".join(lines).encode())
    code, out, err = t.run(["-W" if through else "-C", "-s", "edit.sx", "data.bin"])
    want = model.expected
    got = out.decode().split("\n")[:-1]
    name = f"round {number}, seed {seed}, {'WRITE-THROUGH' if through else 'COPY'}"
    if not t.ok(code == 0 and got == want, name):
        first = next((i for i in range(min(len(got), len(want))) if got[i] != want[i]), min(len(got), len(want)))
        print(f"# exit {code}, {err!r}; output line {first}: got {got[first:first + 1]!r:.300} want {want[first:first + 1]!r:.300}")
    t.equal(t.read("data.bin"), bytes(model.data) if through else content, name + ": the file")
    t.write("data.bin", content)
    t.write("edit.sx", "\n".join(lines[:-1] + ["undo 1000", "slice all as hex", "quit!"]).encode())
    code, out, err = t.run(["-W" if through else "-C", "-s", "edit.sx", "data.bin"])
    t.equal((code, out.decode().split("\n")[-2]), (0, content.hex()), name + ": all taken back")
    t.equal(t.read("data.bin"), content, name + ": in the file, too")


for number in range(rounds):
    one_round(number, number % 3 == 2)

# taking back and making again, by steps and by states
steps = ['put "a"', "goto 9", 'insert "bc"', "delete 20:30", "fill 40:50 {00}"]
t.fresh()
lorem = t.read("lorem.txt")
states, now = [lorem], bytearray(lorem)
now[0:1] = b"a"
states.append(bytes(now))
now[9:9] = b"bc"
states.append(bytes(now))
del now[20:30]
states.append(bytes(now))
now[40:50] = bytes(10)
states.append(bytes(now))


def state(name, commands, n, code=0):
    t.script(name, steps + commands + ["slice all as hex", "quit!"], out=states[n].hex() + "\n", code=code, err=None)


state("all four", [], 4)
state("undo", ["undo"], 3)
state("undo 3", ["undo 3"], 1)
state("undo more than there is", ["undo 99"], 0)
state("undo, redo", ["undo 3", "redo 2"], 3)
state("redo more than there is", ["undo 3", "redo 99"], 4)
state("earlier and later by steps", ["earlier 3", "later 1"], 2)
state("earlier than all", ["earlier 100"], 0)
state("earlier by time", ["earlier 1d"], 0)
state("later by time", ["earlier 4", "later 1h"], 4)
t.script("repeat does the last change again, here", ["put ab", "repeat 2", "goto 20", "repeat", "slice 0:8", "slice 20:22", "quit!"],
         out="abababip\nab\n")
t.script("repeat does not repeat moving", ["insert -", "goto 5", "repeat", "slice 0:8", "quit!"], out="-Lore-m \n")
t.script("nothing to repeat", ["goto 5", "repeat"], code=1, err="sextant: lorem.txt: repeat: no change to repeat\n")
t.script("increment and decrement", ["increment", "decrement 2", "increment 3", "slice 0:1", "select 0:3", "increment", "slice 0:3",
                                     "quit!"], out="N\nOps\n")
t.script("revert one, here, all", ["put X", "goto 9", "put Y", "goto 30", "insert Z", "revert 2", "changes", "goto 0", "revert",
                                   "changes", "revert all", "changes"],
         out="1\t0x0\t1\t1\t4c\t58\n2\t0x1e\t0\t1\t-\t5a\n1\t0x1e\t0\t1\t-\t5a\n")
t.script("paste as hex, base64, c, text", ['put "4c 6f"', "select 0:5", "copy", "goto 10", "paste over as hex", "slice 10:12",
                                           "select 0:4", "copy as c", "goto 20", "paste insert as c", "slice 20:24",
                                           "copy as base64", "goto 30", "paste insert as base64", "slice 30:34", "quit!"],
         out="Lo\n4c 6\n4c 6\n")
t.write("piece.bin", bytes(range(256)))
t.script("file NAME as bytes", ["insert file piece.bin at 5", "slice 5:13 as hex", "length", "put file piece.bin", "slice 0:4 as hex",
                                "quit!"], out="0001020304050607\n993\n00010203\n")
t.script("a file that is not there", ["insert file nosuch"], code=3,
         err="sextant: lorem.txt: insert: cannot open 'nosuch': no such file or directory\n")
t.script("marks stick to their bytes", ["mark a 10:20", "insert xyz at 0", "print 'a", "delete 0:5", "print 'a", "undo 2", "print 'a",
                                        "quit!"], out="13\n8\n10\n")
t.done()
