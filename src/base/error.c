/*
 * error.c - filling an SxError: the code, the words, made safe for a terminal and cut at a whole character.
 */
#include <sextant/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sextant/text.h>

#include "base/safe.h"

/* Bytes that `text` takes when it is made safe. */
static size_t
safe_length(const char *text)
{
    SxBytes in = sx_bytes(text, strlen(text));
    size_t len = 0;
    bool shown = false;
    while (in.len > 0) {
        SafeUnit unit = safe_unit(in, SAFE_UTF8, shown);
        len += unit.len;
        shown = unit.shown;
        in = sx_bytes(in.data + unit.used, in.len - unit.used);
    }
    return len;
}

/* Add the safe form of `text` up to `limit` bytes in all. */
static void
add_safe(SxError *err, size_t *len, size_t limit, const char *text)
{
    SxBytes in = sx_bytes(text, strlen(text));
    bool shown = false;
    while (in.len > 0) {
        SafeUnit unit = safe_unit(in, SAFE_UTF8, shown);
        if (unit.len > limit - *len)
            break;
        memcpy(err->text + *len, unit.text, unit.len);
        *len += unit.len;
        shown = unit.shown;
        in = sx_bytes(in.data + unit.used, in.len - unit.used);
    }
    err->text[*len] = 0;
}

/* ": no such file or directory": in the middle of a sentence, but for names such as RPC. */
static void
system_words(int errnum, char *buf, size_t size)
{
    char words[128];
    const char *text = strerror_r(errnum, words, sizeof words);
    snprintf(buf, size, ": %s", text);
    if (buf[2] >= 'A' && buf[2] <= 'Z' && buf[3] >= 'a' && buf[3] <= 'z')
        buf[2] = (char)(buf[2] + ('a' - 'A'));
}

/* A character that vsnprintf cut is no character any more. */
static void
drop_cut_character(char *text)
{
    size_t len = strlen(text);
    size_t lead = len;
    while (lead > 0 && len - lead < 4 && ((unsigned char)text[lead - 1] & 0xc0) == 0x80)
        lead--;
    uint32_t code;
    if (lead > 0 && (unsigned char)text[lead - 1] >= 0xc0 &&
        sx_utf8_decode(sx_bytes(text + lead - 1, len - lead + 1), &code) != len - lead + 1)
        text[lead - 1] = 0;
}

SX_PRINTF(5, 0) static void
fill(SxError *err, SxCode code, int errnum, size_t column, const char *fmt, va_list args)
{
    static const char cut[] = "...";
    enum { ROOM = SX_ERROR_TEXT - 1 };
    char text[2 * SX_ERROR_TEXT];
    char words[136] = "";
    if (errnum)
        system_words(errnum, words, sizeof words);
    int wanted = vsnprintf(text, sizeof text, fmt, args);
    if (wanted >= (int)sizeof text)
        drop_cut_character(text);
    *err = (SxError){.code = code, .sys = errnum, .column = column > UINT32_MAX ? UINT32_MAX : (uint32_t)column};
    /* The reason is worth more than the end of a long name. */
    size_t len = 0;
    size_t room = ROOM - safe_length(words);
    if (wanted < (int)sizeof text && safe_length(text) <= room) {
        add_safe(err, &len, room, text);
    } else {
        add_safe(err, &len, room - (sizeof cut - 1), text);
        add_safe(err, &len, room, cut);
    }
    add_safe(err, &len, ROOM, words);
}

bool
sx_fail(SxError *err, SxCode code, const char *fmt, ...)
{
    if (err) {
        va_list args;
        va_start(args, fmt);
        fill(err, code, 0, 0, fmt, args);
        va_end(args);
    }
    return false;
}

bool
sx_fail_at(SxError *err, size_t column, const char *fmt, ...)
{
    if (err) {
        va_list args;
        va_start(args, fmt);
        fill(err, SX_ERR_SYNTAX, 0, column, fmt, args);
        va_end(args);
    }
    return false;
}

static SxCode
code_of_errno(int errnum)
{
    switch (errnum) {
    case ENOMEM:
        return SX_ERR_NOMEM;
    case EACCES:
    case EPERM:
    case EROFS:
        return SX_ERR_PERMISSION;
    case ENOENT:
        return SX_ERR_MISSING;
    case EISDIR:
    case ENOTDIR:
    case ENXIO:
    case ENODEV:
        return SX_ERR_KIND;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return SX_ERR_NOSPACE;
    case EBUSY:
    case ETXTBSY:
    case EWOULDBLOCK: /* a lock that somebody holds */
        return SX_ERR_BUSY;
    case EOPNOTSUPP:
    case ENOSYS:
    case ENOTTY: /* an ioctl that this kind of file does not know */
        return SX_ERR_UNSUPPORTED;
    default:
        return SX_ERR_IO;
    }
}

bool
sx_fail_errno(SxError *err, int errnum, const char *fmt, ...)
{
    if (err) {
        va_list args;
        va_start(args, fmt);
        fill(err, code_of_errno(errnum), errnum, 0, fmt, args);
        va_end(args);
    }
    return false;
}

const char *
sx_code_name(SxCode code)
{
    static const char *const names[] = {
        [SX_OK] = "ok",
        [SX_ERR_NOMEM] = "nomem",
        [SX_ERR_IO] = "io",
        [SX_ERR_RANGE] = "range",
        [SX_ERR_LENGTH] = "length",
        [SX_ERR_READONLY] = "readonly",
        [SX_ERR_SYNTAX] = "syntax",
        [SX_ERR_CLOSED] = "closed",
        [SX_ERR_EMPTY] = "empty",
        [SX_ERR_UNSUPPORTED] = "unsupported",
        [SX_ERR_UNKNOWN] = "unknown",
        [SX_ERR_PERMISSION] = "permission",
        [SX_ERR_MISSING] = "missing",
        [SX_ERR_KIND] = "kind",
        [SX_ERR_NOSPACE] = "nospace",
        [SX_ERR_CONFLICT] = "conflict",
        [SX_ERR_BUSY] = "busy",
        [SX_ERR_LIMIT] = "limit",
        [SX_ERR_CANCELLED] = "cancelled",
        [SX_ERR_FORCE] = "force",
        [SX_ERR_LOST] = "lost",
        [SX_ERR_ASK] = "ask",
    };
    return (size_t)code < sizeof names / sizeof *names ? names[code] : "unknown code";
}

/* The one pointer that changes below app/: a bug must reach the terminal's rescue from any depth. */
static SxBugHook *bug_hook;

void
sx_bug_hook_set(SxBugHook *hook)
{
    __atomic_store_n(&bug_hook, hook, __ATOMIC_RELEASE);
}

void
sx_bug(const char *file, int line, const char *what)
{
    /* Taken out first: a bug in the hook itself must not come here for ever. */
    SxBugHook *hook = __atomic_exchange_n(&bug_hook, NULL, __ATOMIC_ACQ_REL);
    if (hook)
        hook(file, line, what);
    char text[256];
    int len = snprintf(text, sizeof text, "sextant: bug at %s:%d: %s\n", file, line, what);
    size_t size = len < (int)sizeof text ? (size_t)len : sizeof text - 1;
    /* Not stdio, which may be what broke; and if nobody hears it, abort says it all the same. */
    if (write(STDERR_FILENO, text, size) < 0)
        abort();
    abort();
}
