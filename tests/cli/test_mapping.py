"""The examples of the mapping object, as commands."""
import os
import subprocess

from cli import Cli

t = Cli()
lorem = t.read("lorem.txt")
log = t.read("large_log.txt")

# 1. reading
t.script("read, slice, read", ["read 10", "slice 0:10", "read 10"], out="Lorem ipsu\nLorem ipsu\nm dolor si\n")

# 2. writing: the word is replaced in the file, its neighbours stay
t.script("assign and flush in WRITE-THROUGH",
         ["find consectetuer", "assign . +12 reutetcesnoc", "flush", "goto 0", "readline", "readline"],
         out="0x1c\nLorem ipsum dolor sit amet, reutetcesnoc adipiscing elit. Donec\\n\n"
             "egestas, enim et consectetuer ullamcorper, lectus ligula rutrum leo,\\n\n",
         options=["-W"])
t.equal(t.read("lorem.txt"), lorem.replace(b"consectetuer", b"reutetcesnoc", 1), "the file has the new word")
t.fresh()

# 3. copy mode
t.script("COPY keeps the file", ["find consectetuer", "assign . +12 reutetcesnoc", "slice 28:40", "quit!"],
         out="0x1c\nreutetcesnoc\n")
t.equal(t.read("lorem.txt"), lorem, "the file has the old word")
t.script("COPY, then written", ["find consectetuer", "assign . +12 reutetcesnoc", "write"],
         out="0x1c\nin-place\t12\t1\n")
t.equal(t.read("lorem.txt"), lorem.replace(b"consectetuer", b"reutetcesnoc", 1), "write puts it into the file")
t.fresh()
t.script("COPY, written to another file", ["find consectetuer", "assign . +12 reutetcesnoc", "write copy.txt"],
         out="0x1c\ncopy\t12\t1\n")
t.equal(t.read("lorem.txt"), lorem, "the first file is untouched")
t.equal(t.read("copy.txt"), lorem.replace(b"consectetuer", b"reutetcesnoc", 1), "the other file is the document")
t.fresh()

# 4. regular expression with groups
nulla = r"findall /(\.\W+)?([^.]?nulla[^.]*?\.)/ims"
t.script("group 2, folded", [nulla + " show 2 fold"], out="Nulla facilisi.\nNulla feugiat augue eleifend nulla.\n")
t.script("group 1", [nulla + " show 1 fold"], out=". \n. \n")
t.script("without fold a line end is \\n", [nulla + " show 2 max 1"], out="Nulla\\nfacilisi.\n")

# 5. a large log
fixed = log.replace(b"ERROR", b"FIXED", 1)
t.script("ERROR is overwritten by FIXED", ["find ERROR", "assign . +5 FIXED", "write"], out="0x6df\nin-place\t5\t1\n",
         file="large_log.txt")
t.equal(t.read("large_log.txt"), fixed, "the log has FIXED once")
t.fresh()
t.script("another length is refused, both lengths named", ["find ERROR", "assign . +5 FAILED"], out="0x6df\n", code=3,
         err="sextant: large_log.txt: assign: FAILED has 6 bytes, . +5 has 5; assign keeps the length, insert and delete "
             "change it\n",
         file="large_log.txt")
t.equal(t.read("large_log.txt"), log, "nothing changed")
t.script("the same in WRITE-THROUGH", ["find ERROR", "assign . +5 FAILED"], out="0x6df\n", code=3, options=["-W"],
         err="sextant: large_log.txt: assign: FAILED has 6 bytes, . +5 has 5; WRITE-THROUGH keeps length. :access copy\n",
         file="large_log.txt")
t.script("71 errors are replaced by a longer word", ["replace ERROR FAILURE", "count FAILURE", "write copy.txt"],
         out=lambda out: out.startswith(f"71\n71\ncopy\t{71 * 7}\t".encode()), file="large_log.txt")
t.equal(t.read("copy.txt"), log.replace(b"ERROR", b"FAILURE"), "all 71 of them")
t.fresh()

# 6. two processes share a file: the second sees what the first assigns, while it runs
os.mkfifo(t.path("go"))
t.write("wait.sx", b"slice 0:5\nsource go\nslice 0:5\n")
reader = t.popen(["-W", "-s", "wait.sx", "lorem.txt"], stdout=subprocess.PIPE)
first = reader.stdout.read(0)
with open(t.path("go"), "wb") as go:  # opens when the reader has come to `source`
    t.script("one process assigns", ["assign 0:5 XXXXX"], out="", options=["-W"])
    go.write(b"# go on\n")
out = first + reader.stdout.read()
t.equal((reader.wait(), out), (0, b"Lorem\nXXXXX\n"), "the other one sees it")
t.fresh()

# 7. walking: seek +64, process, seek -32, process, until more than 10 MB were processed
large = log * 20
t.write("walk.log", large)
steps, want, at, processed = [], [], 0, 0
while processed <= 10_000_000:
    for by in (64, -32):
        at += by
        steps.append(f"seek {by:+}\nslice . +64 as hex\n")
        want.append(large[at:at + 64].hex())
        processed += 64
t.write("walk.sx", ("".join(steps) + "tell\n").encode())
code, out, err = t.run(["-s", "walk.sx", "walk.log"])
t.ok((code, err) == (0, "") and out.decode().split("\n") == want + [f"{at:#x}", ""], "10 MB, forward and back")
t.fresh()

# 8. anonymous memory
t.script("memory: filled, searched, resized, written",
         ["new 1M", "length", "fill 0:16 {00 01}", "find {00 01 00}", "rfind {00 01 00} all", "resize 2M", "length",
          "write memory.bin"],
         out=lambda out: out.startswith(b"1048576\n0x0\n0xe\n2097152\ncopy\t"), file=None)
t.equal(t.read("memory.bin"), b"\0\1" * 8 + bytes(2 * 1024 * 1024 - 16), "the file holds it")

t.done()
