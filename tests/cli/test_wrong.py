"""Wrong inputs of every kind, and the words that refuse them; names that are not text."""
import os
import socket

from cli import Cli

t = Cli()

# the command line
for args, why in [
    (["--wirte"], "--wirte: no such option; sextant --help lists them"),
    (["-Z"], "-Z: no such option; sextant --help lists them"),
    (["-RZ"], "-Z: no such option; sextant --help lists them"),
    (["-e"], "-e: its argument is missing"),
    (["--offsets"], "--offsets: its argument is missing"),
    (["--offsets", "octal"], "octal: offsets are hex or dec"),
    (["--json=yes"], "--json=yes: it takes no argument"),
    (["-R", "-W"], "-W: only one of -R -W -C"),
    (["+1", "+2"], "+2: a second position; one is enough"),
    (["-", "-"], "-: stdin can be read once only"),
    (["-s", "-", "-"], "-: stdin can be read once only"),
    ([""], '"": a file has a name'),
    (["--\x1b[31m"], "--\\x1b[31m: no such option; sextant --help lists them"),
]:
    t.check(f"{args}", args, out="", code=2, err=f"sextant: {why}\n")
t.check("no file to dump", [], out="", code=2, err="sextant: no file: nothing to dump, and stdout is no terminal to look at one\n")
t.check("--help names every option and the exit codes", ["--help"],
        out=lambda out: all(word in out for word in (b"-e COMMAND", b"--offsets", b"FILE[@OFFSET[+LENGTH]]", b"4 cancelled")))
t.check("--version names what is linked", ["--version"],
        out=lambda out: out.startswith(b"sextant 0.") and b"PCRE2 10." in out and b"ncurses 6." in out)
t.check("-- ends the options", ["-e", "size", "--", "lorem.txt"], out="737\n")
t.write("-e", b"dash")
t.check("a file called -e", ["-e", "slice all", "--", "-e"], out="dash\n")
t.check("attached arguments", ["-etell", "--offsets=dec", "lorem.txt"], out="0\n")
t.check("letters together", ["-Re", "tell", "lorem.txt"], out="0x0\n")

# what cannot be opened
os.mkdir(t.path("folder"))
os.mkfifo(t.path("pipe"))
listener = socket.socket(socket.AF_UNIX)
listener.bind(t.path("socket"))
os.symlink("nowhere", t.path("dangling"))
os.symlink("loop", t.path("loop"))
for name, words in [
    ("nosuch.bin", "nosuch.bin"),
    ("folder", "directory"),
    ("pipe", "pipe"),
    ("socket", "socket"),
    ("dangling", "dangling"),
    ("loop", "loop"),
    ("nosuch/file", "nosuch/file"),
    ("lorem.txt/file", "lorem.txt/file"),
    ("x" * 5000, "x"),
]:
    t.check(f"cannot open {name[:20]}", ["-e", "tell", name], out="", code=3,
            err=lambda err: err.startswith("sextant: ") and words in err and err.count("\n") == 1 and "nknown error" not in err)
if os.geteuid() != 0:
    t.write("secret", b"x")
    os.chmod(t.path("secret"), 0)
    t.check("no permission", ["-e", "tell", "secret"], out="", code=3, err=lambda err: "ermission denied" in err)
t.write("empty", b"")
t.check("an empty file", ["-e", "length", "-e", "tell", "-e", "read", "-e", "readline", "-e", "count x", "empty"],
        out="0\n0x0\n\n\n0\n", code=1)

# a part that is not there
for spec in ("lorem.txt@800", "lorem.txt@700+100", "lorem.txt@0+0", "lorem.txt@5x", "lorem.txt@1+"):
    t.check(f"{spec}", ["-e", "tell", spec], out="", code=3,
            err=lambda err: err.startswith("sextant: ") and err.count("\n") == 1)
t.check("@ and no number belongs to the name", ["-e", "tell", "lorem.txt@home"], out="", code=3, err=lambda err: "lorem.txt@home" in err)

# names that are not text, shown safely everywhere
evil = b"\x1b]0;owned\x07\xff\n.bin"
path = os.path.join(t.folder.encode(), evil)
with open(path, "wb") as file:
    file.write(b"content")
for commands in (["tell"], ["info"], ["find zzz"], ["put x"], ["wirte"], ["byte 99"]):
    code, out, err = t.run([*sum((["-e", c] for c in commands), []), evil])
    both = out + err.encode()
    t.ok(b"\x1b" not in both and b"\x07" not in both and b"\xff" not in both, f"{commands[0]}: no raw byte of the name in {both!r:.80}")
t.check("the name in info", ["-e", "info", evil], out=lambda out: out.startswith(b"name\t\\x1b]0;owned\\x07\\xff\\n.bin\n"))
t.check("and in messages", ["-e", "byte 99", evil], code=3, out="",
        err="sextant: \\x1b]0;owned\\x07\\xff\\n.bin: byte: 0x63 is past the end, 0x7\n")
t.check("control characters in a command", ["-e", "w\x1b[31m", "lorem.txt"], code=2, out="", err=lambda err: "\x1b" not in err)
t.check("control characters in a pattern", ["-e", 'find "\x1b[31m"', "lorem.txt"], code=1, out="", err=lambda err: "\x1b" not in err)
t.check("bytes that are no UTF-8 in a command", ["-e", b"find \xff\xfe", "lorem.txt"], code=1, out="", err=None)

# patterns, with the column
for pattern in ['"abc', "{4x}", "{[4-2]}", "/abc", "/a(/", "/[a/", "/a**/", "u32le = ", "u99le = 5", "f32le ~ x", "{}", '""nosuch']:
    code, out, err = t.commands(f"find {pattern}")
    t.ok(code in (1, 2) and out == b"" and err.count("\n") == 1 or (pattern in ("{}", "/abc") and code in (0, 2)),
         f"pattern {pattern}: {code} {err.strip()[:100]}")

# long lines
t.check("a command of a megabyte", ["-s", "-", "lorem.txt"], input=b'put "' + b"x" * (1 << 20) + b'"\n', code=3, out="",
        err=lambda err: len(err) < 400)
t.check("a name of a megabyte", ["-s", "-", "lorem.txt"], input=b"x" * (1 << 20) + b"\n", code=2, out="", err=lambda err: len(err) < 400)
t.done()
