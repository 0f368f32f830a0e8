"""libsextant through ctypes: the mapping object with the names of Python's own.

    m = Map.open("file", access=READ)
    m.find(b"word"), m.read(10), m[3:7], ...

Every call returns what the library returns or raises Error with its code's word (error.h) and text.
"""
import ctypes
import os
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_bool, c_char, c_char_p, c_int, c_int64, c_size_t, c_ubyte,
                    c_uint, c_uint32, c_uint64, c_void_p)

lib = ctypes.CDLL(os.environ.get("LIBSEXTANT", "build/src/libsextant.so"))

DEFAULT, READ, WRITE, COPY = range(4)
EXTEND, PRIVATE, CREATE, SHARED, PROT_READ, PROT_WRITE = (1 << i for i in range(6))
FROM_POS, TO_END = -(1 << 63), (1 << 63) - 1
ALL = (0, (1 << 64) - 1)
FOUND, ABSENT, STOPPED, FAILED = range(4)
VIEW, SCAN = range(2)
DATA, HOLE, FILL, LOST = range(4)
HERE, IN_HOLE, PENDING, IS_LOST = range(4)
FILE, BLOCK, CHAR, PROC, MEMORY, STREAM = range(6)
SIZE_MAX = (1 << 64) - 1


class SxError(Structure):
    _fields_ = [("code", c_int), ("sys", c_int), ("column", c_uint32), ("text", c_char * 320)]


class Bytes(Structure):
    _fields_ = [("data", c_void_p), ("len", c_size_t)]


class Span(Structure):
    _fields_ = [("at", c_uint64), ("len", c_uint64)]


class Options(Structure):
    _fields_ = [("access", c_int), ("offset", c_int64), ("length", c_uint64), ("flags", c_uint), ("window", c_size_t)]


class Pin(Structure):
    _fields_ = [("data", c_void_p), ("span", Span), ("owner", c_void_p), ("ticket", c_uint64)]


class Extent(Structure):
    _fields_ = [("span", Span), ("kind", c_int), ("fill", c_ubyte), ("direct", c_bool)]


class Error(Exception):
    def __init__(self, err):
        self.kind = lib.sx_code_name(err.code).decode()
        self.text = err.text.decode(errors="backslashreplace")
        super().__init__(f"{self.kind}: {self.text}")


def _declare(name, result, *arguments):
    function = getattr(lib, name)
    function.restype, function.argtypes = result, arguments


_E, _M = POINTER(SxError), c_void_p
_declare("sx_code_name", c_char_p, c_int)
_declare("sx_map_open", c_bool, POINTER(_M), c_char_p, POINTER(Options), _E)
_declare("sx_map_open_fd", c_bool, POINTER(_M), c_int, POINTER(Options), _E)
_declare("sx_map_open_anonymous", c_bool, POINTER(_M), c_uint64, c_uint, _E)
_declare("sx_map_open_stream", c_bool, POINTER(_M), c_int, c_char_p, c_void_p, _E)
_declare("sx_map_close", None, _M)
_declare("sx_map_closed", c_bool, _M)
_declare("sx_map_free", None, _M)
for _name in "length", "size", "tell":
    _declare("sx_map_" + _name, c_bool, _M, POINTER(c_uint64), _E)
_declare("sx_map_seek", c_bool, _M, c_int64, c_int, _E)
_declare("sx_map_seek_to", c_bool, _M, c_uint64, _E)
_declare("sx_map_access", c_int, _M)
_declare("sx_map_get", c_bool, _M, c_int64, POINTER(c_ubyte), _E)
_declare("sx_map_set", c_bool, _M, c_int64, c_ubyte, _E)
_declare("sx_slice", Span, c_uint64, c_int64, c_int64)
_declare("sx_map_slice", c_bool, _M, c_int64, c_int64, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_map_slice_step", c_bool, _M, c_int64, c_int64, c_int64, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_map_peek", c_bool, _M, c_uint64, c_void_p, c_size_t, POINTER(c_size_t), _E)
_declare("sx_map_assign", c_bool, _M, c_int64, c_int64, Bytes, _E)
_declare("sx_map_store", c_bool, _M, c_uint64, Bytes, _E)
for _name in "find", "rfind":
    _declare("sx_map_" + _name, c_int, _M, Bytes, c_int64, c_int64, c_void_p, POINTER(c_uint64), _E)
_declare("sx_map_contains", c_int, _M, Bytes, _E)
_declare("sx_map_read", c_bool, _M, c_size_t, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_map_read_into", c_bool, _M, c_void_p, c_size_t, POINTER(c_size_t), _E)
_declare("sx_map_read_byte", c_bool, _M, POINTER(c_ubyte), _E)
_declare("sx_map_readline", c_bool, _M, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_map_write", c_bool, _M, Bytes, _E)
_declare("sx_map_write_byte", c_bool, _M, c_ubyte, _E)
_declare("sx_map_resize", c_bool, _M, c_uint64, _E)
_declare("sx_map_move", c_bool, _M, c_uint64, c_uint64, c_uint64, _E)
_declare("sx_map_flush", c_bool, _M, Span, _E)
_declare("sx_map_advise", c_bool, _M, c_char_p, Span, c_bool, _E)
_declare("sx_map_advice_name", c_char_p, c_size_t)
_declare("sx_map_source", c_void_p, _M)
_declare("sx_map_kind", c_int, _M)
_declare("sx_map_set_access", c_bool, _M, c_int, _E)
_declare("sx_map_write_through", c_bool, _M, _E)
_declare("sx_map_discard", c_bool, _M, _E)
_declare("sx_map_refresh", c_bool, _M, POINTER(c_bool), _E)
_declare("sx_map_fd", c_int, _M)
_declare("sx_map_lost", c_bool, _M, Span)
_declare("sx_map_sigbus", c_bool, c_bool, _E)
_declare("sx_source_release", None, c_void_p)
_declare("sx_source_size", c_uint64, c_void_p)
_declare("sx_source_pin", c_bool, c_void_p, Span, c_int, POINTER(Pin), _E)
_declare("sx_source_unpin", None, c_void_p, POINTER(Pin))
_declare("sx_source_stale", c_bool, c_void_p, POINTER(Pin))
_declare("sx_source_lost", c_size_t, c_void_p, Span, POINTER(Span), c_size_t)
_declare("sx_source_peek", None, c_void_p, Span, c_void_p, c_void_p)
_declare("sx_source_extent", c_bool, c_void_p, c_uint64, POINTER(Extent), _E)
_declare("sx_job_new", c_void_p)
_declare("sx_job_free", None, c_void_p)
_declare("sx_job_cancel", None, c_void_p)

_free = ctypes.CDLL(None).free
_free.argtypes = [c_void_p]


def check(function, *arguments):
    err = SxError()
    if not function(*arguments, byref(err)):
        raise Error(err)


def _bytes(data):
    data = bytes(data)
    keep = ctypes.create_string_buffer(data, len(data))
    value = Bytes(ctypes.cast(keep, c_void_p), len(data))
    value.keep = keep
    return value


def _block(function, *arguments):
    data, length = c_void_p(), c_size_t()
    check(function, *arguments, byref(data), byref(length))
    result = ctypes.string_at(data, length.value)
    _free(data)
    return result


class Source:
    """An SxSource; peek, pin, lost, extents as Python values."""

    def __init__(self, handle):
        self.handle = handle

    def close(self):
        if self.handle:
            lib.sx_source_release(self.handle)
        self.handle = None

    def size(self):
        return lib.sx_source_size(self.handle)

    def pin(self, at, length, use=VIEW):
        pin = Pin()
        check(lib.sx_source_pin, self.handle, Span(at, length), use, byref(pin))
        return pin

    def unpin(self, pin):
        lib.sx_source_unpin(self.handle, byref(pin))

    def stale(self, pin):
        return lib.sx_source_stale(self.handle, byref(pin))

    def read(self, at, length, use=VIEW):
        pin = self.pin(at, length, use)
        data = ctypes.string_at(pin.data, length)
        self.unpin(pin)
        return data

    def lost(self, at, length, most=32):
        spans = (Span * most)()
        count = lib.sx_source_lost(self.handle, Span(at, length), spans, most)
        return [(s.at, s.len) for s in spans[:min(count, most)]]

    def peek(self, at, length):
        data, states = ctypes.create_string_buffer(length), ctypes.create_string_buffer(length)
        lib.sx_source_peek(self.handle, Span(at, length), data, states)
        return data.raw, states.raw

    def extent(self, at):
        extent = Extent()
        check(lib.sx_source_extent, self.handle, at, byref(extent))
        return extent

    def extents(self, at=0, end=None):
        end = self.size() if end is None else end
        result = []
        while at < end:
            e = self.extent(at)
            result.append((at, e.span.at + e.span.len, e.kind))
            at = e.span.at + e.span.len
        return result


class Map:
    """An SxMap with the names of Python's mmap."""

    def __init__(self, handle):
        self.handle = handle

    @classmethod
    def open(cls, path, access=DEFAULT, offset=0, length=0, flags=0, window=0):
        handle = c_void_p()
        check(lib.sx_map_open, byref(handle), os.fsencode(path), byref(Options(access, offset, length, flags, window)))
        return cls(handle)

    @classmethod
    def open_fd(cls, fd, access=DEFAULT, offset=0, length=0, flags=0, window=0):
        handle = c_void_p()
        check(lib.sx_map_open_fd, byref(handle), fd, byref(Options(access, offset, length, flags, window)))
        return cls(handle)

    @classmethod
    def anonymous(cls, length, flags=0):
        handle = c_void_p()
        check(lib.sx_map_open_anonymous, byref(handle), length, flags)
        return cls(handle)

    @classmethod
    def stream(cls, fd, name="stream", job=None):
        handle = c_void_p()
        check(lib.sx_map_open_stream, byref(handle), fd, name.encode(), job)
        return cls(handle)

    def close(self):
        lib.sx_map_close(self.handle)

    def free(self):
        lib.sx_map_free(self.handle)
        self.handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.free()

    def _number(self, function):
        value = c_uint64()
        check(function, self.handle, byref(value))
        return value.value

    @property
    def closed(self):
        return lib.sx_map_closed(self.handle)

    @property
    def access(self):
        return lib.sx_map_access(self.handle)

    @property
    def kind(self):
        return lib.sx_map_kind(self.handle)

    @property
    def fd(self):
        return lib.sx_map_fd(self.handle)

    def length(self):
        return self._number(lib.sx_map_length)

    def __len__(self):
        return self.length()

    def size(self):
        return self._number(lib.sx_map_size)

    def tell(self):
        return self._number(lib.sx_map_tell)

    def seek(self, offset, whence=0):
        check(lib.sx_map_seek, self.handle, offset, whence)

    def seek_to(self, offset):
        check(lib.sx_map_seek_to, self.handle, offset)

    def get(self, index):
        value = c_ubyte()
        check(lib.sx_map_get, self.handle, index, byref(value))
        return value.value

    def set(self, index, value):
        check(lib.sx_map_set, self.handle, index, value)

    def slice(self, a=None, b=None, step=None):
        if step is None:
            return _block(lib.sx_map_slice, self.handle, 0 if a is None else a, TO_END if b is None else b)
        return _block(lib.sx_map_slice_step, self.handle, FROM_POS if a is None else a, FROM_POS if b is None else b,
                      step)

    def assign(self, a, b, data):
        check(lib.sx_map_assign, self.handle, 0 if a is None else a, TO_END if b is None else b, _bytes(data))

    def __getitem__(self, key):
        return self.slice(key.start, key.stop, key.step) if isinstance(key, slice) else self.get(key)

    def __setitem__(self, key, value):
        if isinstance(key, slice):
            self.assign(key.start, key.stop, value)
        else:
            self.set(key, value)

    def peek(self, at, most):
        data, got = ctypes.create_string_buffer(most), c_size_t()
        check(lib.sx_map_peek, self.handle, at, data, most, byref(got))
        return data.raw[:got.value]

    def store(self, at, data):
        check(lib.sx_map_store, self.handle, at, _bytes(data))

    def _look(self, function, needle, start, end, job):
        at, err = c_uint64(), SxError()
        found = function(self.handle, _bytes(needle), FROM_POS if start is None else start,
                         TO_END if end is None else end, job, byref(at), byref(err))
        if found == FAILED:
            raise Error(err)
        return at.value if found == FOUND else -1 if found == ABSENT else None

    def find(self, needle, start=None, end=None, job=None):
        """The offset, -1 when absent, None when stopped."""
        return self._look(lib.sx_map_find, needle, start, end, job)

    def rfind(self, needle, start=None, end=None, job=None):
        return self._look(lib.sx_map_rfind, needle, start, end, job)

    def contains(self, needle):
        err = SxError()
        found = lib.sx_map_contains(self.handle, _bytes(needle), byref(err))
        if found == FAILED:
            raise Error(err)
        return found == FOUND

    def read(self, count=None):
        return _block(lib.sx_map_read, self.handle, SIZE_MAX if count is None or count < 0 else count)

    def read_into(self, most):
        data, got = ctypes.create_string_buffer(most), c_size_t()
        check(lib.sx_map_read_into, self.handle, data, most, byref(got))
        return data.raw[:got.value]

    def read_byte(self):
        value = c_ubyte()
        check(lib.sx_map_read_byte, self.handle, byref(value))
        return value.value

    def readline(self):
        return _block(lib.sx_map_readline, self.handle)

    def write(self, data):
        check(lib.sx_map_write, self.handle, _bytes(data))
        return len(data)

    def write_byte(self, value):
        check(lib.sx_map_write_byte, self.handle, value)

    def resize(self, length):
        check(lib.sx_map_resize, self.handle, length)

    def move(self, dest, src, count):
        check(lib.sx_map_move, self.handle, dest, src, count)

    def flush(self, at=ALL[0], length=ALL[1]):
        check(lib.sx_map_flush, self.handle, Span(at, length))

    def advise(self, name, at=ALL[0], length=ALL[1], force=False):
        check(lib.sx_map_advise, self.handle, name.encode(), Span(at, length), force)

    def set_access(self, access):
        check(lib.sx_map_set_access, self.handle, access)

    def write_through(self):
        check(lib.sx_map_write_through, self.handle)

    def discard(self):
        check(lib.sx_map_discard, self.handle)

    def refresh(self):
        changed = c_bool()
        check(lib.sx_map_refresh, self.handle, byref(changed))
        return changed.value

    def lost(self, at=ALL[0], length=ALL[1]):
        return lib.sx_map_lost(self.handle, Span(at, length))

    def source(self):
        return Source(lib.sx_map_source(self.handle))


def advice_names():
    names, i = [], 0
    while lib.sx_map_advice_name(i):
        names.append(lib.sx_map_advice_name(i).decode())
        i += 1
    return names
