/*
 * error.c - filling an SxError: the code, the words, made safe for a terminal and cut at a whole character.
 */
#include <sextant/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Controls, and bytes that are no UTF-8 lead or continuation, would reach a terminal raw. */
static bool
is_raw(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

static void
add_safe(SxError *err, size_t *len, const char *text)
{
    for (; *text; text++) {
        char unit[5] = {*text, 0};
        if (is_raw((unsigned char)*text))
            snprintf(unit, sizeof unit, "\\x%02x", (unsigned)(unsigned char)*text);
        size_t n = strlen(unit);
        if (*len + n >= sizeof err->text)
            break;
        memcpy(err->text + *len, unit, n);
        *len += n;
    }
    /* A character that was cut goes whole: step back over continuation bytes and their lead. */
    if (*text) {
        while (*len > 0 && ((unsigned char)err->text[*len - 1] & 0xc0) == 0x80)
            (*len)--;
        if (*len > 0 && (unsigned char)err->text[*len - 1] >= 0xc0)
            (*len)--;
    }
    err->text[*len] = 0;
}

static void
fill(SxError *err, SxCode code, int errnum, size_t column, const char *fmt, va_list args)
{
    char text[2 * SX_ERROR_TEXT];
    vsnprintf(text, sizeof text, fmt, args);
    *err = (SxError){.code = code, .sys = errnum, .column = (uint32_t)column};
    size_t len = 0;
    add_safe(err, &len, text);
    if (errnum) {
        char words[128];
        add_safe(err, &len, ": ");
        add_safe(err, &len, strerror_r(errnum, words, sizeof words));
    }
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
        return SX_ERR_BUSY;
    case EOPNOTSUPP:
    case ENOSYS:
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
    SxBugHook *hook = __atomic_load_n(&bug_hook, __ATOMIC_ACQUIRE);
    if (hook)
        hook(file, line, what);
    fprintf(stderr, "sextant: bug at %s:%d: %s\n", file, line, what);
    abort();
}
