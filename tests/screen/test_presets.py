"""Other hands: presets, the configuration, :set, bind, help in the preset that is used."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, Session, run, session  # noqa: E402


def configured(text, *argv):
    """A session with this configuration."""
    t = session("firmware.bin", FIRMWARE)
    t.bar("BROWSE")
    t.send("q")
    t.wait_exit()
    os.makedirs(t.path("config/sextant"))
    with open(t.path("config/sextant/config"), "w") as f:
        f.write(text)
    again = Session([*argv, "firmware.bin"], home=t.home)
    again.own = True  # it takes the folder away with it
    return again


def hexedit():
    """hexedit: digits type at once, Return goes, C-w writes, C-x asks, C-c loses nothing"""
    with session("firmware.bin", FIRMWARE, "--keys", "hexedit") as t:
        t.bar("^ OVERWRITE  COPY")
        t.keys("75 74").row(0, r"\* 75 74 4c")
        t.keys("C-c", "C-c").row(0, r"\* 75 74 4c").bar("^ OVERWRITE")
        t.keys("<Enter>", "400", "<Enter>").bar("0x00000400")
        t.keys("<").bar("0x00000000")
        t.keys("C-s", "GNU", "<Enter>").bar("0x00004004")
        t.keys("/", "C-c", "C-w").message("wrote 2 bytes")
        assert t.content("firmware.bin")[:2] == b"\x75\x74"
        t.keys("C-Space", "<Right>", "M-w").message("copied 2 bytes")
        t.keys("00", "C-x").message("unwritten").keys("d")
        assert t.wait_exit() == "exit 0"


def hxd():
    """hxd: C-z undoes, C-c copies, C-v pastes in, C-f finds, C-s writes"""
    with session("firmware.bin", FIRMWARE, "--keys=hxd") as t:
        t.bar("^ OVERWRITE")
        t.keys("75", "C-z").message("undone: 1 byte").row(0, " 7f 45")
        t.keys("C-y").message("redone").keys("C-s").message("wrote 1 byte")
        t.keys("C-Home", "S-Right", "C-c").message("copied 2 bytes")
        t.keys("C-Home", "C-v").row(0, r"\* 75 45 75 45 4c")
        t.keys("C-a").bar("sel 16550")
        t.keys("<Esc>").wait(lambda text: " sel " not in text)
        t.keys("C-f", "GNU", "<Enter>").bar("1 of 10")
        t.keys("<Ins>").bar("^ INSERT")
        t.keys("C-q").message("unwritten")


def emacs():
    """emacs: C-x C-s writes, C-x C-c leaves, C-s finds, C-g cancels"""
    with session("firmware.bin", FIRMWARE, "--keys", "emacs") as t:
        t.bar("^ OVERWRITE")
        t.keys("75", "C-x", "C-s").message("wrote 1 byte")
        t.keys("C-s", "GNU", "C-g").bar("0x00000001")
        t.keys("C-e", "C-a", "C-f", "C-n", "M->").bar(f"  {len(FIRMWARE) - 1}  ")
        t.keys("C-x", "C-c")
        assert t.wait_exit() == "exit 0"


def vi():
    """vi: x deletes, p inserts, C-g tells, C-a adds; goto reads hex"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "set keys=vi", "<Enter>", "x").row(0, r"45 4c 46 00")
        t.keys("v", "l", "y", "p").row(0, r"45 45 4c 4c")
        t.keys("C-a").bar("BROWSE")
        t.keys(":", "set keys=sextant", "<Enter>", "x").wait("latin-1 guessed LF$")


def help_of_the_preset():
    """F1 shows the keys of the preset that is used, filters, and explains"""
    with session("firmware.bin", FIRMWARE, "--keys", "hexedit") as t:
        t.bar("OVERWRITE")
        t.keys("<F1>").wait("^help: every command")
        t.keys("/", "write the changes").wait(r"^ write +.*C-w")
        t.keys("<Enter>").wait("^usage|usage +write|Write the changes")
        t.keys("q").bar("OVERWRITE")


def palette():
    """the palette searches commands and runs one"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("<F9>").message("^filter:").wait("^palette")
        t.keys("last-b").wait(r"^ last-byte +G, >")
        t.keys("<Enter>").bar(f"  {len(FIRMWARE) - 1}  ")
        t.keys("M-x", "assign", "<Enter>").message("^:assign")


def configuration():
    """the configuration sets options and binds keys; mistakes name their line"""
    with configured("# mine\ncolumns = 8\nbind t last-byte\nbind \"g x\" first-byte\n") as t:
        t.row(8, "^00000008  04 05 06 07 08 09 0a 0b  ")
        t.keys("t").bar(f"  {len(FIRMWARE) - 1}  ")
        t.keys("g", "x").bar("0x00000000")
    with configured("\ncolums = 8\n") as t:
        t.message("^configuration, line 2: no option is called 'colums'")
    with configured("theme = light\nnohints\n") as t:
        t.bar("BROWSE")
        assert "Arrows" not in t.text()


def setting():
    """:set, completion by Tab, what a z key changes"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "set columns=8", "<Enter>").row(8, "^00000008  04 05").message("^columns=8: bytes a row")
        t.keys("z", "m").message("^nomap: the map of the file").keys(":", "set map", "<Enter>").message("^map: the map of")
        t.keys(")").row(9, "^00000009 ")
        t.keys("(").row(8, "^00000008 ")
        t.keys(":", "set columns=0", "<Enter>", "z", ")").row(0xF, "^0000000f  0b 0c")
        t.keys("z", "(", "z", "u").row(0, "7F 45 4C 46")
        t.keys("z", "u", "z", "r").wait("^ *0*16  0c 0d")
        t.keys("z", "r", ":", "set thee", "<Enter>").message("no option is called 'thee'")
        t.keys(":", "se", "<Tab>").wait("^ select ").keys("C-u", "set the", "<Tab>").message("^:set theme=")
        t.keys("<Tab>").wait("^ dark").keys("C-u", "wirte", "<Enter>").message("^:wirte: no such command; write\?$")
        t.keys(":", "set base=0x8000000", "<Enter>").wait("^08000000  7f 45")


def speaking():
    """:set speak gives one line, value first, and no decoration"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "set speak", "<Enter>", "l", "h").message("^7f 127, delete, 0x0$")
        t.keys("l").message("^45 69, E, 0x1$")
        assert "firmware" not in t.text()


run(hexedit, hxd, emacs, vi, help_of_the_preset, palette, configuration, setting, speaking)
