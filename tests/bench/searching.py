#!/usr/bin/python3
"""The screen while a search runs: from a key to the next screen, from C-c and Esc to "cancelled"; and replacing beside sed.

    searching.py [--file BIG] [--trials 100] [--dir DIR]

Asserts nothing: it prints medians, the worst, and ratios from one run. Without --file it makes 1 GiB of lines and noise.
"""
import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from screen import SEXTANT, Terminal  # noqa: E402


def make(path, size):
    noise = random.Random(1).randbytes(1 << 20)
    lines = b"".join(b"2026-03-%02d 12:%02d INFO %05d: session started by worker\n" % (i % 28, i % 60, i) for i in range(20000))
    with open(path, "wb") as f:
        while f.tell() < size:
            f.write(noise)
            f.write(lines)


def program(file, home):
    return Terminal([os.path.abspath(SEXTANT), file], 120, 40, env={"HOME": home, "XDG_STATE_HOME": home})


def spread(name, times):
    times.sort()
    at = [times[min(len(times) - 1, int(len(times) * q))] for q in (0.5, 0.9, 0.99)]
    print(f"  {name:34} {len(times):4} times  median {at[0]:6.2f} ms  p90 {at[1]:6.2f}  p99 {at[2]:6.2f}  worst {times[-1]:6.2f}")


def begin(t, pattern, kind):
    t.send("/")
    t.settle(0.02)
    for _ in range({"text": 0, "regex": 2}[kind]):
        t.send("<Tab>")
        t.settle(0.02)
    t.send(pattern)
    t.settle(0.06, 1)
    t.send("<Enter>")


def until(t, what, seconds=20):
    """Whether the bytes `what` come after now."""
    seen, end = len(t.out), time.perf_counter() + seconds
    while time.perf_counter() < end:
        if what in t.out[seen:]:
            return True
        t.read(0.5)
    return False


def key_to_screen(t, key):
    t.settle(0.005, 0.05)
    begun = time.perf_counter()
    t.send(key)
    while t.first is None and time.perf_counter() - begun < 2:
        t.read(0.5)
    return 1e3 * ((t.first or time.perf_counter()) - begun)


def keys(file, home, trials):
    print("key to the first byte of the next screen")
    with program(file, home) as t:
        t.wait("^00000000")
        rest, busy = [], []
        while len(rest) < trials:
            rest.append(key_to_screen(t, "<PgDn>"))
        t.send("g", "g")
        while len(busy) < trials:
            begin(t, "no such words in here %d" % len(busy), "text")
            for _ in range(20):
                if len(busy) < trials:
                    busy.append(key_to_screen(t, random.choice(["<PgDn>", "j", "<PgUp>", "l"])))
            t.send("C-c")
            t.settle(0.05)
        spread("at rest, PgDn", rest)
        spread("during a search", busy)


def cancels(name, file, home, trials, pattern, kind, key):
    times = []
    with program(file, home) as t:
        t.wait("^00000000")
        for _ in range(3 * trials):
            begin(t, pattern, kind)
            t.settle(random.random() * 0.1, 0.1)
            begun = time.perf_counter()
            t.send(key)
            if until(t, b"cancelled at", 2):
                times.append(1e3 * (t.last - begun))
            if len(times) == trials:
                break
            t.settle(0.03)
            t.send("j")
            t.settle(0.03)
    if times:
        spread(name, times)
    else:
        print(f"  {name:34} was never caught running")


def timed(argv, **more):
    """Seconds and the most anonymous memory in MiB."""
    begun, most = time.perf_counter(), 0
    p = subprocess.Popen(argv, stdout=subprocess.DEVNULL, **more)
    while p.poll() is None:
        try:
            with open(f"/proc/{p.pid}/smaps_rollup") as f:
                most = max(most, int(re.search(r"^Anonymous:\s+(\d+)", f.read(), re.M).group(1)))
        except (OSError, AttributeError):
            pass
        time.sleep(0.02)
    return time.perf_counter() - begun, most / 1024


def replacing(file, home, runs=3):
    print("replace INFO by NOTE!, another length, as one step, beside sed to /dev/null")
    sextant, sed, memory = [], [], 0
    env = dict(os.environ, HOME=home, XDG_STATE_HOME=home, LC_ALL="C")
    for _ in range(runs):
        t, mib = timed([os.path.abspath(SEXTANT), "-e", "replace INFO NOTE!", "-e", "quit!", file], env=env)
        sextant.append(t)
        memory = max(memory, mib)
        sed.append(timed(["sed", "s/INFO/NOTE!/g", file], env=env)[0])
    count = subprocess.run([os.path.abspath(SEXTANT), "-e", "count INFO", file], env=env, capture_output=True).stdout.decode().strip()
    a, b = statistics.median(sextant), statistics.median(sed)
    print(f"  {count} places: {a:.2f} s, {memory:.0f} MiB anonymous; sed {b:.2f} s; ratio {a / b:.2f}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--file")
    p.add_argument("--trials", type=int, default=100)
    p.add_argument("--dir")
    a = p.parse_args()
    with tempfile.TemporaryDirectory(dir=a.dir) as home:
        file = a.file or os.path.join(home, "big")
        if not a.file:
            make(file, 1 << 30)
        costly = os.path.join(home, "costly")
        with open(costly, "wb") as f:
            f.write(b"x" * (64 << 20))
        with open(file, "rb") as f:
            shutil.copyfileobj(f, open(os.devnull, "wb"), 1 << 24)
        keys(file, home, 4 * a.trials)
        print("from the key to \"cancelled\" on the screen")
        cancels("literal, C-c", file, home, a.trials, "no such words in here", "text", "C-c")
        cancels("literal, Esc", file, home, a.trials, "no such words in here", "text", "<Esc>")
        cancels("(x+x+)+y, C-c", costly, home, a.trials, "(x+x+)+y", "regex", "C-c")
        cancels("(x+x+)+y, Esc", costly, home, a.trials, "(x+x+)+y", "regex", "<Esc>")
        replacing(file, home)


if __name__ == "__main__":
    main()
