#!/usr/bin/python3
"""Start, memory, page-down and editing beside other editors, interleaved in one run; prints medians and ratios.

    interactive.py [--runs 50] [--pages 200] [--size 4G] [--dir DIR]

Asserts nothing: figures from different machines and minutes do not compare, ratios from one run do. Programs that are
not installed are left out. The first screen is the last byte before the screen shows its first row of offsets.
"""
import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from screen import SEXTANT, Terminal  # noqa: E402

READY = {"sextant": r"^00000000|^000000000|^0+ ", "tweak": r"^0+ ", "hyx": r"^0+> ", "hexedit": r"^0+ "}
PAGE = {"sextant": "<PgDn>", "tweak": "C-v", "hyx": "C-d", "hexedit": "<PgDn>"}


def programs():
    return {"sextant": os.path.abspath(SEXTANT), **{n: shutil.which(n) for n in ("tweak", "hyx", "hexedit") if shutil.which(n)}}


def first_screen(name, path, file, home):
    """Milliseconds from fork to the last byte of the first screen, and the kB of anonymous memory then."""
    with Terminal([path, file], 120, 40, env={"HOME": home, "XDG_STATE_HOME": home}) as t:
        while not t.settle(0.03, 5) or not re.search(READY[name], t.text(), re.M):
            if not t.alive() or time.perf_counter() - t.started > 20:
                return None, None
        return 1e3 * (t.last - t.started), anonymous(t.pid)


def anonymous(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as f:
            return int(re.search(r"^Anonymous:\s+(\d+)", f.read(), re.M).group(1))
    except (OSError, AttributeError):
        return None


def start(file, runs, home):
    print(f"first screen, {os.path.getsize(file)} bytes, {runs} runs of each, interleaved")
    ms = {name: [] for name in programs()}
    memory = {}
    for _ in range(runs):
        for name, path in programs().items():
            t, kb = first_screen(name, path, file, home)
            if t is not None:
                ms[name].append(t)
                memory[name] = kb
    medians = {n: statistics.median(v) for n, v in ms.items() if v}
    best = min((m for n, m in medians.items() if n != "sextant"), default=None)
    for name, m in medians.items():
        ratio = f"  {m / best:5.2f} of the fastest other" if best and name == "sextant" else ""
        print(f"  {name:8} {m:7.2f} ms (min {min(ms[name]):.2f})  anonymous {memory[name]} kB{ratio}")


def pages(file, count, home):
    print(f"page down, {count} times: key to last byte, bytes a page")
    for name, path in programs().items():
        with Terminal([path, file], 120, 40, env={"HOME": home, "XDG_STATE_HOME": home}) as t:
            t.wait(READY[name])
            times, sizes = [], []
            for _ in range(count):
                before, begun = len(t.out), time.perf_counter()
                t.send(PAGE[name])
                while t.first is None and time.perf_counter() - begun < 5:
                    t.read(0.5)
                t.settle(0.012)
                if t.first is not None:
                    times.append(1e3 * (t.last - begun))
                    sizes.append(len(t.out) - before)
            times.sort()
            print(f"  {name:8} median {statistics.median(times):6.2f} ms  p99 {times[int(len(times) * .99) - 1]:6.2f}"
                  f"  max {times[-1]:6.2f}  {int(statistics.median(sizes))} bytes")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--runs", type=int, default=50)
    p.add_argument("--pages", type=int, default=200)
    p.add_argument("--dir")
    a = p.parse_args()
    with tempfile.TemporaryDirectory(dir=a.dir) as home:
        sizes = [("4 GiB", 4 << 30), ("100 GiB", 100 << 30)]
        for label, size in sizes:
            file = os.path.join(home, "sparse")
            with open(file, "wb") as f:
                f.write(os.urandom(1 << 20))
                f.truncate(size)
            print(f"-- {label}, sparse")
            start(file, a.runs, home)
        if os.path.isdir("/dev/shm"):
            with tempfile.NamedTemporaryFile(dir="/dev/shm") as f:
                try:
                    f.truncate(7 << 60)
                    print("-- 7 EiB, sparse, on tmpfs")
                    start(f.name, a.runs, home)
                except OSError as e:
                    print(f"-- 7 EiB: left out, {e}")
        noise = os.path.join(home, "noise")
        with open(noise, "wb") as f:
            for _ in range(64):
                f.write(os.urandom(1 << 20))
        pages(noise, a.pages, home)


if __name__ == "__main__":
    main()
