"""Test results as TAP lines, for tests in Python.

    t = Tap()
    t.ok(n == 3, "count")
    t.skip("two processes share", "no second CPU")
    with t.case("a name"): ...      # an exception is a failure, shown with its place
    sys.exit(t.done())
"""
import contextlib
import traceback


class Tap:
    def __init__(self):
        self.run = self.failed = 0

    def ok(self, condition, name, detail=""):
        self.run += 1
        self.failed += not condition
        print(f"{'' if condition else 'not '}ok {self.run} - {name}".replace("#", "."), flush=True)
        if not condition and detail:
            self.diag(detail)
        return bool(condition)

    def is_(self, got, want, name):
        return self.ok(got == want, name, f"got  {got!r:.600}\nwant {want!r:.600}")

    def skip(self, name, why):
        self.run += 1
        print(f"ok {self.run} - {name} # SKIP {why}", flush=True)

    def diag(self, text):
        print("".join(f"# {line}\n" for line in str(text).splitlines()), end="", flush=True)

    @contextlib.contextmanager
    def case(self, name):
        try:
            yield
        except Exception:
            self.ok(False, name, traceback.format_exc())

    def done(self):
        print(f"1..{self.run}", flush=True)
        return 1 if self.failed else 0
