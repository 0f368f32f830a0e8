"""Commands by the thousand take the memory of a few: RssAnon of a long script beside that of a short one.

The number of commands is the third argument. Commands that edit leave a history, which may grow; whether documents give
back what they took is tested by the byte in tests/document/test_leak.c.
"""
import os
import random
import sys
import time

from cli import Cli

t = Cli()
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 8000
LOOKING = ["goto {a}", "find dolor all", "rfind zzzz", "slice {a} +20", "count /a[mn]/", "findall nulla max 3", "find {{6? 6? 6?}}",
           "mark m {a} +4 red x", "unmark m", "select {a} +9", "copy", "dump {a} +32", "read 5", "readline", "print u32le(.)",
           "byte {a}", "next zero", "info", "tell", "marks", "search it", "back", "select none", "echo hi", "next change", "reread"]


def peak(commands, count):
    """kB of anonymous memory, the most that was seen; the program is asked all the while."""
    rng = random.Random(1)
    with open(t.path("script.sx"), "w") as file:
        for i in range(count):
            file.write("try " + commands[i % len(commands)].format(a=rng.randrange(700)) + "\n")
        file.write("quit!\n")
    with open(os.devnull, "w") as null:
        process = t.popen(["-s", "script.sx", "lorem.txt"], stdout=null, stderr=null)
        most = 0
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    most = max([most] + [int(line.split()[1]) for line in status if line.startswith("RssAnon")])
            except OSError:
                pass
            time.sleep(0.002)
    return process.returncode, most


code, short = peak(LOOKING, COUNT // 8)
code, long = peak(LOOKING, COUNT)
if "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ:
    t.skip("memory", "sanitizers keep what was freed")
elif short:
    t.ok(code == 0 and long - short <= 256, f"{COUNT} commands, {COUNT // 8} took {short} kB: {long} kB")
else:
    t.skip("memory", "no /proc to look into")

t.done()
