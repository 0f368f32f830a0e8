"""SxDocument through ctypes: the verbs of the mapping by the names of Python's own, and the edits."""
import os
from ctypes import POINTER, Structure, byref, c_bool, c_char_p, c_int, c_int64, c_size_t, c_ubyte, c_uint, c_uint64, c_void_p

from sextant import (ABSENT, ALL, DEFAULT, FAILED, FOUND, FROM_POS, SIZE_MAX, TO_END, Bytes, Error, Span, SxError, _block,
                     _bytes, _declare, check, lib)

REFUSE, WRITE_PENDING, DISCARD = range(3)


class Options(Structure):
    _fields_ = [("access", c_int), ("offset", c_int64), ("length", c_uint64), ("state_dir", c_char_p), ("create", c_bool),
                ("tail_limit", c_uint64), ("fanout", c_uint), ("chunk", c_size_t), ("window", c_size_t)]


class Changes(Structure):
    _fields_ = [("hunks", c_uint64), ("bytes", c_uint64), ("written", c_uint64), ("length_changed", c_bool)]


_E, _D = POINTER(SxError), c_void_p
_declare("sx_document_open", c_bool, POINTER(_D), c_char_p, POINTER(Options), _E)
_declare("sx_document_new", c_bool, POINTER(_D), c_uint64, POINTER(Options), _E)
_declare("sx_document_free", None, _D, c_bool)
for _name in "length", "file_size", "tell", "generation", "undo_count", "redo_count":
    _declare("sx_document_" + _name, c_uint64, _D)
_declare("sx_document_access", c_int, _D)
_declare("sx_document_modified", c_bool, _D)
_declare("sx_document_changes", Changes, _D)
_declare("sx_document_check", c_bool, _D, _E)
_declare("sx_document_seek", c_bool, _D, c_int64, c_int, _E)
_declare("sx_document_get", c_bool, _D, c_int64, POINTER(c_ubyte), _E)
_declare("sx_document_slice", c_bool, _D, c_int64, c_int64, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_document_read", c_bool, _D, c_size_t, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_document_read_byte", c_bool, _D, POINTER(c_ubyte), _E)
_declare("sx_document_readline", c_bool, _D, POINTER(c_void_p), POINTER(c_size_t), _E)
_declare("sx_document_write", c_bool, _D, Bytes, _E)
_declare("sx_document_assign", c_bool, _D, c_int64, c_int64, Bytes, _E)
for _name in "find", "rfind":
    _declare("sx_document_" + _name, c_int, _D, Bytes, c_int64, c_int64, c_void_p, POINTER(c_uint64), _E)
_declare("sx_document_move", c_bool, _D, c_uint64, c_uint64, c_uint64, _E)
_declare("sx_document_resize", c_bool, _D, c_uint64, _E)
_declare("sx_document_flush", c_bool, _D, Span, _E)
_declare("sx_document_advise", c_bool, _D, c_char_p, Span, c_bool, _E)
_declare("sx_document_insert", c_bool, _D, c_uint64, Bytes, _E)
_declare("sx_document_delete", c_bool, _D, Span, _E)
_declare("sx_document_undo", c_bool, _D, c_void_p, _E)
_declare("sx_document_redo", c_bool, _D, c_void_p, _E)
_declare("sx_document_set_access", c_bool, _D, c_int, c_int, _E)


class Document:
    """An SxDocument; what is a verb of the mapping has its name and its answers."""

    def __init__(self, handle):
        self.handle = handle

    @classmethod
    def open(cls, path, access=DEFAULT, offset=0, length=0, fanout=0, chunk=0, window=0, state_dir=None):
        handle = c_void_p()
        options = Options(access, offset, length, state_dir, False, 0, fanout, chunk, window)
        check(lib.sx_document_open, byref(handle), os.fsencode(path), byref(options))
        return cls(handle)

    @classmethod
    def new(cls, length):
        handle = c_void_p()
        check(lib.sx_document_new, byref(handle), length, None)
        return cls(handle)

    def free(self):
        lib.sx_document_free(self.handle, False)
        self.handle = None

    def length(self):
        return lib.sx_document_length(self.handle)

    def size(self):
        return lib.sx_document_file_size(self.handle)

    def tell(self):
        return lib.sx_document_tell(self.handle)

    @property
    def modified(self):
        return lib.sx_document_modified(self.handle)

    @property
    def changes(self):
        return lib.sx_document_changes(self.handle)

    def seek(self, offset, whence=0):
        check(lib.sx_document_seek, self.handle, offset, whence)

    def get(self, index):
        value = c_ubyte()
        check(lib.sx_document_get, self.handle, index, byref(value))
        return value.value

    def slice(self, a=None, b=None, _step=None):
        return _block(lib.sx_document_slice, self.handle, 0 if a is None else a, TO_END if b is None else b)

    def assign(self, a, b, data):
        check(lib.sx_document_assign, self.handle, 0 if a is None else a, TO_END if b is None else b, _bytes(data))

    def _look(self, function, needle, start, end):
        at, err = c_uint64(), SxError()
        found = function(self.handle, _bytes(needle), FROM_POS if start is None else start,
                         TO_END if end is None else end, None, byref(at), byref(err))
        if found == FAILED:
            raise Error(err)
        return at.value if found == FOUND else -1 if found == ABSENT else None

    def find(self, needle, start=None, end=None):
        return self._look(lib.sx_document_find, needle, start, end)

    def rfind(self, needle, start=None, end=None):
        return self._look(lib.sx_document_rfind, needle, start, end)

    def read(self, count=None):
        return _block(lib.sx_document_read, self.handle, SIZE_MAX if count is None or count < 0 else count)

    def read_byte(self):
        value = c_ubyte()
        check(lib.sx_document_read_byte, self.handle, byref(value))
        return value.value

    def readline(self):
        return _block(lib.sx_document_readline, self.handle)

    def write(self, data):
        check(lib.sx_document_write, self.handle, _bytes(data))
        return len(data)

    def write_byte(self, value):
        self.write(bytes([value]))

    def move(self, dest, src, count):
        check(lib.sx_document_move, self.handle, dest, src, count)

    def resize(self, length):
        check(lib.sx_document_resize, self.handle, length)

    def flush(self, at=ALL[0], length=ALL[1]):
        check(lib.sx_document_flush, self.handle, Span(at, length))

    def advise(self, name, at=ALL[0], length=ALL[1], force=False):
        check(lib.sx_document_advise, self.handle, name.encode(), Span(at, length), force)

    def insert(self, at, data):
        check(lib.sx_document_insert, self.handle, at, _bytes(data))

    def delete(self, at, length):
        check(lib.sx_document_delete, self.handle, Span(at, length))

    def undo(self):
        check(lib.sx_document_undo, self.handle, None)

    def redo(self):
        check(lib.sx_document_redo, self.handle, None)

    def set_access(self, access, pending=REFUSE):
        check(lib.sx_document_set_access, self.handle, access, pending)

    def check(self):
        check(lib.sx_document_check, self.handle)
