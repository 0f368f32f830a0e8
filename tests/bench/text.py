#!/usr/bin/python3
"""Lines of a large log beside wc, sed, grep and less, interleaved in one run; prints medians and ratios.

    text.py [--runs 5] [--size 2G] [--line 10000000] [--dir DIR]

Asserts nothing: ratios from one run compare, figures from different machines do not. The log is made from the one in
tests/data and deleted; the cache of line counts is empty at each start, but where it says "again".
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from screen import SEXTANT, Terminal  # noqa: E402

PROGRAM = os.path.abspath(SEXTANT)


def make_log(path, size):
    with open(os.path.join(HERE, "..", "data", "large_log.txt"), "rb") as f:
        block = f.read() * 64
    with open(path, "wb") as f:
        while f.tell() < size:
            f.write(block)
        last = f.tell()
        f.write(b"the last line\n")
    return last


def command(*argv):
    def run(home):
        began = time.perf_counter()
        subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                       env={**os.environ, "HOME": home})
        return time.perf_counter() - began
    return run


def screen(argv, *steps, warm=False):
    """Seconds from the last of the keys (or the start) until the screen holds what it should. steps: keys, pattern."""
    def run(home):
        if not warm:
            shutil.rmtree(os.path.join(home, "cache"), ignore_errors=True)
        env = {"HOME": home, "XDG_STATE_HOME": home + "/state", "XDG_CACHE_HOME": home + "/cache", "LESSHISTFILE": "-"}
        with Terminal(list(argv), 120, 40, env=env) as t:
            began = t.started
            for keys, pattern in steps:
                if keys:
                    began = time.perf_counter()
                    t.send(*keys)
                t.wait(pattern, timeout=120)
            return t.last - began
    return run


def compare(title, runs, home, **ways):
    """Run each way `runs` times, in turns; the first one is ours."""
    taken = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            taken[name].append(way(home))
    ours = statistics.median(next(iter(taken.values())))
    print(title)
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"  {name:24} {1e3 * median:9.1f} ms   sextant is {ours / median:6.2f} of it")
    sys.stdout.flush()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--size", default="2G")
    p.add_argument("--line", type=int, default=10_000_000)
    p.add_argument("--dir", default=None)
    a = p.parse_args()
    size = int(a.size[:-1]) << {"M": 20, "G": 30}[a.size[-1]]
    with tempfile.TemporaryDirectory(prefix="sextant-text-", dir=a.dir) as home:
        log, one = os.path.join(home, "big.log"), os.path.join(home, "one")
        make_log(log, size)
        with open(one, "wb") as f:
            f.truncate(5_000_000_000)
            f.seek(4_999_999_000)
            f.write(b"abcdefghij" * 100)
        line, text = str(a.line), (PROGRAM, "-t")
        print(f"{os.path.getsize(log)} bytes of log, {a.runs} runs of each, interleaved")
        compare(f"line {line}, from the shell", a.runs, home, sextant=command(PROGRAM, "-e", f"line {line}", log),
                wc=command("wc", "-l", log), sed=command("sed", "-n", f"{line}{{p;q}}", log))
        compare(f"line {line}, on the screen, from the start of the program", a.runs, home,
                sextant=screen([*text, "+" + line, log], (None, rf"^ *{line}  ")),
                again=screen([*text, "+" + line, log], (None, rf"^ *{line}  "), warm=True),
                less=screen(["less", f"+{line}g", log], (None, r"took=")), wc=command("wc", "-l", log))
        compare("last line, from the start of the program", a.runs, home,
                sextant=screen([*text, log], (None, r"F1 help"), (["G"], r"the last line")),
                less=screen(["less", log], (None, r"took="), (["G"], r"the last line")),
                tail=command("tail", "-n", "40", log))
        compare("only lines with ERROR.*took=1[0-9]{3}, all of them", a.runs, home,
                sextant=screen([*text, log], (None, "F1 help"),
                               (["&", "ERROR.*took=1[0-9]{3}", "<Enter>"], "only lines with .* matches")),
                grep=command("grep", "-cE", "ERROR.*took=1[0-9]{3}", log),
                less=screen(["less", "+&ERROR.*took=1[0-9]{3}\nG", log], (None, r"\(END\)")))
        compare("one line of 5 GB: its end, from the key", a.runs, home,
                sextant=screen([*text, one], (None, "F1 help"), (["G"], "abcdefghij")),
                lines=screen([*text, log], (None, "F1 help"), (["G"], "the last line")))


main()
