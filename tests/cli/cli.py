"""cli.py - runs the program without a screen, in a fresh folder with copies of the test data, and checks what it says.

    t = Cli()                                            # sys.argv: PROGRAM DATA
    t.check("a name", ["-e", "tell", "lorem.txt"], out="0x0\\n")
    t.ok(condition, "a name"); t.equal(got, want, "a name")
    t.done()
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile


class Cli:
    def __init__(self):
        self.program = os.path.abspath(sys.argv[1])
        self.data = os.path.abspath(sys.argv[2])
        self.folder = tempfile.mkdtemp(prefix="sextant-cli-")
        atexit.register(shutil.rmtree, self.folder, True)
        self.count = self.failed = 0
        self.fresh()

    def fresh(self):
        """New copies of the data; what a test before made is gone."""
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
        for name in ("lorem.txt", "large_log.txt"):
            shutil.copy(os.path.join(self.data, name), self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        """The content of a file, None when there is none."""
        if not os.path.exists(self.path(name)):
            return None
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    def environment(self):
        env = {"PATH": os.environ["PATH"], "HOME": self.path("home"), "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        return env

    def popen(self, args, **more):
        return subprocess.Popen([self.program, *args], cwd=self.folder, env=self.environment(), **more)

    def run(self, args, input=b"", timeout=60):
        """(exit code, stdout as bytes, stderr as text)"""
        process = self.popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err += b"killed, it took too long"
        return process.returncode, out, err.decode("utf-8", "backslashreplace")

    def commands(self, *commands, file="lorem.txt", options=()):
        args = list(options)
        for command in commands:
            args += ["-e", command]
        return self.run(args + ([file] if file else []))

    # --- checks ---------------------------------------------------------------------------------------------------

    def ok(self, condition, name):
        self.count += 1
        self.failed += not condition
        clean = "".join(c if " " <= c and c != "#" else "." for c in name)
        print(f"{'ok' if condition else 'not ok'} {self.count} - {clean}", flush=True)
        return condition

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def equal(self, got, want, name):
        if not self.ok(got == want, name):
            print("# got  " + repr(got)[:2000], "\n# want " + repr(want)[:2000], flush=True)

    def check(self, name, args, out=None, err="", code=0, input=b""):
        """All three at once; out and err: None is anything, a function is asked."""
        got = self.run(args, input)
        want_out = out.encode() if isinstance(out, str) else out
        fits = got[0] == code and self.holds(want_out, got[1]) and self.holds(err, got[2])
        if not self.ok(fits, name):
            print(f"# sextant {args!r}"[:1000])
            print(f"# got  {got[0]} {got[1][:1500]!r} {got[2][:1500]!r}")
            print(f"# want {code} {want_out!r} {err!r}"[:3000], flush=True)
        return got

    @staticmethod
    def holds(want, got):
        if not callable(want):
            return want is None or want == got
        try:
            return want(got)
        except (IndexError, ValueError):
            return False

    def script(self, name, commands, out=None, err="", code=0, file="lorem.txt", options=()):
        """check() of -e commands on one file."""
        args = list(options)
        for command in commands:
            args += ["-e", command]
        return self.check(name, args + ([file] if file else []), out, err, code)

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)
