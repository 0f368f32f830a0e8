"""A file system with one file whose reads wait until they are let go: a disk that hangs, as FUSE.

    with SlowFs(folder, content) as fs:     # fs.path is the file
        fs.hold(65536)                      # reads at and behind this offset wait from now on
        fs.let_go()
        fs.fail(4096, 8192)                 # reads of these bytes fail with EIO, until fs.mend(), or until they are all
                                            # written: as a disk does that has sectors to spare
        fs.go_away()                        # no question of any kind is answered, until fs.let_go()

Needs /dev/fuse and the right to mount: usable() says whether they are there.
"""
import ctypes
import errno
import os
import queue
import struct
import threading

LIBC = ctypes.CDLL(None, use_errno=True)
WRITE, FSYNC, SETATTR = 16, 20, 4
LOOKUP, FORGET, GETATTR, OPEN, READ, STATFS, RELEASE, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR = 1, 2, 3, 14, 15, 17, 18, 25, 26, 27, 28, 29
INTERRUPT, DESTROY, BATCH_FORGET = 36, 38, 42
ASYNC_READ = 1  # so that a killed reader does not wait for the answer, as with a disk
NAME = b"slow.bin"


class SlowFs:
    def __init__(self, folder, content, attributes_hold=3600):
        """attributes_hold: seconds for which the kernel need not ask for size and times again."""
        self.folder, self.content, self.attributes_hold = folder, content, attributes_hold
        self.gone = None
        self.path = os.path.join(folder, NAME.decode())
        self.held = None
        self.broken = None
        self.gate = threading.Event()
        self.waiting = threading.Event()
        self.later = queue.Queue()

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        self.fd = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self.fd},rootmode=40000,user_id=0,group_id=0".encode()
        if LIBC.mount(b"slowfs", self.folder.encode(), b"fuse", 0, options) != 0:
            code = ctypes.get_errno()
            os.close(self.fd)
            raise OSError(code, os.strerror(code))
        threading.Thread(target=self._serve, daemon=True).start()
        threading.Thread(target=self._serve_late, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.let_go()
        LIBC.umount2(self.folder.encode(), 2)
        os.close(self.fd)

    def hold(self, offset):
        self.gate.clear()
        self.waiting.clear()
        self.held = offset

    def let_go(self):
        self.held = None
        self.gate.set()
        unanswered, self.gone = self.gone or [], None
        for request in unanswered:
            self._answer(*request)

    def go_away(self):
        self.gone = []

    def fail(self, begin, end):
        self.broken = (begin, end)

    def mend(self):
        self.broken = None

    # --- the protocol, as far as one file needs it

    def _reply(self, unique, data=b"", error=0):
        try:
            os.write(self.fd, struct.pack("<IiQ", 16 + len(data), -error, unique) + data)
        except OSError:
            pass

    def _attr(self, node):
        mode, size = (0o40755, 0) if node == 1 else (0o100644, len(self.content))
        return struct.pack("<QQQQQQIIIIIIIIII", node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

    def _serve(self):
        while True:
            try:
                request = os.read(self.fd, 1 << 20)
            except OSError as e:
                if e.errno == errno.ENODEV or e.errno == errno.EBADF:
                    return
                continue
            _, opcode, unique, node, *_ = struct.unpack_from("<IIQQIIII", request)
            if self.gone is None:
                self._answer(opcode, unique, node, request[40:])
            else:
                self.gone.append((opcode, unique, node, request[40:]))

    def _serve_late(self):
        while True:
            unique, offset, size = self.later.get()
            self.gate.wait()
            self._reply(unique, self.content[offset:offset + size])

    def _answer(self, opcode, unique, node, body):
        if opcode == INIT:
            self._reply(unique, struct.pack("<IIIIHHIIHHI", 7, 31, 1 << 16, ASYNC_READ, 16, 12, 1 << 16, 1, 16, 0, 0)
                        + bytes(28))
        elif opcode == LOOKUP:
            if body.rstrip(b"\0") == NAME:
                self._reply(unique, struct.pack("<QQQQII", 2, 0, self.attributes_hold, self.attributes_hold, 0, 0) + self._attr(2))
            else:
                self._reply(unique, error=errno.ENOENT)
        elif opcode == GETATTR:
            self._reply(unique, struct.pack("<QII", self.attributes_hold, 0, 0) + self._attr(node))
        elif opcode in (OPEN, OPENDIR):
            self._reply(unique, struct.pack("<QII", 1, 0, 0))
        elif opcode == READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            if self.broken and offset < self.broken[1] and offset + size > self.broken[0]:
                self._reply(unique, error=errno.EIO)
            elif self.held is not None and offset + size > self.held:
                self.later.put((unique, offset, size))
                self.waiting.set()
            else:
                self._reply(unique, self.content[offset:offset + size])
        elif opcode == WRITE:
            _, offset, size = struct.unpack_from("<QQI", body)
            self.content = self.content[:offset] + body[40:40 + size] + self.content[offset + size:]
            if self.broken and offset <= self.broken[0] and offset + size >= self.broken[1]:
                self.broken = None
            self._reply(unique, struct.pack("<II", size, 0))
        elif opcode == SETATTR:
            self._reply(unique, struct.pack("<QII", 0, 0, 0) + self._attr(node))
        elif opcode == STATFS:
            self._reply(unique, struct.pack("<QQQQQIIII", 1000, 1000, 1000, 10, 10, 4096, 255, 4096, 0) + bytes(24))
        elif opcode in (FSYNC, RELEASE, FLUSH, RELEASEDIR, READDIR, DESTROY):
            self._reply(unique)
        elif opcode not in (FORGET, BATCH_FORGET, INTERRUPT):
            self._reply(unique, error=errno.ENOSYS)


def usable():
    """Whether a file system can be mounted here; None or why not."""
    import tempfile
    try:
        with tempfile.TemporaryDirectory() as folder:
            with SlowFs(folder + "/fs", b"x"):
                with open(folder + "/fs/slow.bin", "rb") as f:
                    return None if f.read() == b"x" else "the file system answers wrongly"
    except OSError as e:
        return f"no FUSE here: {e}"
