/*
 * error.h - failures that travel with the call.
 *
 * Three kinds are never mixed. Answers (not found, end of file) are return values. Failures (disk, memory, bad
 * input) are `false` plus an SxError that the caller passed; it may pass NULL. Bugs are SX_BUG_ON, which calls a
 * hook and aborts. Text is for the user: what could not be done, to what, and why; no full stop, no "error:".
 *
 * ownership  the caller owns the SxError, which is flat: copy it, drop it, nothing to free
 * threads    one SxError belongs to one thread at a time
 */
#pragma once

#include <sextant/bytes.h>

SX_BEGIN

typedef enum SxCode {
    SX_OK = 0,
    SX_ERR_NOMEM,       /* no memory */
    SX_ERR_IO,          /* the system refused or failed; `sys` is its errno */
    SX_ERR_RANGE,       /* an offset, index or count outside what there is */
    SX_ERR_LENGTH,      /* a length that may not change would change */
    SX_ERR_READONLY,    /* the access does not allow it */
    SX_ERR_SYNTAX,      /* text that does not parse; `column` is the place */
    SX_ERR_CLOSED,      /* the handle is closed */
    SX_ERR_EMPTY,       /* an empty file where at least one byte is needed */
    SX_ERR_UNSUPPORTED, /* this platform or this kind of file cannot do it */
    SX_ERR_UNKNOWN,     /* a name that nobody knows */
    SX_ERR_PERMISSION,  /* EACCES, EPERM, EROFS */
    SX_ERR_MISSING,     /* ENOENT */
    SX_ERR_KIND,        /* a directory, a socket: not something with bytes and offsets */
    SX_ERR_NOSPACE,     /* ENOSPC, EDQUOT, EFBIG */
    SX_ERR_CONFLICT,    /* somebody else changed it */
    SX_ERR_BUSY,        /* locked or in use */
    SX_ERR_LIMIT,       /* a limit of ours was reached: match limit, size limit */
    SX_ERR_CANCELLED,   /* the user cancelled */
    SX_ERR_FORCE,       /* would destroy data: allowed with a force flag only */
    SX_ERR_LOST,        /* the bytes cannot be read: truncated away, or an I/O error under them */
    SX_ERR_ASK,         /* a person would be asked; batch takes the safe answer and fails */
} SxCode;

/* The four answers of whatever looks for something. STOPPED (cancelled, a limit) is never "not found". */
typedef enum SxFound { SX_FOUND, SX_ABSENT, SX_STOPPED, SX_FAILED } SxFound;

enum { SX_ERROR_TEXT = 320 }; /* bytes with the NUL */

typedef struct SxError {
    SxCode code;
    int sys;         /* errno, or 0 */
    uint32_t column; /* 1-based, in bytes of the text that was given: where it goes wrong; 0 when there is no place */
    char text[SX_ERROR_TEXT];
} SxError;

/*
 * Fill `err` (may be NULL) and return false, so that a failure is one line: `return sx_fail(err, SX_ERR_RANGE, ...)`.
 *
 * Arguments may come from files, names and other programs: in the result, controls, bidi controls, zero-width and
 * unassigned characters and whatever is no UTF-8 are shown as \xNN, so it may go to a terminal as it is. A backslash
 * stays one: text in printable form may be an argument. A text that is too long ends in "...".
 */
SX_API bool sx_fail(SxError *err, SxCode code, const char *fmt, ...) SX_PRINTF(3, 4);

/* The same from an errno: the code is chosen from it, and ": no such file or directory" is appended, which is never
 * what is cut off. */
SX_API bool sx_fail_errno(SxError *err, int errnum, const char *fmt, ...) SX_PRINTF(3, 4);

/* SX_ERR_SYNTAX with a place in the text that was given; `column` is 1-based. */
SX_API bool sx_fail_at(SxError *err, size_t column, const char *fmt, ...) SX_PRINTF(3, 4);

/* The stable word for a code: "range", "readonly"; for scripts and tests. Static storage. */
SX_API const char *sx_code_name(SxCode code);

/* Called by the first bug, before abort(): app/ restores the terminal here. Async-signal-safe hooks only. NULL: none. */
typedef void SxBugHook(const char *file, int line, const char *what);
SX_API void sx_bug_hook_set(SxBugHook *hook);
SX_API void sx_bug(const char *file, int line, const char *what) __attribute__((noreturn));

#define SX_BUG_ON(cond)                                                                                                \
    do {                                                                                                               \
        if (__builtin_expect(!!(cond), 0))                                                                             \
            sx_bug(__FILE__, __LINE__, #cond);                                                                         \
    } while (0)

SX_END
