#!/usr/bin/python3
"""Random sequences of calls, answered by libsextant and by Python's own mmap: the answers must be the same.

Python's object runs in a process of its own, since some calls can kill it. Where we differ on purpose (doc/mapping.md)
the difference is tested by name at the end.

    SEED=1 ROUNDS=1000 tests/map/oracle.py
"""
import mmap
import multiprocessing
import os
import random
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import sextant  # noqa: E402
from sextant import COPY, DEFAULT, READ, WRITE  # noqa: E402

PAGE = mmap.PAGESIZE
SEED = int(os.environ.get("SEED", time.time_ns() % 1_000_000_000))
ROUNDS = int(os.environ.get("ROUNDS", "120"))
CALLS = 60
MODES = {READ: mmap.ACCESS_READ, WRITE: mmap.ACCESS_WRITE, COPY: mmap.ACCESS_COPY, DEFAULT: mmap.ACCESS_DEFAULT}

# --- the two sides: the same call by name, an answer or ("error", kind) ------------------------------------------------

PYTHON_ERRORS = {
    TypeError: {"readonly"},
    IndexError: {"range", "length"},
    ValueError: {"range", "closed", "empty", "length"},
    OSError: {"range", "empty", "permission", "io", "nospace"},
    OverflowError: {"range"},
    PermissionError: {"permission"},
}


def oracle_call(m, name, args):
    """Do one call on Python's mmap object."""
    if name == "get":
        return m[args[0]]
    if name == "set":
        m[args[0]] = args[1]
    elif name == "slice":
        return m[slice(*args)]
    elif name == "assign":
        m[args[0]:args[1]] = args[2]
    elif name in ("find", "rfind"):
        needle, start, end = args
        given = (needle,) if start is None else (needle, start) if end is None else (needle, start, end)
        return getattr(m, name)(*given)
    elif name == "read":
        return m.read(*args)
    elif name == "length":
        return len(m)
    elif name == "seek":
        m.seek(*args)
        return None
    elif name == "write":
        return m.write(*args)
    elif name == "flush":
        m.flush(*args)
        return None
    elif name == "close":
        m.close()
    elif name == "closed":
        return m.closed
    elif name == "advise":
        return m.madvise(getattr(mmap, "MADV_" + args[0]))
    else:
        return getattr(m, name)(*args)
    return None


def oracle_main(pipe):
    """The process that owns the oracle's map: opens, calls, answers."""
    m = None
    while True:
        name, args = pipe.recv()
        try:
            if name == "open":
                path, access, offset, length, flags = args
                if path is None:
                    m = mmap.mmap(-1, length, flags=flags or mmap.MAP_SHARED)
                else:
                    fd = os.open(path, os.O_RDONLY if access == READ else os.O_RDWR)
                    try:
                        m = mmap.mmap(fd, length, access=MODES[access], offset=offset)
                    finally:
                        os.close(fd)
                answer = None
            elif name == "quit":
                return
            else:
                answer = oracle_call(m, name, args)
        except Exception as e:  # the kind of the error is the answer
            pipe.send(("error", type(e).__name__, str(e)))
        else:
            pipe.send(("value", answer, None))


class Oracle:
    def __init__(self):
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("fork").Process(target=oracle_main, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def call(self, name, *args):
        self.pipe.send((name, args))
        return self.pipe.recv()

    def quit(self):
        self.pipe.send(("quit", ()))
        self.process.join()


def our_call(m, name, args):
    try:
        if name == "slice":
            return "value", m.slice(*args), None
        if name == "closed":
            return "value", m.closed, None
        return "value", getattr(m, name)(*args), None
    except sextant.Error as e:
        return "error", e.kind, e.text


def agree(ours, theirs):
    if ours[0] != theirs[0]:
        return False
    if ours[0] == "value":
        return ours[1] == theirs[1]
    kind = getattr(__builtins__, theirs[1], None) or {k.__name__: k for k in PYTHON_ERRORS}.get(theirs[1], OSError)
    return any(ours[1] in kinds for error, kinds in PYTHON_ERRORS.items() if issubclass(kind, error))


# --- random calls -----------------------------------------------------------------------------------------------------------

ALPHABET = b"ab\n\0c"


def random_bytes(r, most):
    return bytes(r.choice(ALPHABET) for _ in range(r.randrange(most)))


def place(r, n):
    """An offset: mostly inside, sometimes at or over an edge, sometimes from the end."""
    near = r.choice([0, n, n // 2, PAGE, 2 * PAGE])
    return r.choice([r.randrange(n + 1), -r.randrange(n + 3), near + r.randrange(-3, 4), n + r.randrange(9)])


def maybe(r, value):
    return None if r.random() < 0.3 else value


def random_call(r, n):
    size = r.choice([3, 30, 300, 3 * PAGE])
    name = r.choice(["get", "set", "slice", "slice", "assign", "find", "find", "rfind", "rfind", "read", "read_byte",
                     "readline", "write", "write_byte", "seek", "seek", "tell", "size", "length", "move", "flush", "resize",
                     "closed", "advise"])
    if name == "get":
        return name, (place(r, n),)
    if name == "set":
        return name, (place(r, n), r.randrange(256))
    if name == "slice":
        step = r.choice([None, None, None, 1, 2, 7, 5000, -1, -3, -5000])
        return name, (maybe(r, place(r, n)), maybe(r, place(r, n)), step)
    if name == "assign":
        a = place(r, n)
        data = random_bytes(r, size)
        b = a + len(data) if r.random() < 0.8 else place(r, n)
        return name, (a, b, data)
    if name in ("find", "rfind"):
        start = maybe(r, place(r, n))
        return name, (random_bytes(r, r.choice([2, 3, 4, 8])), start, None if start is None else maybe(r, place(r, n)))
    if name == "read":
        return name, r.choice([(), (-1,), (None,), (r.randrange(size),)])
    if name == "write":
        return name, (random_bytes(r, size),)
    if name == "write_byte":
        return name, (r.randrange(256),)
    if name == "seek":
        return name, (place(r, n), r.choice([0, 0, 1, 2]))
    if name == "move":
        return name, tuple(abs(place(r, n)) for _ in range(2)) + (r.randrange(size),)
    if name == "flush":
        return name, r.choice([(), (PAGE * r.randrange(4), abs(place(r, n)))])
    if name == "resize":
        return name, (1 + r.randrange(4 * PAGE),)
    if name == "advise":
        return name, (r.choice(["NORMAL", "RANDOM", "SEQUENTIAL", "WILLNEED"]),)
    return name, ()


def contents(path):
    with open(path, "rb") as f:
        return f.read()


class Round:
    """One file twice, one map on each, the same calls on both."""

    def __init__(self, number, folder):
        self.random = random.Random(f"{SEED}/{number}")
        self.mine = os.path.join(folder, "mine")
        self.theirs = os.path.join(folder, "theirs")
        self.log = []

    def start(self, oracle):
        r = self.random
        data = random_bytes(r, r.choice([2, 50, PAGE, 4 * PAGE])) or b"x"
        self.write(data)
        self.access = r.choice([READ, WRITE, WRITE, COPY, COPY, DEFAULT])
        offset = r.choice([0, 0, 0, PAGE, 2 * PAGE])
        length = r.choice([0, 0, 0, r.randrange(1, len(data) + 5)])
        window = r.choice([0, 0, PAGE, 2 * PAGE])
        if r.random() < 0.15:
            theirs = oracle.call("open", None, None, 0, len(data), mmap.MAP_PRIVATE if r.random() < 0.5 else 0)
            ours = self.open(lambda: sextant.Map.anonymous(len(data), r.choice([0, sextant.PRIVATE])))
            self.access = None
        else:
            theirs = oracle.call("open", self.theirs, self.access, offset, length, 0)
            ours = self.open(lambda: sextant.Map.open(self.mine, self.access, offset, length, 0, window))
        self.log.append(f"{len(data)} bytes, access {self.access}, offset {offset}, length {length}, window {window}")
        self.expect("open", ours, theirs)
        return ours[0] == "value"

    def write(self, data):
        for path in self.mine, self.theirs:
            with open(path, "wb") as f:
                f.write(data)

    def open(self, how):
        try:
            self.map = how()
            return "value", None, None
        except sextant.Error as e:
            return "error", e.kind, e.text

    def expect(self, what, ours, theirs):
        if not agree(ours, theirs):
            raise AssertionError(f"{what}: ours {ours!r:.300}, Python's {theirs!r:.300}")

    def usable(self, name, args):
        """Whether Python can be asked: where we differ on purpose, or its versions differ, it cannot."""
        if self.access is None and name in ("size", "resize"):
            return False
        if name in ("find", "rfind") and args[0] == b"" and args[2] is not None:
            start, end, _ = slice(*args[1:]).indices(self.map.length())
            return start <= end  # an empty needle in less than nothing: -1 up to 3.11, later an offset
        return True

    def run(self, oracle):
        if not self.start(oracle):
            return
        r = self.random
        for _ in range(CALLS):
            name, args = random_call(r, self.map.length())
            if not self.usable(name, args):
                continue
            self.log.append(f"{name}{args!r:.200}")
            theirs, ours = oracle.call(name, *args), our_call(self.map, name, args)
            self.expect(name, ours, theirs)
            self.expect("tell", our_call(self.map, "tell", ()), oracle.call("tell"))
        self.log.append("the end")
        self.expect("[:]", our_call(self.map, "slice", ()), oracle.call("slice", None))
        if self.access is not None and contents(self.mine) != contents(self.theirs):
            raise AssertionError("the files differ")
        for name, args in ("close", ()), ("close", ()), ("closed", ()), ("tell", ()), ("read", (1,)), ("find", (b"a", 0, 1)):
            self.expect(name, our_call(self.map, name, args), oracle.call(name, *args))
        self.map.free()


# --- what we do otherwise, on purpose: each a line of doc/mapping.md ------------------------------------------------------------

def kind_of(call):
    try:
        call()
    except sextant.Error as e:
        return e.kind
    return None


def python_fails(call):
    try:
        call()
    except Exception as e:
        return type(e).__name__
    return None


def any_offset(path):
    with open(path, "rb") as f:
        theirs = python_fails(lambda: mmap.mmap(f.fileno(), 10, access=mmap.ACCESS_READ, offset=100))
    with sextant.Map.open(path, READ, offset=100, length=10) as m:
        return theirs is not None and m[:] == contents(path)[100:110]


def any_flush(path):
    with open(path, "r+b") as f, mmap.mmap(f.fileno(), 0) as m:
        theirs = python_fails(lambda: m.flush(100, 10))
    with sextant.Map.open(path, WRITE) as m:
        m.flush(100, 10)
    return theirs == "OSError"


def extension(path):
    before = os.path.getsize(path)
    refused = kind_of(lambda: sextant.Map.open(path, WRITE, length=before + 10)) == "range"
    unchanged = os.path.getsize(path) == before
    read = kind_of(lambda: sextant.Map.open(path, READ, length=before + 10, flags=sextant.EXTEND)) == "readonly"
    with sextant.Map.open(path, WRITE, length=before + 10, flags=sextant.EXTEND) as m:
        return refused and unchanged and read and len(m) == before + 10 and m[-10:] == bytes(10)


def resize_0(path):
    before = contents(path)
    with sextant.Map.open(path, WRITE) as m:
        return kind_of(lambda: m.resize(0)) == "empty" and contents(path) == before and m[:] == before


def default_follows(path):
    fd = os.open(path, os.O_RDONLY)
    theirs = python_fails(lambda: mmap.mmap(fd, 0, access=mmap.ACCESS_DEFAULT))
    with sextant.Map.open_fd(fd) as m:
        ours = m.access == READ and kind_of(lambda: m.set(0, 0)) == "readonly"
    os.close(fd)
    fd = os.open(path, os.O_RDWR)
    with sextant.Map.open_fd(fd) as m:
        ours = ours and m.access == WRITE
    os.close(fd)
    return theirs == "PermissionError" and ours


def anonymous_size(_path):
    with mmap.mmap(-1, 100) as m:
        theirs = python_fails(m.size)
    with sextant.Map.anonymous(100) as m:
        return theirs == "OSError" and m.size() == 100


def anonymous_grows(_path):
    for flags in 0, sextant.PRIVATE:
        with sextant.Map.anonymous(100, flags) as m:
            m.resize(1 << 20)
            m[-1] = 7
            if m[-1] != 7 or m[-2] != 0:
                return False
    return True


def contains(_path):
    with mmap.mmap(-1, 10) as m:
        m[:5] = b"ERROR"
        theirs = b"ERROR" in m
    with sextant.Map.anonymous(10) as m:
        m[:5] = b"ERROR"
        return not theirs and m.contains(b"ERROR") and not m.contains(b"ERRER")


def destructive_advice(path):
    with sextant.Map.open(path, WRITE) as m:
        forced = [kind_of(lambda n=n: m.advise(n)) for n in ("REMOVE", "FREE")]
        refused = [kind_of(lambda n=n: m.advise(n, force=True)) for n in ("HWPOISON", "SOFT_OFFLINE")]
        unknown = kind_of(lambda: m.advise("NOSUCH")), kind_of(lambda: m.advise("AUTOSYNC"))
    return forced == ["force"] * 2 and refused == ["permission"] * 2 and unknown == ("unknown", "unsupported")


def closed_answers(path):
    m = sextant.Map.open(path, READ)
    m.close()
    m.close()
    kinds = {kind_of(m.tell), kind_of(m.read), kind_of(m.length), kind_of(lambda: m.get(0))}
    m.free()
    return kinds == {"closed"}


def copy_survives(path):
    with open(path, "r+b") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY) as m:
        m[:4] = b"EDIT"
        m.madvise(mmap.MADV_DONTNEED)
        theirs = m[:4]
    with sextant.Map.open(path, COPY) as m:
        m[:4] = b"EDIT"
        m.advise("DONTNEED", force=True)
        advised = m[:4]
        os.truncate(path, 0)
        return theirs != b"EDIT" and advised == b"EDIT" and m[:4] == b"EDIT"


DIFFERENCES = {
    "any offset for mapping": any_offset,
    "any offset for flush": any_flush,
    "extension only on request": extension,
    "resize(0) is refused before anything is truncated": resize_0,
    "DEFAULT follows the descriptor, also when it is read-only": default_follows,
    "size of anonymous memory is its length": anonymous_size,
    "anonymous memory can grow and be touched": anonymous_grows,
    "contains finds byte strings": contains,
    "destructive advice needs force or is refused": destructive_advice,
    "a closed handle answers closed": closed_answers,
    "COPY keeps its changes when the file is cut or advised away": copy_survives,
}


def main():
    print(f"# SEED={SEED} ROUNDS={ROUNDS}")
    oracle, count, failed = Oracle(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            round_ = Round(number, folder)
            try:
                round_.run(oracle)
            except AssertionError as e:
                failed += 1
                print(f"not ok - round {number}: {e}")
                print("".join(f"#   {line}\n" for line in round_.log[-8:]), end="")
                if failed > 4:
                    break
        count += 1
        print(f"{'not ' if failed else ''}ok {count} - {ROUNDS} random sequences of {CALLS} calls are answered alike")
        oracle.quit()
        for name, check in DIFFERENCES.items():
            path = os.path.join(folder, "file")
            with open(path, "wb") as f:
                f.write(bytes(range(256)) * 40)
            count += 1
            try:
                good = check(path)
            except (sextant.Error, OSError) as e:
                good = False
                print(f"# {e}")
            failed += not good
            print(f"{'' if good else 'not '}ok {count} - {name}")
    print(f"1..{count}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
