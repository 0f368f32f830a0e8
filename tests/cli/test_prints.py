"""What each command prints: the table of the command reference, row by row."""
import base64

from cli import Cli

t = Cli()
lorem = t.read("lorem.txt")


def dump(data, at=0):
    """The rows of a dump, by hand."""
    rows = []
    for i in range(0, len(data), 16):
        row = data[i:i + 16]
        cells = "".join((" " if n == 8 else "") + " " + (f"{row[n]:02x}" if n < len(row) else "  ") for n in range(16))
        text = "".join(chr(b) if 0x20 <= b < 0x7f else "·" for b in row)
        rows.append(f"{at + i:08x} {cells}  {text}\n")
    return "".join(rows)


# places
t.script("tell", ["tell"], out="0x0\n")
t.script("goto and seek print nothing", ["goto 0x8c", "seek 3", "tell", "seek +4", "tell", "seek -2 here", "tell",
                                         "seek -7 end", "tell", "seek 0 end", "tell"],
         out="0x3\n0x7\n0x5\n0x2da\n0x2e1\n")
t.script("an expression alone goes there", ["0x40", "tell", "+16", "tell", "end-4", "tell", "50%", "tell", "(3 * 5)", "tell"],
         out="0x40\n0x50\n0x2dd\n0x170\n0xf\n")
t.script("--offsets dec", ["find dolor", "tell"], out="12\n12\n", options=["--offsets", "dec"])
t.script("line", ["line 2", "tell", "line 1", "tell"], out="0x40\n0x0\n")
t.script("back and forward", ["goto 5", "goto 50", "back", "back", "forward", "forward"], out="0x5\n0x0\n0x5\n0x32\n")
# sizes
t.script("size and length", ["insert abc at 5", "size", "length", "quit!"], out="737\n740\n")
t.script("byte", ["byte 0", "byte -1", "byte end-2", "byte ."], out="76\n10\n46\n76\n")
t.script("print", ["print u32le(.)", "print -5", "print 0x10 + 2 * 3", "print 4K", "print 18446744073709551615"],
         out="1701998412\n-5\n22\n4096\n18446744073709551615\n")

# help
t.script("the help of a key that sets an option is the option's", ["help zm", "help gg"],
         out="z m\tset invmap\tSet map: the map of the file at the right\n"
             "g g, <\tfirst-byte\tGo to the first byte, or to the N-th; text view: line N\n")

# searching
t.script("find, rfind, search", ["find consectetuer", "rfind consectetuer 0:end", "search Nulla", "search-back /nulla/i"],
         out="0x1c\n0x51\n0xc3\n", code=1, err=lambda err: "search-back" in err and "not in 0x0:0xc3" in err)
t.script("find may match at the cursor, search only behind", ["goto 0x1c", "find consectetuer", "search consectetuer"],
         out="0x1c\n0x51\n")
t.script("rfind looks from the cursor on", ["goto 0x54", "rfind consectetuer"], code=1,
         err=lambda err: err.startswith('sextant: lorem.txt: rfind: "consectetuer" as text: not in 0x54:0x2e1 (653 bytes, '))
t.script("a regular expression alone is search, ?...? is search-back",
         ["/nulla/i", "n", "n", "N", "?nulla?i", "n"], out="0xc3\n0x20e\n0x22b\n0x20e\n0xc3\n", code=1, err=None)
t.script("findall", ["findall consectetuer"], out="0x1c\t12\tconsectetuer\n0x51\t12\tconsectetuer\n")
t.script("findall with fields", ["findall /n(u)(l)?l/i 0:300 show offset,end,length,hex,text,line,1,2,0"],
         out="0xc3\t0xc7\t4\t4e756c6c\tNull\t3\tu\tl\tNull\n")
t.script("unset groups, groups by name", ["findall /N(?<vowel>u)(x)?/ show vowel,2 max 1"], out="u\t\\N\n")
t.script("fold", [r"findall /leo\.\s\w+/ show text fold"], out="leo. Nulla\n")
t.script("count", ["count e", "count /[aeiou]/ 0:10", "count e 0:0"], out="76\n4\n0\n", code=1)
t.script("replace says how many", ["replace e E", "count E", "quit!"], out="76\n76\n")

# bytes in every form
t.script("read and readline", ["read 5", "readline", "goto end", "readline", "read 4"],
         out="Lorem\n ipsum dolor sit amet, consectetuer adipiscing elit. Donec\\n\n\n\n")
t.script("read to the end", ["goto end-6", "read", "tell", "goto end-3", "read -1"],
         out="usto.\\n\n0x2e1\no.\\n\n")
t.script("as hex", ["slice 0:5 as hex"], out="4c6f72656d\n")
t.script("as raw", ["slice 0:5 as raw", "slice 5:6 as raw"], out="Lorem ")
t.script("as base64", ["slice 0:4 as base64", "slice 0:5 as base64", "slice 0:6 as base64"],
         out="".join(base64.b64encode(lorem[:n]).decode() + "\n" for n in (4, 5, 6)))
t.script("as c", ["slice 0:3 as c"], out="const unsigned char data[3] = {\n    0x4c, 0x6f, 0x72,\n};\n")
t.script("as python", [r'put "a\"\\\x00\xff"', "slice 0:5 as python", "quit!"], out='b"a\\"\\\\\\x00\\xff"\n')
t.script("as dump", ["slice 0:20 as dump"], out=dump(lorem[:20]))
t.script("printable form", [r'put "\t\n\r\\\x00\x7f\xff~"', "slice 0:8", "quit!"], out="\\t\\n\\r\\\\\\x00\\x7f\\xff~\n")
t.script("dump", ["dump 0x80 +16"], out=dump(lorem[0x80:0x90], 0x80))
t.script("dump of all", ["dump"], out=dump(lorem))
t.script("long ranges come in blocks", ["slice all as hex", "slice all as base64"], file="large_log.txt",
         out=t.read("large_log.txt").hex() + "\n" + base64.b64encode(t.read("large_log.txt")).decode() + "\n")

# facts
t.script("info", ["goto 3", 'put "ab"', "info", "quit!"],
         out="name\tlorem.txt\npath\tlorem.txt\nsize\t737\nlength\t737\naccess\tcopy\nposition\t0x5\nencoding\tascii\n"
             "changes\t1\nchanged-bytes\t2\ndevice\tno\nholes\t0\nlost\t0\nwritable\tyes\n")
t.script("changes", ['put "X"', "insert abc at 10", "delete 100 +5", "changes", "changes max 2", "quit!"],
         out="1\t0x0\t1\t1\t4c\t58\n2\t0xa\t0\t3\t-\t616263\n3\t0x64\t5\t0\t616d636f72\t-\n"
             "1\t0x0\t1\t1\t4c\t58\n2\t0xa\t0\t3\t-\t6162...\n3\t0x64\t5\t0\t616d...\t-\n")
t.script("marks", ["mark a 0x10 +32 red header", "mark b", "note look here", "marks", "print 'a", "slice 'a", "slice 'a +3"],
         out="b\t0x0\t0\t-\t-\nnote1\t0x0\t1\t-\tlook here\na\t0x10\t32\tred\theader\n16\n"
             + lorem[16:48].decode().replace("\n", "\\n") + "\n" + lorem[16:19].decode() + "\n")
t.script("history", ["put x", "insert yz", "delete 0:1", "history", "quit!"],
         out=lambda out: [line.split(b"\t")[0:1] + line.split(b"\t")[2:] for line in out.splitlines()] ==
         [[b"1", b"overwrite", b"0x0", b"1"], [b"2", b"insert", b"0x1", b"2"], [b"3", b"delete", b"0x0", b"1"]])
t.script("times are ISO 8601, UTC", ["put x", "history", "quit!"],
         out=lambda out: len(out.split(b"\t")[1]) == 20 and out.split(b"\t")[1].endswith(b"Z"))
t.script("save-plan", ['put "ab"', "save-plan", "quit!"],
         out=lambda out: [line.split(b"\t")[0] for line in out.splitlines()] ==
         [b"way", b"why", b"places", b"write", b"copy", b"space-needed", b"space-free", b"seconds"]
         and b"way\tin-place\n" in out and b"write\t2\n" in out and b"places\t1\n" in out)
t.script("save-plan without changes", ["save-plan"], out=lambda out: out.startswith(b"way\tnone\n"))
t.script("save-plan of an insertion", ["insert x", "save-plan", "quit!"], out=lambda out: out.startswith(b"way\tcopy\n"))
t.script("save-plan of a copy with three places", ["insert x", "goto 100", 'put "abc"', "delete 200:260", "save-plan", "quit!"],
         out=lambda out: b"places\t3\nwrite\t64\ncopy\t%d\nspace-needed\t%d\n" % (len(lorem) - 63, len(lorem) - 59) in out)
t.script("a copy says its places, too", ["insert x", "goto 100", 'put "abc"', "delete 200:260", "write other.txt",
         "write-range 0:10 part.txt", "write third.txt", "quit!"], out="copy\t64\t3\ncopy\t10\t1\ncopy\t0\t0\n")
t.script("write says way, bytes, places", ["write", 'put "xy"', "goto 50", 'put "z"', "write", "insert Q", "write"],
         out=lambda out: out.splitlines()[0] == b"none\t0\t0" and out.splitlines()[1] == b"in-place\t3\t2"
         and out.splitlines()[2].startswith(b"copy\t"))
t.equal(t.read("lorem.txt"), b"xy" + lorem[2:50] + b"zQ" + lorem[51:], "and the file has it")
t.fresh()
t.script("echo", ["echo hello  world", "echo"], out="hello  world\n\n")
t.script("registers", ["select 0:5", "copy", "registers"], out="\"\t5\tLorem\n")
t.script("help of a command", ["help tell"], out="usage\ttell\ndoes\tPrint the offset of the cursor\n")
t.script("help of a key", ["help gp"], out="g p\tfollow-pointer\tGo to the offset that is stored at the cursor\n")
t.script("help lists all", ["help"], out=lambda out: b"\nwrite [FILE]\tWrite the changes" in out and out.count(b"\n") > 60)

# JSON
t.script("JSON rows", ["find nulla", "findall /N(u)(x)?lla/ show offset,length,text,1,2 max 1", "count e"],
         out='{"offset":"0x22b"}\n{"offset":"0xc3","length":"5","text":"Nulla","1":"u","2":null}\n{"count":"76"}\n',
         options=["--json"])
t.script("JSON strings", [r'put "\"\\\n"', "slice 0:3", "info", "quit!"],
         out=lambda out: out.startswith(b'{"text":"\\"\\\\\\\\\\\\n"}\n{"key":"name","value":"lorem.txt"}\n'),
         options=["--json"])
t.script("JSON forms", ["slice 0:3 as hex", "slice 0:3 as c"], options=["--json"],
         out='{"hex":"4c6f72"}\n{"c":"const unsigned char data[3] = {\\n    0x4c, 0x6f, 0x72,\\n};"}\n')
t.script("raw has no JSON", ["slice 0:3 as raw"], options=["--json"], code=2,
         err="sextant: lorem.txt: slice: raw bytes do not go into JSON: as base64\n")

t.done()
