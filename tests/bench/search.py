#!/usr/bin/python3
"""Searches beside rg, grep, ugrep and a bare pass over memory: the same warm file, interleaved; medians and ratios.

    search.py [--runs 5] [--patience 5] [--size 4G] [--file FILE] [--dir DIR] [CASE...]

Without a file it makes one: noise, log lines and zeros by turns, one needle near the end. Asserts nothing: figures from
different machines and minutes do not compare, ratios from one run do. Programs that are not installed are left out; one that took
longer than so many seconds the first time is not run again, and marked.
"""
import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BUILD", os.path.join(HERE, "..", "..", "build"))
SEXTANT = os.path.join(BUILD, "sextant")
BENCH = os.path.join(BUILD, "tests", "bench", "search_bench")
MIB = 1 << 20
NEEDLE = "XNEEDLE-7f3a9c-UNIQUEX"
QUAD = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"
WORDS = "FATAL|timeout|refused|denied|XNEEDLE"

# name: (pattern of ours, pattern of theirs, options of theirs, which of them); a literal is -F
CASES = {
    "literal near the end": (f'"{NEEDLE}"', NEEDLE, "-F", "rg grep ugrep"),
    "literal absent": ('"XABSENT-0badc0de"', "XABSENT-0badc0de", "-F", "rg grep ugrep"),
    "ignore case": (f'"{NEEDLE.lower()}" nocase', NEEDLE.lower(), "-F -i", "rg grep ugrep"),
    "hex with wildcards": ("{ 7f 45 4? 46 ?? 0? }", r"(?s-u)\x7fE[@-O]F.[\x00-\x0f]", "", "rg"),
    "number": ("u32le = 0x464c457f", r"(?-u)\x7fELF", "", "rg"),
    "regex with a literal": ("/ERROR [0-9]{4}: [a-z]+/", "ERROR [0-9]{4}: [a-z]+", "", "rg rg-P grep-E grep-P ugrep"),
    "regex with one inside": ("/[a-z]+-7f3a9c-[A-Z]+/i", "(?i)[a-z]+-7f3a9c-[A-Z]+", "", "rg rg-P grep-P"),
    "regex led by a class": (f"/{QUAD}/", QUAD, "", "rg rg-P grep-E grep-P ugrep"),
    "one byte, all of them": ('"e"', "e", "-F", "rg-all"),
    "zeros, all of them": ("{ 00 }", r"(?-u)\x00", "", "rg-all"),
    "five words": (f"/{WORDS}/", WORDS, "", "rg rg-P grep-E grep-P ugrep"),
}
PEERS = {
    "rg-all": ["rg", "-a", "--count-matches"],
    "rg": ["rg", "-a", "-c"], "rg-P": ["rg", "-P", "-a", "-c"], "grep": ["grep", "-a", "-c"],
    "grep-E": ["grep", "-aE", "-c"], "grep-P": ["grep", "-aP", "-c"], "ugrep": ["ugrep", "-a", "-c", "-U"],
}


def make(path, size):
    """Blocks of 1 MiB as on a disk: noise, log, zeros."""
    rng = random.Random(1)
    noise = [rng.randbytes(MIB) for _ in range(4)]
    lines = "".join(f"2026-11-{rng.randrange(1, 29):02} {rng.choice(['INFO', 'WARN', 'DEBUG', 'ERROR'])} "
                    f"{rng.randrange(10000):04}: {rng.choice(['request', 'reply', 'retry'])} from "
                    f"{'.'.join(str(rng.randrange(256)) for _ in range(4))} took {rng.randrange(900)} ms\n"
                    for _ in range(20000)).encode()
    log = [lines[i * MIB // 4:][:MIB] for i in range(3)]
    with open(path, "wb") as f:
        for i in range(size // MIB):
            f.write({1: log[0], 2: bytes(MIB), 5: log[1], 6: log[2]}.get(i % 8, noise[i % 4]))
        f.seek(size - MIB + 12345)
        f.write(NEEDLE.encode())


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(command):
    begin, used = time.perf_counter(), cpu()
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"}).stdout
    return time.perf_counter() - begin, cpu() - used, out.decode(errors="replace").strip()[:40]


def inside(command):
    """A program that prints its own seconds."""
    used = cpu()
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.split()
    return float(out[0]), cpu() - used, out[1].decode()


def interleaved(rows, a):
    """Median seconds, of the clock and of processors, and last output of each row; the first pass counts for slow ones alone."""
    seconds, used = {name: [] for name in rows}, {name: [] for name in rows}
    said, slow = {}, set()
    for turn in range(a.runs + 1):
        for name, (how, command) in rows.items():
            if name in slow:
                continue
            took, busy, said[name] = how(command)
            if turn == 0 and took > a.patience:
                slow.add(name)
                said[name] += " (once)"
            if turn or name in slow:
                seconds[name].append(took)
                used[name].append(busy)
    return {n: statistics.median(t) for n, t in seconds.items()}, {n: statistics.median(t) for n, t in used.items()}, said


def show(title, rows, a, against):
    median, used, said = interleaved(rows, a)
    print(f"{title}")
    for name, took in sorted(median.items(), key=lambda item: item[1]):
        ratios = "  ".join(f"{took / median[other]:5.2f} x {other}" for other in against if other in median and other != name)
        print(f"    {name:28} {took:8.3f} s  {used[name]:7.3f} s of processors  {said[name]:>20}   {ratios}")
    print(flush=True)


def memory(file):
    return {f"memory, {n} threads": (inside, [BENCH, "sum", str(n), file]) for n in (1, len(os.sched_getaffinity(0)))}


def case(name, file):
    ours, theirs, options, names = CASES[name]
    rows = memory(file)
    rows["sextant"] = (timed, [SEXTANT, "-e", f"count {ours}", file])
    for peer in names.split():
        if shutil.which(PEERS[peer][0]):
            rows[peer] = (timed, PEERS[peer] + options.split() + ["-e", theirs, file])
    return rows


def first_only(file):
    rows = {"sextant": (timed, [SEXTANT, "-e", f"find /{QUAD}/", file])}
    for peer in ("rg", "rg-P", "grep-E"):
        if shutil.which(PEERS[peer][0]):
            rows[peer] = (timed, [o for o in PEERS[peer] if o != "-c"] + ["-m1", "-o", "-e", QUAD, file])
    return rows


def edited(file):
    pattern = f'"{NEEDLE}"'
    return {"sextant, the file": (inside, [BENCH, "plain", pattern, file]),
            "sextant, 100000 pieces": (inside, [BENCH, "edited", "100000", pattern, file]),
            "quad, the file": (inside, [BENCH, "plain", f"/{QUAD}/", file]),
            "quad, 100000 pieces": (inside, [BENCH, "edited", "100000", f"/{QUAD}/", file])}


def sparse(folder):
    """100 GiB with 1000 islands of 4 KiB."""
    path = os.path.join(folder, "sparse")
    with open(path, "wb") as f:
        for i in range(1000):
            f.seek(i * 100 * MIB + 4096)
            f.write(b"island" * 682)
        f.truncate(100 << 30)
    return {"sextant": (timed, [SEXTANT, "-e", f'count "{NEEDLE}"', path]),
            "sextant, all islands": (timed, [SEXTANT, "-e", "count island", path])}


def size_of(text):
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    return int(text[:-1]) * units[text[-1]] if text[-1] in units else int(text)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--patience", type=float, default=5, help="seconds")
    p.add_argument("--size", default="4G")
    p.add_argument("--file")
    p.add_argument("--dir", default=tempfile.gettempdir())
    p.add_argument("case", nargs="*")
    a = p.parse_args()
    memories = [f"memory, {n} threads" for n in {1, len(os.sched_getaffinity(0))}]
    with tempfile.TemporaryDirectory(dir=a.dir) as folder:
        file = a.file
        if not file:
            file = os.path.join(folder, "mixed")
            make(file, size_of(a.size))
        print(f"{file}, {os.path.getsize(file)} bytes, {a.runs} runs of each, interleaved; load {os.getloadavg()[0]:.1f}\n")
        for name in CASES:
            if not a.case or name in a.case:
                show(name, case(name, file), a, memories[-1:] + ["rg", "rg-P"])
        if not a.case or "first only" in a.case:
            show("first only, led by a class", first_only(file), a, ["rg"])
        if not a.case or "edited" in a.case:
            show("an edited document", edited(file), a, ["sextant, the file", "quad, the file"])
        if not a.case or "sparse" in a.case:
            show("100 GiB sparse, 1000 islands", sparse(folder), a, [])


main()
