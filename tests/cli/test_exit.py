"""When a run stops, and its exit codes; SIGINT is in test_pipes.py."""
import os
import subprocess

from cli import Cli

t = Cli()
lorem = t.read("lorem.txt")

# 0 and 1
t.script("0: done", ["find dolor"], out="0xc\n")
t.script("1: not found", ["find zzz"], code=1, out="",
         err=lambda err: err.startswith('sextant: lorem.txt: find: "zzz" as text: not in 0x0:0x2e1 (737 bytes, '))
t.script("the first miss ends the run", ["find zzz", 'put "Y"', "write"], code=1, err=None)
t.equal(t.read("lorem.txt"), lorem, "so nothing is written at offset 0")
t.script("try goes on after a miss", ["try find zzz", "tell"], out="0x0\n", err=lambda err: "not in" in err)
t.script("a miss leaves the cursor", ["goto 9", "try find zzz", "tell", "try search zzz", "tell", "try next mark", "tell"],
         out="0x9\n0x9\n0x9\n", err=None)
t.script("try never goes on after a failure", ["try byte 9999", "tell"], code=3, out="",
         err=lambda err: err.startswith("sextant: lorem.txt: byte: "))
t.script("nor after bad usage", ["try find /(/", "tell"], code=2, out="", err=None)
t.script("try of try", ["try try find zzz", "tell"], out="0x0\n", err=None)
t.script("count of none", ["count zzz"], out="0\n", code=1)
t.script("nothing to undo", ["undo"], code=1, err="sextant: lorem.txt: undo: nothing to undo\n")
t.script("no such thing", ["next change"], code=1, err="sextant: lorem.txt: next: no change behind 0x0\n")
t.script("no such mark to remove", ["unmark q"], code=1, err="sextant: lorem.txt: unmark: no mark q\n")

# 2
for command, why in [
    ("wirte", "wirte: no such command; write?"),
    ("fin dolor", "fin: no such command; find?"),
    ("xyzzy", "xyzzy: no such command; help lists them"),
    ("page-dwn", None),
    ("find /GNU(/", None),
    ("find", "find: PATTERN is missing: find PATTERN [RANGE]"),
    ("tell me", 'tell: "me" is too much: tell'),
    ("tell!", "tell: tell! means nothing more than tell: it never asks"),
    ("s/a/b/", "s: its arguments begin behind a space"),
    ("next foo", 'next: "foo" is none of match/change/mark/hole/data/zero/value/string/lost'),
    ("goto", "goto: OFFSET is missing: goto OFFSET"),
]:
    t.script(f"2: {command}", [command], code=2, out="", err=why and f"sextant: lorem.txt: {why}\n")
t.script("2: leading zeros may mean two things", ["goto 00000400"], code=2, err=lambda err: "0x00000400" in err)

# 3
t.script("3: out of range", ["byte 737"], code=3, err="sextant: lorem.txt: byte: no byte at 0x2e1, the length is 0x2e1\n")
t.script("3: refused, another length", ["assign 0:2 abc"], code=3,
         err="sextant: lorem.txt: assign: abc has 3 bytes, 0:2 has 2; assign keeps the length, insert and delete change it\n")
t.script("3: changes left unwritten", ["put abc", "goto 50", "insert xy"], code=3, out="",
         err="sextant: lorem.txt: 2 changes, 5 bytes unwritten; write, or quit! as last command drops them\n")
t.equal(t.read("lorem.txt"), lorem, "and the file stays")
t.script("quit! drops them", ["put abc", "quit!"])
t.script("quit alone does not", ["put abc", "quit", "put not-run"], code=3,
         err="sextant: lorem.txt: 1 change, 3 bytes unwritten; write, or quit! as last command drops them\n")
t.script("quit ends the run", ["quit", "tell"], out="")
t.script("a change taken back is none", ["put abc", "undo"])
t.script("write-quit writes", ["put abc", "write-quit", "tell"], out="in-place\t3\t1\n")
t.fresh()
t.script("3: READ", ["put abc"], code=3, options=["-R"],
         err="sextant: lorem.txt: put: lorem.txt is READ, nothing changed. :access copy edits in memory\n")
t.script("access copy ends READ", ["access copy", "put abc", "slice 0:4", "quit!"], out="abce\n", options=["-R"])
t.script("3: would have to ask", ["put abc", "access write-through"], code=3,
         err="sextant: lorem.txt: access: 1 change, 3 bytes pending; write or revert all first, or access! writes them\n")
t.script("access! does not ask", ["put abc", "access! write-through"])
t.equal(t.read("lorem.txt"), b"abc" + lorem[3:], "it wrote them through")
t.fresh()
t.script("3: another file is not replaced", ["write large_log.txt"], code=3,
         err="sextant: lorem.txt: write: large_log.txt exists; write! replaces it\n")
t.script("write! replaces it", ["write! large_log.txt"], out=lambda out: out.startswith(b"copy\t"))
t.equal(t.read("large_log.txt"), lorem, "now it has the document")
t.fresh()
t.script("3: close with changes", ["put abc", "close"], code=3,
         err="sextant: lorem.txt: close: 1 change, 3 bytes unwritten; write, or close! drops them\n")
t.script("close! drops them", ["put abc", "close!"])
t.script("WRITE-THROUGH leaves nothing unwritten", ["put abc"], options=["-W"])
t.equal(t.read("lorem.txt"), b"abc" + lorem[3:], "it is in the file")
t.script("and undo puts it back", ["put xyz", "undo"], options=["-W"])
t.equal(t.read("lorem.txt"), b"abc" + lorem[3:], "as it was")
t.fresh()

# somebody else writes while a script runs
def with_another(name, commands, change, **expected):
    """Run commands; at `source go` another program changes the file."""
    os.mkfifo(t.path("go"))
    t.write("run.sx", "\n".join(commands).encode() + b"\n")
    process = t.popen(["-s", "run.sx", "lorem.txt"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(t.path("go"), "wb") as go:
        change()
        go.write(b"# go on\n")
    out, err = process.communicate(timeout=20)
    if not t.ok((process.returncode, expected["holds"](out, err.decode())) == (expected["code"], True), name):
        print(f"# {process.returncode} {out!r} {err!r}")
    os.unlink(t.path("go"))


def overwrite(content):
    with open(t.path("lorem.txt"), "r+b") as file:
        file.write(content)


with_another("a foreign change is not overwritten, in place", ["put ABC", "source go", "write"], lambda: overwrite(b"foreign"),
             code=3, holds=lambda out, err: out == b"" and "write: " in err and "changed" in err)
t.equal(t.read("lorem.txt"), b"foreign" + lorem[7:], "theirs stands")
with_another("nor by a copy", ["insert ABC", "source go", "write"], lambda: overwrite(b"FOREIGN"), code=3,
             holds=lambda out, err: out == b"" and "write: " in err and "changed" in err)
t.equal(t.read("lorem.txt"), b"FOREIGN" + lorem[7:], "theirs stands again")
with_another("write! does", ["put ABC", "source go", "write!"], lambda: overwrite(b"foreign"), code=0,
             holds=lambda out, err: out == b"in-place\t3\t1\n")
t.equal(t.read("lorem.txt"), b"ABCeign" + lorem[7:], "only the bytes that were changed here")
with_another("reload takes theirs and keeps ours", ["goto 20", "put ABC", "source go", "reload", "slice 0:7", "slice 18:25", "write"],
             lambda: overwrite(b"newer!!"), code=0, holds=lambda out, err: out.startswith(b"newer!!\nsiABCme\nin-place\t3\t"))
t.fresh()

# another name of the file: hard links are not torn apart unasked
os.link(t.path("lorem.txt"), t.path("other-name"))
t.script("a hard link would be torn: refused", ["insert x", "write"], code=3,
         err=lambda err: "other names" in err and err.endswith("; write! rewrites it\n"))
t.script("write! rewrites in place", ["insert x", "write!"], out=lambda out: out.startswith(b"copy-over\t"))
t.equal(t.read("other-name"), b"x" + lorem, "both names have it")
t.fresh()

# scripts
t.write("a.sx", b"# a comment\n\n   # another\n  find dolor\n:tell\nread 3\n")
t.check("-s runs a file", ["-s", "a.sx", "lorem.txt"], out="0xc\n0xc\ndol\n")
t.check("-s - runs stdin", ["-s", "-", "lorem.txt"], out="0x5\n", input=b"goto 5\ntell")
t.check("-e and -s in order", ["-e", "echo one", "-s", "a.sx", "-e", "echo two", "lorem.txt"], out="one\n0xc\n0xc\ndol\ntwo\n")
t.write("b.sx", b"echo b\nsource a.sx\necho behind\nfind zzz\necho never\n")
t.check("a script stops where it fails", ["-s", "b.sx", "-e", "echo never", "lorem.txt"],
        out="b\n0xc\n0xc\ndol\nbehind\n", code=1, err=lambda err: err.count("\n") == 1 and ": find: " in err)
t.write("loop.sx", b"source loop.sx\n")
t.check("a script that runs itself ends", ["-s", "loop.sx", "lorem.txt"], code=4, err=lambda err: err.count("\n") == 1)
t.check("a script that is not there", ["-s", "nosuch.sx", "lorem.txt"], code=3,
        err="sextant: lorem.txt: -s: cannot open 'nosuch.sx': no such file or directory\n")
t.write("zero.sx", b"tell\0tell\n")
t.check("a zero byte in a script", ["-s", "zero.sx", "lorem.txt"], code=2, err=None)

# 4
t.write("xs.txt", b"x" * 100000 + b"zy")
t.script("4: a limit", ["find /(x+x+)+y/"], file="xs.txt", code=4,
         err="sextant: xs.txt: find: gave up at 0x0: pattern too costly there; rest unknown\n")
t.script("4: try does not go on", ["try count /(x+x+)+y/", "tell"], file="xs.txt", code=4, out="",
         err="sextant: xs.txt: count: gave up at 0x0: pattern too costly there; rest unknown\n")

# several files: one document for all commands, the first
t.check("commands run on the first file", ["-e", "size", "lorem.txt", "large_log.txt"], out="737\n")
t.check("edit goes to another", ["-e", "edit large_log.txt", "-e", "size", "-e", "edit lorem.txt", "-e", "size", "lorem.txt"],
        out="166901\n737\n")
t.check("+OFFSET", ["+0x40", "-e", "tell", "lorem.txt"], out="0x40\n")
t.check("FILE@OFFSET+LENGTH", ["-e", "length", "-e", "slice all", "lorem.txt@0x1c+12"], out="12\nconsectetuer\n")
t.check("FILE@OFFSET", ["-e", "slice all", "lorem.txt@730"], out=lorem[730:].decode().replace("\n", "\\n") + "\n")
t.write("odd@1+2", b"content")
t.check("a file whose name looks like that", ["-e", "slice all", "odd@1+2"], out="content\n")

t.done()
