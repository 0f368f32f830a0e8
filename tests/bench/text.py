#!/usr/bin/python3
"""Lines of a large log beside wc, sed, grep and less, interleaved in one run; prints medians and ratios.

    text.py [--runs 5] [--size 2G] [--one 5G] [--line 10000000] [--dir DIR] [log] [one]

Asserts nothing: ratios from one run compare, figures from different machines do not. The log is made from the one in
tests/data and deleted; the cache of line counts is empty at each start, but where it says "again". `one` has the same
bytes with line ends and as one line, twice so many on the disk as `--one` says.
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


def make_log(path, size, ends=b"\n"):
    with open(os.path.join(HERE, "..", "data", "large_log.txt"), "rb") as f:
        block = (f.read() * 64).replace(b"\n", ends)
    with open(path, "wb") as f:
        while f.tell() < size:
            f.write(block)
        f.write(b"the last line" + ends)


def warm(path):
    with open(path, "rb") as f:
        shutil.copyfileobj(f, open(os.devnull, "wb"), 1 << 24)


def size_of(text):
    return int(text[:-1]) << {"M": 20, "G": 30}[text[-1]]


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
        shutil.rmtree(os.path.join(home, "state"), ignore_errors=True)  # what the run before typed is not asked for
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
        print(f"  {name:24} {1e3 * median:9.1f} ms   {next(iter(taken))} is {ours / median:6.2f} of it")
    sys.stdout.flush()


def log_lines(a, home):
    log = os.path.join(home, "big.log")
    make_log(log, size_of(a.size))
    warm(log)
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
    os.remove(log)


def one_line(a, home):
    one, lines = os.path.join(home, "one"), os.path.join(home, "lines")
    make_log(one, size_of(a.one), b" ")
    make_log(lines, size_of(a.one))
    print(f"one line of {os.path.getsize(one)} bytes beside the same with line ends, from the key, {a.runs} runs of each, interleaved")
    shown, end = (None, "F1 help"), (["G"], "the last line")
    for title, *steps in [
            ("the first screen, from the start of the program", shown), ("its end", shown, end),
            ("its middle", shown, ([":", "goto 50%", "<Enter>"], r"50\.0%")),
            ("a search of all of it", shown, (["/", "the last line", "<Enter>"], r"match 1 of 1 ")),
            ("a letter typed in the middle", shown, ([":", "goto 50%", "<Enter>"], r"50\.0%"), (["i"], "INSERT"), (["Q"], r"COPY \+1")),
            ("a letter typed at the end", shown, end, (["i"], "INSERT"), (["Q"], r"COPY \+1"))]:
        warm(one)
        warm(lines)
        compare(title, a.runs, home, one=screen([PROGRAM, "-t", one], *steps), lines=screen([PROGRAM, "-t", lines], *steps))
    os.remove(one)
    os.remove(lines)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--size", default="2G")
    p.add_argument("--one", default="5G")
    p.add_argument("--line", type=int, default=10_000_000)
    p.add_argument("--dir", default=None)
    p.add_argument("part", nargs="*", help="log, one; else both")
    a = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="sextant-text-", dir=a.dir) as home:
        if not a.part or "log" in a.part:
            log_lines(a, home)
        if not a.part or "one" in a.part:
            one_line(a, home)


main()
