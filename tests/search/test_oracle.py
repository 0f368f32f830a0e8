"""Searches beside Python: its `re` on bytes, and plain loops for text, hex, masks and numbers, in windows of any size.

usage: test_oracle.py [ROUNDS]
"""
import ctypes
import os
import random
import re
import signal
import struct
import sys
import time
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_bool, c_char_p, c_int, c_size_t, c_uint, c_void_p

try:
    from re import _parser as parser
except ImportError:  # before 3.11
    import sre_parse as parser

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sextant  # noqa: E402
from sextant import Bytes, Span, SxError, lib  # noqa: E402
from tap import Tap  # noqa: E402

GROUPS = 100
SEED = int(os.environ.get("SEED", time.time_ns() // 1000))
rng = random.Random(SEED)


class Match(Structure):
    _fields_ = [("span", Span), ("groups", c_size_t), ("group", Span * GROUPS)]


class Options(Structure):
    _fields_ = [("window", c_size_t), ("reach", c_size_t), ("threads", c_uint), ("gather", c_bool)]


SINK = CFUNCTYPE(c_bool, c_void_p, POINTER(Match))
lib.sx_pattern_new.argtypes = [POINTER(c_void_p), Bytes, c_int, c_uint, POINTER(SxError)]
lib.sx_pattern_new.restype = c_bool
lib.sx_pattern_release.argtypes = [c_void_p]
lib.sx_source_memory.argtypes = [Bytes, c_bool]
lib.sx_source_memory.restype = c_void_p
lib.sx_source_release.argtypes = [c_void_p]
lib.sx_search_each.argtypes = [c_void_p, c_void_p, Span, c_bool, POINTER(Options), c_void_p, SINK, c_void_p, c_void_p,
                               POINTER(SxError)]
ANY = 0


def borrowed(data):
    return Bytes(ctypes.cast(c_char_p(data), c_void_p), len(data))


def ours(pattern, data, options):
    """All matches with their groups, or the library's refusal."""
    p, err, got = c_void_p(), SxError(), []
    if not lib.sx_pattern_new(byref(p), borrowed(pattern), ANY, 0, byref(err)):
        return err.text.decode()

    def note(_, match):
        m = match.contents
        got.append(tuple((g.at, g.at + g.len) if g.at != sextant.SIZE_MAX else (-1, -1) for g in m.group[:m.groups]))
        return True

    source = lib.sx_source_memory(borrowed(data), False)
    found = lib.sx_search_each(p, source, Span(0, sextant.SIZE_MAX), True, byref(options), None, SINK(note), None, None,
                               byref(err))
    lib.sx_source_release(source)
    lib.sx_pattern_release(p)
    return got if found != sextant.STOPPED else "gave up"


# --- regular expressions that Python and PCRE2 read alike ---------------------------------------------------------------

def item(depth):
    kind = rng.randrange(12 if depth else 8)
    if kind < 4:
        text = rng.choice(["a", "b", "c", "0", r"\.", " ", "ab", "ca", r"\n", r"\x00"])
    elif kind < 7:
        text = rng.choice([".", "[ab]", "[^a]", r"\w", r"\d", r"\s", r"\W", "[a-c0]", r"[^\n]", "[0-9]"])
    elif kind == 7:
        return rng.choice(["^", "$", r"\b", r"\B", "(?=a)", "(?!b)", "(?<=c)", "(?<!a)"])
    else:
        text = rng.choice(["(", "(?:"]) + alternatives(depth - 1) + ")"
        if "(" in text[1:] and rng.randrange(3):
            return text
    if rng.randrange(3) == 0:
        text = text if len(text) == 1 or text[0] in "([\\" and text != "ab" else f"(?:{text})"
        if text[0] == "(" and len(text) > 6 and parser.parse(text).getwidth()[0] == 0:
            return text  # what repeats the empty is where Python and Perl part
        bounded = ["?", "{1,3}", "{2}", "??", "{0,2}"]  # of groups: Python would often try all ways for hours
        text += rng.choice(bounded if text[0] == "(" and len(text) > 6 else bounded + ["+", "*", "+?"])
    return text


def alternatives(depth):
    return "|".join("".join(item(depth) for _ in range(rng.randrange(1, 5))) for _ in range(1 + (rng.randrange(4) == 0)))


def random_data():
    alphabet = rng.choice([b"ab", b"abc0. \n", b"ab\n\x00", b"abcdefghijklm nopqrst0123456789.\n"])
    data = bytes(rng.choice(alphabet) for _ in range(rng.randrange(600)))
    return data if rng.randrange(3) else data + bytes(rng.randrange(300)) + data[:50]


def random_options():
    return Options(window=rng.choice([0, rng.randrange(8, 65), rng.randrange(8, 65)]), threads=rng.randrange(1, 5),
                   gather=rng.randrange(3) == 0)


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong


def in_time(function):
    """What it returns; TooLong: after a second of computing it has not ended, and would perhaps go on for hours."""
    signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, 1)
    try:
        return function()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def regex_round():
    try:
        return in_time(one_regex)
    except TooLong:
        return regex_round()


def one_regex():
    text, data = alternatives(2), random_data() + b"."  # behind a last newline, ^ matches for Python alone
    flags = {f: rng.randrange(3) == 0 for f in "ims"}
    letters = "".join(f for f in flags if flags[f])
    value = sum(getattr(re, f.upper()) for f in letters)
    want = [tuple(m.span(i) for i in range(m.re.groups + 1)) for m in re.finditer(text.encode(), data, value)]
    return f"/{text}/{letters}", data, want


# --- what plain loops can tell ------------------------------------------------------------------------------------------

def loop(data, length, matches):
    """The set: leftmost, then on behind it."""
    at, found = 0, []
    while at + length <= len(data):
        if matches(data[at:at + length]):
            found.append(((at, at + length),))
            at += length
        else:
            at += 1
    return found


def text_round():
    data, word = random_data(), bytes(rng.choice(b"abc0 ") for _ in range(rng.randrange(1, 6)))
    shown = '"' + word.decode() + '"'
    if rng.randrange(2):
        mixed = bytes(c ^ 0x20 if chr(c).isalpha() and rng.randrange(2) else c for c in data)
        return shown.upper() + " nocase", mixed, loop(mixed, len(word), lambda b: b.lower() == word)
    wide = b"".join(bytes([c, 0]) for c in word)
    mixed = data[:len(data) // 2] + wide + data[len(data) // 2:] + wide
    return shown + " wide", mixed, loop(mixed, len(wide), lambda b: b == wide)


def mask_round():
    masks = [(rng.randrange(256), rng.choice([0xff, 0xf0, 0x0f, 0xff, 0, 0xc3])) for _ in range(rng.randrange(1, 6))]
    data = random_data()
    if data and rng.randrange(2):
        at = rng.randrange(len(data))
        masks = [(b, m) for b, (_, m) in zip(data[at:], masks)] or masks
    forms = {0xff: "{0:02x}", 0xf0: "{1:x}?", 0x0f: "?{2:x}", 0: "??", 0xc3: "{3:02x}&c3"}
    text = " ".join(forms[m].format(v, v >> 4, v & 15, v & m) for v, m in masks)
    return "{ " + text + " }", data, loop(data, len(masks), lambda b: all(c & m == v & m for c, (v, m) in zip(b, masks)))


def number_round():
    name, form = rng.choice([("u8", "<B"), ("i8", "<b"), ("u16le", "<H"), ("i16be", ">h"), ("u32be", ">I"), ("i32le", "<i"),
                             ("u64le", "<Q"), ("i64be", ">q")])
    data, size = random_data() + rng.randbytes(100), struct.calcsize(form)
    a, b = sorted(struct.unpack_from(form, data, rng.randrange(len(data) - size))[0] for _ in range(2))
    tests = {f"= {a}": lambda v: v == a, f"in {a}..{b}": lambda v: a <= v <= b, f"<= {a}": lambda v: v <= a,
             f">= {b}": lambda v: v >= b, f"!= {a}": lambda v: v != a}
    said, test = rng.choice(list(tests.items()))
    return f"{name} {said}", data, loop(data, size, lambda raw: test(struct.unpack(form, raw)[0]))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print(f"# SEED={SEED}")
    t = Tap()
    gave_up = 0
    kinds = [regex_round, regex_round, regex_round, text_round, mask_round, number_round]
    for n in range(rounds):
        pattern, data, want = kinds[n % len(kinds)]()
        options = random_options()
        got = ours(pattern.encode(), data, options)
        gave_up += got == "gave up"
        if got not in (want, "gave up"):
            t.is_(got, want, f"{pattern} in {data!r}, window {options.window}, threads {options.threads}")
        if t.failed == 5:
            break
    t.ok(not t.failed, f"{rounds} searches find what Python finds")
    t.ok(gave_up <= rounds // 100, f"{gave_up} gave up")
    sys.exit(t.done())


main()
