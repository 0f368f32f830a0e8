"""A sector that cannot be read is overwritten, in COPY and in WRITE-THROUGH; undo says what it cannot bring back."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import slowfs  # noqa: E402
from tap import Tap  # noqa: E402

SEXTANT = sys.argv[1]
tap = Tap()
ok = tap.ok
CONTENT = bytes(range(256)) * 64  # 16 KiB
BAD = slice(4096, 8192)


def batch(path, *commands, write=False):
    args = [SEXTANT] + (["-W"] if write else [])
    for c in commands:
        args += ["-e", c]
    return subprocess.run(args + [path], capture_output=True, text=True, timeout=30)


def trial(what, *commands, write=False):
    with tempfile.TemporaryDirectory() as folder, slowfs.SlowFs(folder + "/fs", CONTENT) as fs:
        fs.fail(BAD.start, BAD.stop)
        ran = batch(fs.path, *commands, write=write)
        shown = (ran.stdout + ran.stderr).replace(folder, "").replace("\n", " ")
        return ran, shown, fs.content


def main():
    why = slowfs.usable()
    if why:
        return tap.skip("an unreadable sector", why)
    whole = CONTENT[:4096] + b"\x55" * 4096 + CONTENT[8192:]
    around = CONTENT[:4000] + b"\x66" * 4200 + CONTENT[8200:]

    ran, shown, now = trial("read", "byte 0x1000")
    ok(ran.returncode == 3, f"the sector cannot be read: {shown}")

    ran, shown, now = trial("copy", "fill 0x1000 +4096 {55}", "write")
    ok(ran.returncode == 0 and now == whole, f"COPY: filled and written {shown}")
    ran, shown, now = trial("copy", "fill 4000 +4200 {66}", "write")
    ok(ran.returncode == 0 and now == around, f"COPY: with what lies around it {shown}")
    ran, shown, now = trial("copy", "fill 4000 +4200 {66}", "write", "undo", "slice 4000:4096 as hex", "slice 8192:8200 as hex",
                            "quit!")
    ok(CONTENT[4000:4096].hex() in shown and CONTENT[8192:8200].hex() in shown, "undo brings back what lay around it")
    ok("unreadable before" in shown, f"and says what it cannot: {shown[-120:]}")
    ran, shown, now = trial("copy", "fill 4000 +4200 {66}", "write", "undo", "byte 0x1000")
    ok(ran.returncode == 3, f"which is lost, not zeros: {shown[-120:]}")
    ran, shown, now = trial("copy", "fill 4000 +4200 {66}", "write", "undo", "redo", "slice 0x1000:0x1002 as hex")
    ok(ran.stdout.rstrip().endswith("6666"), f"redo has the new bytes {shown[-60:]}")

    ran, shown, now = trial("through", "fill 0x1000 +4096 {55}", write=True)
    ok(ran.returncode == 0 and now == whole, f"WRITE-THROUGH: filled at once {shown}")
    ran, shown, now = trial("through", "fill 4000 +4200 {66}", "undo", write=True)
    ok(ran.returncode == 3 and "nothing to put back" in shown, f"undo there is refused: {shown}")
    ok(now == around, "and the file keeps what it has")
    ran, shown, now = trial("through", "fill 0x1000 +4096 {55}", "put {77}", "undo", "byte 0", write=True)
    ok(ran.returncode == 0 and now == whole, f"other steps are taken back {shown}")


main()
sys.exit(tap.done())
