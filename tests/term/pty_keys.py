"""Keys through a real terminal line: time, torn sequences, paste, mouse, resize, hang-up."""
import os
import time

from driver import Driver, Tap

tap = Tap()


def heard(d, data, count):
    d.send_bytes(data)
    return [d.say(3) for _ in range(count)]


def start(*args, **options):
    d = Driver(*args, **options)
    assert d.say() == "ready"
    return d


def plain(mode):
    def case():
        with start(mode, 25) as d:
            for data, want in [
                (b"j", ["key j"]), (b"\x1b[A", ["key Up"]), (b"\x1bOP", ["key F1"]), (b"\x1b[6~", ["key PgDn"]),
                (b"\x1bx", ["key M-x"]), (b"\x03\x13\x11\x1a", ["key C-c", "key C-s", "key C-q", "key C-z"]),
                (b"\x16\x0f\x1c", ["key C-v", "key C-o", "key C-\\"]), (b"\r\n", ["key Enter", "key Enter"]),
                (b"\x1b[<0;5;6M", ["mouse press 4 5 0"]), ("ä€".encode(), ["key ä", "key €"]),
                (b"\x1b[200~ab\rc\x1b[201~", ["paste 4 61620d63"]), (b"\x1b[I", ["focus 1"]),
                (b"\x1b", ["key Esc"]),
            ]:
                got = heard(d, data, len(want))
                assert got == want, f"{data}: {got}, not {want}"
            d.resize(100, 30)
            assert d.say() == "resize 100 30"
            d.send("q")
            assert d.say() == "key q" and d.say() == "done" and d.wait_exit() == "exit 0"
    case.__doc__ = f"keys as they come, {'waiting in the call' if mode == 'keys' else 'waiting on the descriptor'}"
    return case


tap.case(plain("keys"))
tap.case(plain("loop"))


@tap.case
def lone_escape_takes_its_time():
    """a lone Esc comes after its time, not before"""
    with start("loop", 300) as d:
        d.send_bytes(b"\x1b")
        began = time.perf_counter()
        assert d.say(3) == "key Esc"
        assert 0.25 < time.perf_counter() - began < 2
        d.send_bytes(b"\x1b")
        time.sleep(0.1)
        d.send_bytes(b"u")
        assert d.say(3) == "key M-u"


@tap.case
def torn():
    """keys torn after each byte bring nothing that a keymap binds"""
    for mode in ("keys", "loop"):
        with start(mode, 25) as d:
            for data in (b"\x1bOA", b"\x1b[3~", b"\x1b[<0;9;9M"):
                for byte in data:
                    d.send_bytes(bytes([byte]))
                    time.sleep(0.06)
                got = d.all(0.15)
                assert got and set(got) <= {"key Esc", "key Unknown"}, f"{data}: {got}"
            d.send("q")
            assert d.say() == "key q"


@tap.case
def much():
    """a big paste, and 20000 keys at once"""
    with start("loop", 25) as d:
        d.send_bytes(b"\x1b[200~" + b"x" * 300000 + b"\x1b[201~")
        assert d.say(20).startswith("paste 300000 7878")
        d.send_bytes(b"jk" * 10000)
        got = [d.say(20) for _ in range(20000)]
        assert got == ["key j", "key k"] * 10000
        d.send("q")
        assert d.say() == "key q"


@tap.case
def hang_up():
    """the line goes: that is seen at once"""
    for mode in ("keys", "loop"):
        with start(mode, 25) as d:
            os.close(d.fd)
            d.fd = os.open("/dev/null", os.O_RDWR)
            said = d.said.get(timeout=5)
            if said.startswith("resize"):  # a hang-up sends SIGCONT too
                said = d.said.get(timeout=5)
            assert said == "closed", said


@tap.case
def from_a_pipe():
    """input from a pipe: keys come from /dev/tty"""
    reader, writer = os.pipe()
    os.write(writer, b"data, not keys")
    os.close(writer)
    with start("keys", 25, stdin=reader) as d:
        os.close(reader)
        assert heard(d, b"k", 1) == ["key k"]


@tap.case
def dumb():
    """a terminal that cannot place its cursor is refused with a sentence"""
    with Driver("keys", 25, term="dumb") as d:
        assert d.wait_exit() == "exit 1"
        assert "cannot place its cursor" in d.text().replace("\n", ""), d.text()


tap.done()
