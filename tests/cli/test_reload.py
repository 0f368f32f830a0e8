"""reload and differences in scripts, while another process changes the file: what is kept, what is listed, what is refused."""
import os
import subprocess

from cli import Cli

t = Cli()
DATA = bytes(range(256)) * 8


def beside(name, before, change, behind, out="", err="", code=0, options=()):
    """Commands, then another process's `change`, then commands."""
    t.write("a.bin", DATA)
    if not os.path.exists(t.path("go")):
        os.mkfifo(t.path("go"))
    t.write("run.sx", "\n".join([*before, "source go", *behind]).encode() + b"\n")
    process = t.popen([*options, "-s", "run.sx", "a.bin"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(t.path("go"), "wb") as go:
        subprocess.run(["sh", "-c", change], cwd=t.folder, check=True, timeout=20, stderr=subprocess.DEVNULL)
        go.write(b"# go on\n")
    got, said = process.communicate(timeout=60)
    fits = process.returncode == code and got.decode() == out and (said.decode() == err if isinstance(err, str) else err(said.decode()))
    if not t.ok(fits, name):
        print(f"# {process.returncode} {got!r} {said!r}")


PUT = "printf %s | dd of=a.bin bs=1 seek=%d conv=notrunc"
NOT_APPLIED = "sextant: a.bin: reload: 1 change not applied, the file is another there; undo brings it, reload! keeps all\n"

beside("nothing differs", ["assign 0x10 +2 {7574}"], "true", ["differences"], code=1)
beside("and a reload keeps everything", ["assign 0x10 +2 {7574}"], "true", ["reload", "changes", "quit!"], out="1\t0x10\t2\t2\t1011\t7574\n")
beside("written elsewhere: kept, and written", ["assign 0x10 +2 {7574}"], PUT % ("XY", 0x40), ["reload", "slice 0x40 +2", "write"],
       out="XY\nin-place\t2\t1\n")
t.equal(t.read("a.bin"), DATA[:16] + b"ut" + DATA[18:64] + b"XY" + DATA[66:], "both are in the file")
beside("written over ours: three sides", ["assign 0x10 +2 {7574}", "assign 0x20 +1 {ff}"], PUT % ("X", 0x11), ["differences", "quit!"],
       out="0x10\tchanged\t2\t1011\t1058\t7574\n")
beside("reload does not apply it, says so, and ends the run", ["assign 0x10 +2 {7574}", "assign 0x20 +1 {ff}"], PUT % ("X", 0x11),
       ["reload", "write"], out="0x10\tchanged\t2\t1011\t1058\t7574\n", err=NOT_APPLIED, code=3)
t.equal(t.read("a.bin"), DATA[:17] + b"X" + DATA[18:], "so nothing is written")
beside("reload! keeps it", ["assign 0x10 +2 {7574}"], PUT % ("X", 0x11), ["reload!", "write"], out="in-place\t2\t1\n")
t.equal(t.read("a.bin"), DATA[:16] + b"ut" + DATA[18:], "over theirs")
beside("cut short", ["assign 0x400 +1 {aa}", "insert abc at 0x10"], "truncate -s 512 a.bin", ["differences", "quit!"],
       out="0x203\tgone\t1536\t\\N\t-\t\\N\n0x403\tgone\t1\t00\t-\taa\n")
beside("grown", ["insert abc at 0x10"], "printf tail >> a.bin", ["differences", "reload", "slice -4:", "quit!"],
       out="0x803\tadded\t4\t-\t7461696c\t\\N\ntail\n")
beside("replaced: both are known", ["assign 0x20 +1 {ff}"], "cp a.bin b; printf NEW | dd of=b bs=1 seek=256 conv=notrunc; mv b a.bin",
       ["differences", "reload", "slice 0x100 +3", "write"], out="0x100\tchanged\t3\t000102\t4e4557\t\\N\nNEW\nin-place\t1\t1\n")
t.equal(t.read("a.bin"), DATA[:32] + b"\xff" + DATA[33:256] + b"NEW" + DATA[259:], "ours in the new file")
beside("deleted: nothing to reload", ["assign 0x20 +1 {ff}"], "rm a.bin", ["try reload", "quit!"], code=3, err=lambda err: "a.bin" in err)
beside("json", ["assign 0x10 +2 {7574}"], PUT % ("X", 0x11), ["differences", "quit!"], options=["--json"],
       out='{"offset":"0x10","kind":"changed","length":"2","base":"1011","theirs":"1058","ours":"7574"}\n')
beside("long ones are cut", ["fill 0x10:0x210 {ff}"], PUT % ("X", 0x11), ["differences", "quit!"],
       out="0x10\tchanged\t512\t" + "\t".join(x[:512] + "..." for x in ((DATA[16:528]).hex(), (DATA[16:17] + b"X" + DATA[18:528]).hex(), "ff" * 512)) + "\n")
t.done()
