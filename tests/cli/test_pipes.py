"""stdin, pipes, readers that go away, SIGINT, and the dump where stdout is no terminal."""
import os
import re
import signal
import subprocess
import time

from cli import Cli

t = Cli()
lorem = t.read("lorem.txt")

# the dump
plain = t.check("no command, no terminal: the whole file in rows", ["lorem.txt"],
                out=lambda out: out.count(b"\n") == 47 and out.startswith(b"00000000  4c 6f 72 65 6d 20 69 70  73 75 6d 20"))[1]
t.script("the same as dump", ["dump"], out=plain)
coloured = t.check("--color brings colours", ["--color", "lorem.txt"], out=lambda out: b"\x1b[" in out)[1]
t.equal(re.sub(rb"\x1b\[[0-9;]*m", b"", coloured), plain, "and nothing else")
t.check("two files", ["lorem.txt@0+16", "lorem.txt@16+16"], out=lambda out: out.count(b":\n") == 2 and out.count(b"\n") == 4)
t.write("empty", b"")
t.check("an empty file has no rows", ["empty"], out="")
t.check("a missing file", ["nosuch"], out="", code=3, err=lambda err: "nosuch" in err)

# stdin
t.check("- reads stdin", ["-e", "length", "-e", "find dolor", "-"], input=lorem, out="737\n0xc\n")
t.check("- dumps stdin", ["-"], input=lorem, out=plain)
t.check("stdin may be empty", ["-e", "length", "-"], out="0\n")
t.check("a large pipe", ["-e", "length", "-e", "rfind needle all", "-"], input=b"x" * 3000000 + b"needle",
        out=f"3000006\n{3000000:#x}\n")
t.check("stdin can be changed and written elsewhere", ["-e", "replace Lorem LOREM", "-e", "write made.txt", "-"], input=lorem,
        out=lambda out: out.startswith(b"1\ncopy\t"))
t.equal(t.read("made.txt"), lorem.replace(b"Lorem", b"LOREM"), "all of it")
out = subprocess.run(["bash", "-c", f"{t.program} -e length -e 'slice 0:5' <(cat lorem.txt)"], cwd=t.folder, env=t.environment(),
                     stdout=subprocess.PIPE).stdout
t.equal(out, b"737\nLorem\n", "a pipe of the shell's")

# readers that go away: quiet, and quick
os.truncate(os.open(t.path("large.bin"), os.O_CREAT | os.O_RDWR), 1 << 30)
begun = time.monotonic()
process = t.popen(["large.bin"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
process.stdout.read(1000)
process.stdout.close()
err = process.stderr.read()
t.equal((process.wait(20), err), (0, b""), "a dump ends quietly when nobody reads")
process = t.popen(["-e", "slice all as hex", "-e", "write other", "large.bin"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
process.stdout.read(1000)
process.stdout.close()
err = process.stderr.read()
t.equal((process.wait(20), err), (4, b""), "commands are cut off, quietly, with the code of a cancel")
t.ok(t.read("other") is None, "and those behind do not run")
t.ok(time.monotonic() - begun < 10, "soon")
if os.path.exists("/dev/full"):
    with open("/dev/full", "wb") as full:
        process = t.popen(["lorem.txt"], stdout=full, stderr=subprocess.PIPE)
        err = process.communicate()[1]
    t.ok(process.returncode == 3 and err.startswith(b"sextant: cannot write results: "), f"a full disk is said: {err!r}")

# order: a message comes behind the results before it
process = t.popen(["-e", "tell", "-e", "try find zzz", "-e", "tell", "lorem.txt"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
lines = process.communicate()[0].split(b"\n")
t.ok(lines[0] == b"0x0" and b"find" in lines[1] and lines[2] == b"0x0", "results and messages keep their order")

# SIGINT
def interrupted(name, args, seconds=0.4, **more):
    process = t.popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    time.sleep(seconds)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    took = time.monotonic() - begun
    if not t.ok(process.returncode == 4 and took < 5, f"SIGINT: {name}"):
        print(f"# {process.returncode} after {took:.1f} s: {out!r:.200} {err!r:.300}")
    return out, err


with open(t.path("large.bin"), "r+b") as file:  # data, not holes
    file.truncate(0)
    for _ in range(200):
        file.write(b"\xaa" * (1 << 20))
out, err = interrupted("a long transformation", ["-e", "xor all {01}", "-e", "write", "large.bin"], 0.05)
t.ok(t.read("large.bin")[:100] == b"\xaa" * 100, "nothing was written")
silent, held_open = os.pipe()
out, err = interrupted("a pipe that does not end", ["-e", "length", "-e", "tell", "-"], stdin=silent)
t.ok(out == b"" and err == b"sextant: stdin: cancelled\n", f"no command ran, and that is said: {err!r}")
# progress, only where stderr is a terminal, only of what lasts
def on_terminal(args, seconds):
    """What a terminal on stderr sees while stdin stays open that long; and stdout."""
    main, side = os.openpty()
    silent, held = os.pipe()
    process = t.popen(args, stdin=silent, stdout=subprocess.PIPE, stderr=side)
    os.close(side)
    os.write(held, b"x" * 5000)
    time.sleep(seconds)
    os.close(held)
    out = process.communicate(timeout=20)[0]
    seen = b""
    try:
        while chunk := os.read(main, 4096):
            seen += chunk
    except OSError:
        pass
    os.close(main)
    os.close(silent)
    return seen, out


seen, out = on_terminal(["-e", "length", "-"], 1.8)
t.ok(b"\r\x1b[Kreading" in seen and b"(C-c stops)" in seen and seen.endswith(b"\r\x1b[K"), f"progress after a second, wiped at the end: {seen[-120:]!r}")
t.equal(out, b"5000\n", "and nothing of it on stdout")
seen, out = on_terminal(["-e", "length", "-"], 0.2)
t.equal(seen, b"", "what is quick says nothing")
t.done()
