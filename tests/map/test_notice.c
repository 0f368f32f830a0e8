/* test_notice.c - what is told of files that others write, rename, replace and remove. */
#include "support.h"

#include <poll.h>
#include <sextant/notice.h>

enum { FIRST = 7, SECOND = 9 };

static const char *folder;

static const char *
at(const char *name)
{
    return in_folder(folder, name);
}

static void
append(const char *path, const char *text)
{
    FILE *f = fopen(path, "a");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

/* Who was told of something, a bit for each: FIRST, SECOND, nobody. */
static unsigned
told(SxNotice *n)
{
    struct pollfd ready = {.fd = sx_notice_fd(n), .events = POLLIN};
    unsigned who = 0;
    uint64_t id;
    if (poll(&ready, 1, 2000) != 1)
        return 0;
    while (sx_notice_next(n, &id))
        who |= id == FIRST ? 1u : id == SECOND ? 2u : 4u;
    return who;
}

static bool
silent(SxNotice *n)
{
    struct pollfd ready = {.fd = sx_notice_fd(n), .events = POLLIN};
    uint64_t id;
    return poll(&ready, 1, 0) == 0 && !sx_notice_next(n, &id);
}

static void
test_one(SxNotice *n)
{
    const char *file = at("file");
    append(file, "old");
    sx_notice_watch(n, FIRST, file);
    ok(silent(n), "nothing has happened");
    append(file, "more");
    is(told(n), 1, "written");
    ok(silent(n), "and told once");
    is(truncate(file, 2), 0, "cut");
    is(told(n), 1, "is told");
    is(chmod(file, 0640), 0, "a mode");
    is(told(n), 1, "is told");
    append(at("beside"), "x");
    is(told(n), 4, "a file beside it is nobody's business");
    is(rename(at("beside"), file), 0, "another file takes the name");
    is(told(n) & 1, 1, "is told");
    sx_notice_watch(n, FIRST, file);
    append(file, "y");
    is(told(n) & 1, 1, "and that one is watched");
    is(rename(file, at("elsewhere")), 0, "renamed");
    is(told(n) & 1, 1, "is told");
    append(file, "anew");
    is(told(n) & 1, 1, "a new one of that name");
    is(unlink(file), 0, "removed");
    is(told(n) & 1, 1, "is told");
    sx_notice_unwatch(n, FIRST);
    (void)told(n);
    append(file, "x");
    ok(silent(n), "nobody is told any more");
}

static void
test_two(SxNotice *n)
{
    const char *a = at("file"), *b = at("other");
    append(a, "a");
    append(b, "b");
    sx_notice_watch(n, FIRST, a);
    sx_notice_watch(n, SECOND, b);
    append(b, "b");
    is(told(n), 2, "each is told of its own");
    sx_notice_watch(n, SECOND, a);
    append(a, "a");
    is(told(n), 3, "two who look at one file both are");
    sx_notice_unwatch(n, FIRST);
    append(a, "a");
    is(told(n), 2, "the other one still is when one lets go");
    is(unlink(a), 0, "removed");
    is(told(n) & 2, 2, "also of the name");
}

static void
test_many(SxNotice *n)
{
    const char *a = at("file");
    append(a, "a");
    sx_notice_watch(n, FIRST, a);
    for (unsigned i = 0; i < 40000; i++) { /* more than the system keeps */
        append(a, "a");
        append(at("other"), "b");
    }
    is(told(n) & 1, 1, "events that were too many to be kept are told, too");
}

int
main(void)
{
    SxNotice *n = sx_notice_new();
    folder = make_folder();
    if (!n) {
        printf("Bail out! no memory\n");
        return 1;
    }
    if (sx_notice_fd(n) < 0) {
        printf("1..0 # SKIP this system tells nothing of files\n");
    } else {
        test_one(n);
        test_two(n);
        test_many(n);
    }
    sx_notice_watch(n, SECOND, at("no/such/folder"));
    sx_notice_release(sx_notice_retain(n));
    sx_notice_release(n);
    drop_folder(folder);
    return done_testing();
}
