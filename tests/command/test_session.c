/* test_session.c - the session as a program sees it: lines, beginnings of names, what is said, cancelling from a thread. */
#include <pthread.h>
#include <time.h>

#include <sextant/session.h>
#include <sextant/text.h>

#include "support/tap.h"

typedef struct Heard {
    SxString out;
    SxString messages;
} Heard;

static void
on_out(void *data, SxBytes bytes)
{
    Heard *h = data;
    sx_string_add_bytes(&h->out, bytes);
}

static void
on_message(void *data, const char *line)
{
    Heard *h = data;
    sx_string_add(&h->messages, line);
    sx_string_add(&h->messages, "\n");
}

static SxSession *
session(Heard *h, SxSessionOptions o)
{
    SxSession *s = NULL;
    SxError err;
    *h = (Heard){0};
    o.batch = true;
    o.data = h;
    o.out = on_out;
    o.message = on_message;
    ok(sx_session_new(&s, &o, &err), "a session");
    return s;
}

static void
end(SxSession *s, Heard *h)
{
    sx_session_free(s);
    sx_string_clear(&h->out);
    sx_string_clear(&h->messages);
}

static void
test_lines(void)
{
    static const struct {
        const char *line;
        SxExit exit;
        const char *out;
    } cases[] = {
        {"", SX_EXIT_DONE, ""},
        {"   # a comment", SX_EXIT_DONE, ""},
        {"insert \"one two three\\n\"", SX_EXIT_DONE, ""},
        {"goto 0", SX_EXIT_DONE, ""},
        {":tell", SX_EXIT_DONE, "0x0\n"},
        {"  :  tell  \r\n", SX_EXIT_DONE, "0x0\n"},
        {"/t\\w+/", SX_EXIT_DONE, "0x4\n"},
        {"?ONE?i", SX_EXIT_DONE, "0x0\n"},
        {"?a/b?", SX_EXIT_ABSENT, ""},
        {"0x4", SX_EXIT_DONE, ""},
        {"(1 + 2)", SX_EXIT_DONE, ""},
        {".", SX_EXIT_DONE, ""},
        {"tell", SX_EXIT_DONE, "0x3\n"},
        {"end", SX_EXIT_DONE, ""},
        {"u8(0)", SX_EXIT_FAILED, ""}, /* 'o' is 111: past the end */
        {"byte 0", SX_EXIT_DONE, "111\n"},
        {"te", SX_EXIT_USAGE, ""},
        {"try find zzz", SX_EXIT_DONE, ""},
        {"undo", SX_EXIT_DONE, ""},
        {"length", SX_EXIT_DONE, "0\n"},
    };
    Heard h;
    SxSession *s = session(&h, (SxSessionOptions){0});
    for (size_t i = 0; s && i < sizeof cases / sizeof *cases; i++) {
        sx_string_clear(&h.out);
        SxExit exit = sx_session_run(s, cases[i].line, true, NULL);
        is(exit, cases[i].exit, "'%s' ends as it should", cases[i].line);
        is_text(sx_string(&h.out), cases[i].out, "  and prints that");
    }
    end(s, &h);
}

static void
test_beginnings(void)
{
    Heard h;
    SxError err;
    SxSession *s = session(&h, (SxSessionOptions){0});
    is(sx_session_run(s, "te", false, &err), SX_EXIT_DONE, "a unique beginning is enough for people");
    is_text(sx_string(&h.out), "0x0\n", "  te is tell");
    is(sx_session_run(s, "te", true, &err), SX_EXIT_USAGE, "but not for scripts");
    is(sx_session_run(s, "re", false, &err), SX_EXIT_USAGE, "several beginnings");
    ok(strstr(err.text, "read") && strstr(err.text, "redo"), "  are named: %s", err.text);
    is(sx_session_run(s, "goto 00000010", true, &err), SX_EXIT_USAGE, "leading zeros are refused in scripts");
    end(s, &h);
}

static void
test_messages(void)
{
    Heard h;
    SxSession *s = session(&h, (SxSessionOptions){0});
    is(sx_session_run(s, "wirte x", true, NULL), SX_EXIT_USAGE, "an unknown command");
    is_text(sx_string(&h.messages), "wirte: no such command; write?\n", "  is said once");
    sx_string_clear(&h.messages);
    is(sx_session_run(s, "try try byte 7", true, NULL), SX_EXIT_FAILED, "a failure inside try");
    is_text(sx_string(&h.messages), "byte: 0x7 is past the end, 0x0\n", "  is said once, by its own name");
    sx_string_clear(&h.messages);
    is(sx_session_run(s, "put x", true, NULL), SX_EXIT_FAILED, "nothing can be put over at the end");
    sx_string_clear(&h.messages);
    is(sx_session_run(s, "insert x", true, NULL), SX_EXIT_DONE, "insert can");
    is(sx_session_batch_end(s), SX_EXIT_FAILED, "the end of a batch with changes");
    is_text(sx_string(&h.messages), "1 change, 1 byte unwritten; write, or quit! as last command drops them\n", "  is said");
    is(sx_session_run(s, "quit!", true, NULL), SX_EXIT_DONE, "quit! means it");
    ok(sx_session_ended_batch(s), "  and ends");
    is(sx_session_batch_end(s), SX_EXIT_DONE, "  cleanly");
    end(s, &h);
}

static void
test_decimal_json(void)
{
    Heard h;
    SxSession *s = session(&h, (SxSessionOptions){.offsets_decimal = true, .json = true});
    sx_session_run(s, "insert \"a\\tb\\\"\"", true, NULL);
    sx_session_run(s, "tell", true, NULL);
    sx_session_run(s, "slice all", true, NULL);
    is_text(sx_string(&h.out), "{\"offset\":\"4\"}\n{\"text\":\"a\\\\tb\\\"\"}\n", "decimal offsets, JSON text");
    end(s, &h);
}

/* --- cancelling ---------------------------------------------------------------------------------------------------- */

static void
nap(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void *
cancel_when_busy(void *data)
{
    SxSession *s = data;
    char what[32];
    SxProgress p;
    for (int i = 0; i < 5000 && !sx_session_progress(s, what, sizeof what, &p); i++)
        nap(1);
    nap(20);
    sx_session_cancel(s);
    return NULL;
}

static void
test_cancel(void)
{
    Heard h;
    SxError err = {0};
    pthread_t other;
    SxSession *s = session(&h, (SxSessionOptions){0});
    is(sx_session_run(s, "new 64G", true, NULL), SX_EXIT_DONE, "much memory that is not there yet");
    ok(pthread_create(&other, NULL, cancel_when_busy, s) == 0, "a thread that cancels");
    is(sx_session_run(s, "next value", true, &err), SX_EXIT_ABSENT, "holes are passed at once");
    is(sx_session_run(s, "xor all {01}", true, &err), SX_EXIT_STOPPED, "a long change is stopped");
    pthread_join(other, NULL);
    is(err.code, SX_ERR_CANCELLED, "  as cancelled");
    is(sx_session_run(s, "tell", true, &err), SX_EXIT_STOPPED, "nothing more runs in this batch");
    is(sx_session_batch_end(s), SX_EXIT_DONE, "and nothing has changed");
    end(s, &h);
}

int
main(void)
{
    test_lines();
    test_beginnings();
    test_messages();
    test_decimal_json();
    test_cancel();
    return done_testing();
}
