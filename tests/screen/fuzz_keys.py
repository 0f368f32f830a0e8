"""fuzz_keys.py [SECONDS]: random keys, torn sequences, mouse, pastes and sizes; SEED repeats a run.

READ: whatever is typed, the program does not die and the file stays as it is. BROWSE: no single key changes a byte, as
long as nothing was selected, copied, changed or undone before.
"""
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, Tap, session  # noqa: E402
from screen import KEYS, key_bytes  # noqa: E402

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 31)))
PRINTING = [chr(c) for c in range(0x20, 0x7F)]
# Not g and then a, nor C or the palette: they are asked for another access, and may get it.
RISKY = {"a", "C"}
NAMED = [f"<{k}>" for k in KEYS if k not in ("F9",)]
CONTROL = [f"C-{c}" for c in "abcdefghijklmnopqrstuvwxyz_]" if c not in "zc"] + ["C-Space"]
ALT = [f"M-{c}" for c in "abcdefghijklmnopqrsuvwy<>[O"] + ["M-Left", "M-Right"]
MODIFIED = [f"{m}-{k}" for m in ("S", "C", "M") for k in ("Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDn")]
TORN = [b"\x1b", b"\x1b[", b"\x1b[1;", b"\x1bO", b"\x1b[<0;3", b"\x1b[200~x", b"\x1b[M", b"\xff", b"\xe2\x82", b"\x1b]0;x", b"\0"]
SIZES = [(80, 24), (120, 40), (1, 1), (20, 5), (79, 11), (43, 7), (200, 50), (3, 90)]


def typed(rng):
    """Bytes of one thing that a person, or a bad line, may send."""
    kind = rng.random()
    if kind < 0.5:
        return key_bytes(rng.choice([k for k in PRINTING if k not in RISKY]))
    if kind < 0.65:
        return key_bytes(rng.choice(NAMED))
    if kind < 0.78:
        return key_bytes(rng.choice(CONTROL))
    if kind < 0.83:
        return key_bytes(rng.choice(ALT + MODIFIED))
    if kind < 0.88:
        return rng.choice(TORN)
    if kind < 0.93:
        button = rng.choice((0, 0, 32, 64, 65, 2, 35))
        return b"\x1b[<%d;%d;%d" % (button, rng.randrange(1, 130), rng.randrange(1, 50)) + rng.choice((b"M", b"m"))
    if kind < 0.95:
        return b"\x1b[200~" + bytes(rng.randrange(1, 255) for _ in range(rng.randrange(20))) + b"\x1b[201~"
    return b"\x1b"


def restarted(rng, *argv):
    width, height = rng.choice(SIZES[:2])
    t = session("firmware.bin", FIRMWARE, *argv, columns=width, rows=height)
    t.wait(lambda text: "7f 45" in text)
    return t


def read_only(rng, tap):
    end = time.monotonic() + SECONDS
    sent, recent = 0, []
    t = restarted(rng, "-R")
    try:
        while time.monotonic() < end:
            data = typed(rng)
            recent = (recent + [data])[-40:]
            t.send_bytes(data)
            sent += 1
            if rng.random() < 0.02:
                t.resize(*rng.choice(SIZES))
            t.read(0.03 if rng.random() < 0.05 else 0)
            if not t.alive():
                how = t.wait_exit()
                if how != "exit 0" or t.content("firmware.bin") != FIRMWARE:
                    break
                t.close()
                t = restarted(rng, "-R")
        t.settle(0.1, 3)
        t.send_bytes(b"\x03\x03\x03")
        t.settle(0.1, 3)
        how = t.how()
        tap.ok(how in ("alive", "exit 0"), f"READ: {sent} random keys, seed {SEED}: {how}",
               f"last typed: {recent}\n{t.text()}")
        tap.ok(t.content("firmware.bin") == FIRMWARE, "READ: the file is as it was", f"last typed: {recent}")
    finally:
        t.close()


def browse(rng, tap):
    """One key, and then C-c until BROWSE is back: nothing is changed."""
    end = time.monotonic() + SECONDS
    singles = PRINTING + NAMED + CONTROL + [k for k in ALT + MODIFIED]
    guilty = None
    t = restarted(rng)
    count = 0
    try:
        order = rng.sample(singles, len(singles))
        while time.monotonic() < end or count < len(singles):
            key = order[count % len(order)]
            count += 1
            t.send(key)
            t.read(0.002)
            t.send_bytes(b"\x03\x03\x03\x03")
            if count % 10 == 0:
                t.settle(0.03, 3)
            if not t.alive():
                if t.wait_exit() != "exit 0":
                    guilty = f"{key}: {t.how()}"
                    break
                t.close()
                t = restarted(rng)
            elif count % 10 == 0 and " +" in t.line(0):
                guilty = f"one of {order[(count - 10) % len(order):count % len(order)]}\n{t.text()}"
                break
        tap.ok(guilty is None, f"BROWSE: {count} single keys change nothing, seed {SEED}", guilty or "")
        tap.ok(t.content("firmware.bin") == FIRMWARE, "BROWSE: the file is as it was")
    finally:
        t.close()


def main():
    tap = Tap()
    print(f"# SEED={SEED}")
    read_only(random.Random(SEED), tap)
    browse(random.Random(SEED + 1), tap)
    tap.done()


main()
