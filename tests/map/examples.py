#!/usr/bin/python3
"""The examples of doc/mapping.md in Python, through ctypes: reading, writing, a copy, a log, sharing, a walk, memory."""
import multiprocessing
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
import sextant  # noqa: E402
from sextant import COPY, READ, WRITE, Map  # noqa: E402
from tap import Tap  # noqa: E402

LOREM = os.path.join(HERE, "..", "data", "lorem.txt")
LOG = os.path.join(HERE, "..", "data", "large_log.txt")
t = Tap()


def contents(path):
    with open(path, "rb") as f:
        return f.read()


def reading(_folder):
    with Map.open(LOREM, READ) as m:
        t.is_([m.read(10), m[0:10], m.read(10)], [b"Lorem ipsu", b"Lorem ipsu", b"m dolor si"], "1. reading")


def writing(folder):
    path = shutil.copy(LOREM, folder)
    before = contents(path)
    with Map.open(path, WRITE) as m:
        at = m.find(b"consectetuer")
        m[at:at + 12] = b"consectetuer"[::-1]
        m.flush()
        line = m.readline()
        t.is_(before[at:at + 12], b"consectetuer", "2. the word was there")
        t.is_(m[at:at + 12], b"reutetcesnoc", "2. and is reversed")
        with open(path, "rb") as f:
            t.is_(line, f.readline(), "2. the line, read by the map and from the file")
        t.is_(contents(path), before.replace(b"consectetuer", b"reutetcesnoc", 1), "2. nothing else changed")


def copy_mode(folder):
    path = shutil.copy(LOREM, folder)
    with Map.open(path, COPY) as m:
        at = m.find(b"consectetuer")
        m[at:at + 12] = b"reutetcesnoc"
        m.flush()
        t.is_((m[at:at + 12], contents(path)[at:at + 12]), (b"reutetcesnoc", b"consectetuer"), "3. memory new, file old")
        m.write_through()
        t.is_(contents(path)[at:at + 12], b"reutetcesnoc", "3. until it is written through")


def log(folder):
    path = shutil.copy(LOG, folder)
    with Map.open(path, WRITE) as m:
        at = m.find(b"ERROR")
        t.ok(at >= 0, "5. the log has an ERROR")
        m[at:at + 5] = b"FIXED"
        t.is_(m[at:at + 5], b"FIXED", "5. which is overwritten")
        try:
            m[at:at + 5] = b"FAILED"
            said = "nothing"
        except sextant.Error as e:
            said = f"{e.kind} {e.text}"
        t.ok(said.startswith("length") and "5" in said and "6" in said, f"5. another length is refused: {said}")
    t.is_(contents(path), contents(LOG)[:at] + b"FIXED" + contents(LOG)[at + 5:], "5. five bytes changed")


def other_process(path, pipe):
    with Map.open(path, WRITE) as m:
        pipe.recv()
        pipe.send(m[0:5])


def sharing(folder):
    path = shutil.copy(LOREM, folder)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=other_process, args=(path, theirs))
    process.start()
    with Map.open(path, WRITE) as m:
        m[0:5] = b"HELLO"
        ours.send("look")
        t.is_(ours.recv(), b"HELLO", "6. another process sees what one assigns")
    process.join()


def walking(folder):
    path = os.path.join(folder, "walk")
    block = bytes(range(256)) * 256
    with open(path, "wb") as f:
        for _ in range(100):
            f.write(block)
    with Map.open(path, READ) as m:
        processed = steps = 0
        right = True
        while processed <= 640 << 10:  # tests/bench/walk.c goes on to 10 MB, in C
            m.seek(64, 1)
            here = m.tell()
            right = right and m.read_into(64) == (block + block)[here % 65536:here % 65536 + 64]
            m.seek(-64 - 32, 1)
            right = right and m.peek(m.tell(), 64) == (block + block)[(here - 32) % 65536:(here - 32) % 65536 + 64]
            processed += 128
            steps += 1
        t.ok(right and m.tell() == steps * 32, "7. walking +64, -32")


def anonymous(folder):
    path = os.path.join(folder, "written out")
    with Map.anonymous(1 << 20) as m:
        m[:] = b"0123456789abcdef" * (1 << 16)
        m[700_000:700_006] = b"needle"
        t.is_((m.find(b"needle"), m.rfind(b"9abcdef0", 0)), (700_000, (1 << 20) - 23), "8. memory, filled and searched")
        m.resize(2 << 20)
        m.resize(700_010)
        with Map.open(path, WRITE, length=len(m), flags=sextant.CREATE | sextant.EXTEND) as out:
            out[:] = m[:]
        t.ok(os.path.getsize(path) == 700_010 and contents(path)[-10:-4] == b"needle", "8. resized, written to a new file")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for example in reading, writing, copy_mode, log, sharing, walking, anonymous:
            with t.case(example.__name__):
                example(folder)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
