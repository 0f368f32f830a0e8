#!/usr/bin/python3
"""Make the pictures of the documentation: the real program in a real pty, its screen drawn as SVG.

    doc/pictures/make.py        writes doc/pictures/*.svg from build/sextant

The files that are shown are made here, the same every time.
"""
import os
import random
import struct
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "tests", "support")]
import svg  # noqa: E402
from screen import SEXTANT, Terminal  # noqa: E402


def firmware(path, size=1 << 16):
    """An ELF header, some strings, some code-like noise, some zeros: what firmware looks like."""
    noise = random.Random(7)
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0x11750, 64, 0x1348B0, 0, 64, 56, 13, 64, 29, 28)
    text = b"/lib64/ld-linux-x86-64.so.2\0GNU\0boot: v2.13 build 4471, all good, no panic\n\0%s: not found\0%s: %d left\0"
    body = bytearray(head + text)
    while len(body) < size:
        body += noise.choice([lambda: noise.randbytes(96), lambda: bytes(64), lambda: b"GNU\0", lambda: b"timeout after %d ms\0"])()
    with open(path, "wb") as f:
        f.write(body[:size])


def log(path, lines=20000):
    """What a server writes all day."""
    pick = random.Random(7)
    words = ["GET /index.html 200", "GET /api/größe 200", "POST /login 302", "GET /missing 404", "user Ångström signed in",
             "ERROR upstream timed out (110)", "WARN retrying in 5 s", "cache hit 98 %"]
    with open(path, "w", encoding="utf-8") as f:
        for i in range(lines):
            f.write(f"2026-03-14 {i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02}  {pick.choice(words)}  {pick.randrange(1, 900)} ms\n")


PICTURES = {
    "look": (firmware, 80, 24, []),
    "search": (firmware, 80, 24, ["/", "GNU", "Enter", "n"]),
    "patch": (firmware, 100, 30, [":0x10", "Enter", "R", "7574", "Esc", "/", "GNU", "Enter"]),
    "insert": (firmware, 80, 24, [":0x40", "Enter", "i", "Tab", "Sextant"]),
    "help": (firmware, 80, 24, ["<F1>"]),
    "matches": (firmware, 80, 24, ["/", "Tab", "Tab", "(time)out (after|before)", "Enter", "g/", "Down"]),
    "text": (log, 100, 24, ["x", "/", "ERROR|WARN", "Enter", "n", "n"]),
    "replace": (log, 100, 24, ["x", ":", 'replace /ERROR (\\w+)/ "FIXED \\1"', "Enter"]),
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, columns, rows, keys) in PICTURES.items():
            path = os.path.join(folder, "firmware.bin" if make == firmware else "server.log")
            make(path)
            with Terminal([os.path.abspath(SEXTANT), path], columns, rows, env={"XDG_STATE_HOME": os.path.join(folder, name)}, faithful=True) as t:
                t.wait("00000000")
                for key in keys:
                    t.send(key)
                    t.settle(0.15)
                t.settle(0.5)
                t.text()
                with open(os.path.join(HERE, name + ".svg"), "w") as out:
                    out.write(svg.draw(t.screen))
            print(name)


if __name__ == "__main__":
    main()
