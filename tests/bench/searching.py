#!/usr/bin/python3
"""The screen while a search runs: from a key to the next screen, from C-c and Esc to "cancelled"; and replacing beside sed.

    searching.py [--file BIG] [--trials 100] [--dir DIR] [keys] [typing] [replace] [CASE...]

Asserts nothing: it prints medians, the worst, and ratios from one run. Without --file it makes 1 GiB of lines and noise.
A CASE is one of those that are cancelled, or the beginning of its name; without any part named all of them run.
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
    """Starts a search as `kind`, or a filter of lines, or the command that `pattern` is."""
    t.send({"command": ":", "filter": "&"}.get(kind, "/"))
    t.settle(0.02)
    for _ in range({"regex": 2}.get(kind, 0)):
        t.send("<Tab>")
        t.settle(0.02)
    t.send(pattern)
    t.settle(0.06, 1)
    t.send("<Enter>")


def until(t, words, seconds):
    """Which of the words, bytes, comes first after now."""
    seen, end = len(t.out), time.perf_counter() + seconds
    while time.perf_counter() < end:
        for word in words:
            if word in t.out[seen:]:
                return word
        t.read(0.5)
    return None


def key_to_screen(t, key):
    """Milliseconds from a key that changes the screen to the first byte of the change."""
    t.settle(0.005, 0.05)
    begun = time.perf_counter()
    t.send(key)
    while t.first is None and time.perf_counter() - begun < 2:
        t.read(0.5)
    return 1e3 * ((t.first or time.perf_counter()) - begun)


MOVES = ["<PgDn>", "j", "l", "<PgDn>", "<PgUp>", "h"]  # each shows something new: what does not is followed by progress only


def keys(file, home, trials):
    print("key to the first byte of the next screen; cat, which only sends it back, is what system and terminal need for it")
    with program(file, home) as t, Terminal(["sh", "-c", "stty raw -echo; echo ready; exec cat"], 20, 2) as cat:
        t.wait("^00000000")
        cat.wait("ready")
        rest, busy, echo = [], [], []
        while len(rest) < trials:
            rest.append(key_to_screen(t, "<PgDn>"))
        t.send("g", "g")
        while len(busy) < trials:
            begin(t, "no such words in here %d" % len(busy), "text")
            for key in MOVES * 3:
                if len(busy) < trials:
                    busy.append(key_to_screen(t, key))
                    echo.append(key_to_screen(cat, "x"))
            t.send("C-c")
            t.settle(0.05)
        spread("at rest, PgDn", rest)
        spread("during a search", busy)
        spread("cat during a search", echo)


def typing(file, home, trials):
    print("a character of what is searched to the screen, while the search for those before it runs")
    with program(file, home) as t, Terminal(["sh", "-c", "stty raw -echo; echo ready; exec cat"], 20, 2) as cat:
        t.wait("^00000000")
        cat.wait("ready")
        typed, echo = [], []
        while len(typed) < trials:
            t.send("/")
            t.settle(0.02)
            for key in ["n", "o", " ", "s", "u", "c", "h", "Q", "<BS>", "<BS>", "X"]:
                typed.append(key_to_screen(t, key))
                echo.append(key_to_screen(cat, "x"))
            t.send("<Esc>")
            t.settle(0.05)
        spread("typed", typed)
        spread("cat meanwhile", echo)


# name: (file, pattern, kind), see begin. Files of one byte x are where these never end; what recurses is run by the interpreter.
CANCELS = {
    "literal": ("big", "no such words in here", "text"),
    "nested 1M": ("x1", "(x+)+$q", "regex"),
    "nested 1G": ("x1024", "(x+x+)+y", "regex"),
    "twice 1M": ("x1", "x*x*[yq]", "regex"),
    "twice 1G": ("x1024", "x*x*[yq]", "regex"),
    "stars 1M": ("x1", "(.*)*z", "regex"),
    "stars 1G": ("x1024", "(.*)*z", "regex"),
    "recursion 1M": ("x1", "(x|x(?1))+z", "regex"),
    "recursion 1G": ("x1024", "(x|x(?1))+z", "regex"),
    "interpreter 1M": ("x1", "(?:(x+x+)+y|(?!)(?1))", "regex"),
    "interpreter 1G": ("x1024", "(?:x*x*[yq]|(?!)(x)(?1))", "regex"),
    "count": ("x1", "count /x*x*[yq]/", "command"),
    "rfind": ("x1", "rfind /x*x*[yq]/ 0:1000000", "command"),
    "all, looking": ("x1", "replace! /x*x*[yq]/ a", "command"),
    "all, building": ("x1024", "replace! x ab", "command"),
    "lines": ("x1", "x*x*[yq]", "filter"),
}


def costly(home, name, big):
    path = os.path.join(home, name)
    if name == "big":
        return big
    if not os.path.exists(path):
        with open(path, "wb") as f:
            for _ in range(int(name[1:])):
                f.write(b"x" * (1 << 20))
    return path


def cancelled_in(t, key):
    """Milliseconds from the key to "cancelled" on the screen, None where the search was over before."""
    if until(t, [b"gave up"], random.random() * 0.1):
        return None
    begun = time.perf_counter()
    t.send(key)
    return 1e3 * (t.last - begun) if until(t, [b"cancelled at", b"gave up"], 1) == b"cancelled at" else None


def cancels(name, home, big, trials):
    file, pattern, kind = CANCELS[name]
    times, over = {"C-c": [], "<Esc>": []}, 0
    with program(costly(home, file, big), home) as t:
        t.wait("^00000000")
        for trial in range(trials):
            key = ("C-c", "<Esc>")[trial % 2]
            begin(t, pattern, kind)
            took = cancelled_in(t, key)
            if took is not None:
                times[key].append(took)
            over += took is None
            t.send("e")  # no such key, it says: what is said next is seen to come
            t.settle(0.02)
    for key, took in times.items():
        if took:
            spread(f"{name}, {key}", took)
    if over:
        print(f"  {name:34} {over:4} times it was over before")


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


def answer_to(t, key, word):
    """Milliseconds from the key to the word."""
    begun = time.perf_counter()
    t.send(key)
    t.wait(word)
    took = 1e3 * (t.last - begun)
    t.settle(0.02)
    return took


def replacing(file, home, runs=3):
    print("replace INFO by NOTE!, another length, as one step, beside sed to /dev/null")
    sextant, search, sed, memory = [], [], [], 0
    env = dict(os.environ, HOME=home, XDG_STATE_HOME=home, LC_ALL="C")
    for _ in range(runs):
        t, mib = timed([os.path.abspath(SEXTANT), "-e", "replace INFO NOTE!", "-e", "quit!", file], env=env)
        sextant.append(t)
        search.append(timed([os.path.abspath(SEXTANT), "-e", "count INFO", file], env=env)[0])
        memory = max(memory, mib)
        sed.append(timed(["sed", "s/INFO/NOTE!/g", file], env=env)[0])
    count = subprocess.run([os.path.abspath(SEXTANT), "-e", "count INFO", file], env=env, capture_output=True).stdout.decode().strip()
    a, b, alone = statistics.median(sextant), statistics.median(sed), statistics.median(search)
    print(f"  {count} places: {a:.2f} s, {a - alone:.2f} more than to count them, {memory:.0f} MiB anonymous; "
          f"sed {b:.2f} s; ratio {a / b:.2f}")
    with program(file, home) as t:
        begin(t, "replace! INFO NOTE!", "command")
        t.wait("[0-9] replaced", 120)
        spread("undo of all of them, on the screen", [answer_to(t, *step) for step in [("u", "undone"), ("U", "redone")] * 10])


def parts(wanted):
    """Which of keys, typing, replace and the cases to run."""
    known = ["keys", "typing", *CANCELS, "replace"]
    return [k for k in known if not wanted or any(k.startswith(w) for w in wanted)]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--file")
    p.add_argument("--trials", type=int, default=100)
    p.add_argument("--dir")
    p.add_argument("part", nargs="*")
    a = p.parse_args()
    with tempfile.TemporaryDirectory(dir=a.dir) as home:
        file = a.file or os.path.join(home, "big")
        if not a.file:
            make(file, 1 << 30)
        with open(file, "rb") as f:
            shutil.copyfileobj(f, open(os.devnull, "wb"), 1 << 24)
        for part in parts(a.part):
            if part == "keys":
                keys(file, home, 4 * a.trials)
            elif part == "typing":
                typing(file, home, 4 * a.trials)
            elif part == "replace":
                replacing(file, home)
            else:
                cancels(part, home, file, a.trials)


if __name__ == "__main__":
    main()
