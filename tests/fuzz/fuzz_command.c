/*
 * fuzz_command.c - any bytes as a script, a command a line, on a small document in memory. The first byte says
 * whether results are JSON.
 *
 * Commands that touch files or take very long by design are left out. After each line the document must be sound; the
 * exit codes are the five there are, and what goes out is printable.
 */
#include <string.h>

#include <sextant/session.h>

#include "command/command.h"
#include "command/session_private.h"
#include "fuzz/fuzz.h"

enum { LINE_MAX_FUZZ = 400, LENGTH_MAX = 1 << 16 };

static void
check_printable(SxBytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        FUZZ_CHECK(bytes.data[i] == '\n' || bytes.data[i] == '\t' || bytes.data[i] >= 0x20);
}

static void
out(void *data, SxBytes bytes)
{
    (void)data;
    check_printable(bytes);
}

static void
message(void *data, const char *line)
{
    (void)data;
    FUZZ_CHECK(*line);
    check_printable(sx_bytes(line, strlen(line)));
}

/* What reads or writes the file system, by name, alias or bytes; raw output; a million repeats. */
static bool
left_out(const char *line)
{
    static const char *const words[] = {"edit", "write", "source", "file", "reload", "raw", "new", "resize", "advise", "repeat"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(line, words[i]))
            return true;
    const char *name = line + strspn(line, " \t:");
    const Command *c = command_find(name, strcspn(name, " \t!"));
    return c && !strcmp(c->group, "File") && c->aliases;
}

static void
run_line(SxSession *s, const char *line)
{
    SxError err = {0};
    if (left_out(line))
        return;
    SxExit exit = sx_session_run(s, line, true, &err);
    FUZZ_CHECK(exit >= SX_EXIT_DONE && exit <= SX_EXIT_STOPPED);
    FUZZ_CHECK(exit == SX_EXIT_DONE || exit == SX_EXIT_ABSENT || err.code != SX_OK);
    SxDocument *d = session_document(s);
    FUZZ_CHECK(sx_document_check(d, &err));
    FUZZ_CHECK(sx_document_tell(d) <= sx_document_length(d));
}

static void
run_script(SxSession *s, const uint8_t *data, size_t size)
{
    char line[LINE_MAX_FUZZ];
    for (size_t at = 0, lines = 0; at < size && lines < 40; lines++) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t len = end ? (size_t)(end - data) - at : size - at;
        size_t n = len < sizeof line ? len : sizeof line - 1;
        memcpy(line, data + at, n);
        line[n] = '\0';
        if (sx_document_length(session_document(s)) < LENGTH_MAX)
            run_line(s, line);
        at += len + 1;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SxSession *s;
    SxError err;
    SxSessionOptions options = {.batch = true, .json = size && data[0] & 1, .out = out, .message = message};
    if (!sx_session_new(&s, &options, &err))
        return 0;
    static const char text[] = "Lorem ipsum dolor sit amet, \0\0\0\0\0\x01\x02\xff consectetuer\nadipiscing elit.\n";
    FUZZ_CHECK(sx_document_insert(session_document(s), 0, sx_bytes(text, sizeof text - 1), &err));
    FUZZ_CHECK(sx_document_seek_to(session_document(s), 0, &err));
    if (size)
        run_script(s, data + 1, size - 1);
    sx_session_free(s);
    return 0;
}
