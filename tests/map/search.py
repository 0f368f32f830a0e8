#!/usr/bin/python3
"""find and rfind in files with holes, cut files, changed copies and long needles, against Python's bytes.find and rfind.

    SEED=1 ROUNDS=1000 tests/map/search.py
"""
import os
import random
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from sextant import COPY, READ, WRITE, Map  # noqa: E402
from tap import Tap  # noqa: E402

PAGE = os.sysconf("SC_PAGESIZE")
SEED = int(os.environ.get("SEED", time.time_ns() % 1_000_000_000))
ROUNDS = int(os.environ.get("ROUNDS", "20"))
t = Tap()


def islands(r, size):
    """Places and bytes; the alphabet is small and has zeros, so that matches run out of islands into holes."""
    for _ in range(r.randrange(6)):
        at = r.choice([r.randrange(size), r.randrange(size // PAGE + 1) * PAGE])
        data = bytes(r.choice(b"\0\0ab") for _ in range(r.choice([1, 5, 200, 5000])))
        yield at, data[:size - at]


def a_needle(r, data):
    if r.random() < 0.7:
        at = r.choice([r.randrange(len(data)), max(0, r.randrange(len(data) // PAGE + 1) * PAGE - r.randrange(9))])
        return data[at:at + r.choice([1, 2, 3, 8, 100, 3 * PAGE])]
    return bytes(r.choice(b"\0ab") for _ in range(r.choice([1, 2, 4, 9])))


def small_round(number, folder):
    """Returns what differs, or None."""
    r = random.Random(f"{SEED}/{number}")
    size = r.choice([1, 100, PAGE, 5 * PAGE + 7, 40 * PAGE])
    path = os.path.join(folder, "sparse")
    data = bytearray(size)
    with open(path, "wb") as f:
        f.truncate(size)
        for at, piece in islands(r, size):
            f.seek(at)
            f.write(piece)
            data[at:at + len(piece)] = piece
    base = r.choice([0, 0, r.randrange(size)])
    window = r.choice([0, PAGE, 3 * PAGE])
    with Map.open(path, r.choice([READ, WRITE, COPY]), offset=base, window=window) as m:
        del data[:base]
        if m.access != READ:
            for _ in range(r.randrange(4)):
                at = r.randrange(len(data))
                piece = bytes(r.choice(b"\0ab") for _ in range(r.randrange(30)))[:len(data) - at]
                m.store(at, piece)
                data[at:at + len(piece)] = piece
        for _ in range(20):
            needle = a_needle(r, bytes(data))
            start, end = sorted(r.choice([0, len(data), r.randrange(len(data) + 1)]) for _ in range(2))
            got = m.find(needle, start, end), m.rfind(needle, start, end)
            want = data.find(needle, start, end), data.rfind(needle, start, end)
            if got != want:
                return f"round {number}: {needle!r:.60} in [{start}, {end}) of {len(data)} from {base}: {got}, want {want}"
    return None


def test_small(folder):
    wrong = [w for n in range(ROUNDS * 10) if (w := small_round(n, folder))]
    t.ok(not wrong, f"{ROUNDS * 10} sparse files are searched as bytes are", "\n".join(wrong[:5]))


def test_large(folder):
    """Islands scattered over 200 GiB: nearer than a block, and farther than many."""
    r = random.Random(SEED)
    size = 200 << 30
    places = sorted({r.choice([r.randrange(size), r.randrange(1 << 30), (7 << 30) + r.randrange(1 << 22)]) // 16 * 16
                     for _ in range(300)})
    path = os.path.join(folder, "large")
    fd = os.open(path, os.O_RDWR | os.O_CREAT)
    os.ftruncate(fd, size)
    for at in places:
        os.pwrite(fd, b"an island", at)
    os.close(fd)
    with Map.open(path, READ) as m:
        right = True
        for _ in range(ROUNDS):
            start, end = sorted(r.choice([0, size, r.randrange(size), r.choice(places) + r.randrange(-9, 10)])
                                for _ in range(2))
            inside = [p for p in places if start <= p and p + 9 <= end] or [-1]
            if (m.find(b"an island", max(start, 0), end), m.rfind(b"an island", max(start, 0), end)) != (inside[0], inside[-1]):
                right = t.ok(False, f"islands in [{start}, {end})", f"want {inside[0]}, {inside[-1]}")
                break
        t.ok(right, f"{len(places)} islands in 200 GiB are found from both sides")
        t.is_(m.find(b"\0" * 1000, (100 << 30) + 9), (100 << 30) + 9, "zeros are found in holes")
    os.unlink(path)


def test_long_needles(folder):
    path = os.path.join(folder, "long")
    r = random.Random(SEED)
    block = r.randbytes(300_000)
    data = block + b"x" + block[:-1] + b"y" + block + b"z"
    with open(path, "wb") as f:
        f.write(data)
    for window in 0, PAGE:
        with Map.open(path, READ, window=window) as m:
            t.is_((m.find(block), m.rfind(block), m.find(block, 1), m.find(block + b"z"), m.rfind(block + b"y")),
                  (0, 600_001, 600_001, 600_001, -1), f"needles longer than what is looked for at once (window {window})")


def test_cut(folder):
    """What was cut off is no match, not even for zeros; what is before it is."""
    path = os.path.join(folder, "cut")
    r = random.Random(SEED)
    wrong = []
    for _ in range(ROUNDS):
        size = r.randrange(2, 30 * PAGE)
        keep = r.randrange(1, size)
        data = bytes(r.choice(b"\0a") for _ in range(size))
        with open(path, "wb") as f:
            f.write(data)
        with Map.open(path, READ, window=r.choice([0, PAGE])) as m:
            os.truncate(path, keep)
            for needle in b"\0", b"\0\0\0", data[keep - 1:keep + 1], data[max(0, keep - 5):keep], b"aaaa":
                got = m.find(needle), m.rfind(needle)
                want = data.find(needle, 0, keep), data.rfind(needle, 0, keep)
                if got != want:
                    wrong.append(f"{needle!r} in {size} cut to {keep}: {got}, want {want}")
    t.ok(not wrong, "what was cut off never matches", "\n".join(wrong[:5]))


def main():
    t.diag(f"SEED={SEED} ROUNDS={ROUNDS}")
    with tempfile.TemporaryDirectory() as folder:
        for test in test_small, test_large, test_long_needles, test_cut:
            with t.case(test.__name__):
                test(folder)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
