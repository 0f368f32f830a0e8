/* open.c - FILE, FILE@OFFSET+LENGTH and - as new tabs. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/session_private.h"
#include "command/words.h"

typedef struct Part {
    char *path;
    uint64_t offset;
    uint64_t length; /* 0: to the end */
} Part;

static bool
exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static bool
number(SxBytes text, const char *what, uint64_t *out, SxError *err)
{
    SxValue v;
    SxScope none = {.script = true};
    if (!sx_expression(text, &none, &v, NULL, err))
        return false;
    if (v.negative || v.magnitude > INT64_MAX)
        return sx_fail(err, SX_ERR_RANGE, "%.*s: the %s of a part is not negative", (int)text.len,
                       (const char *)text.data, what);
    *out = v.magnitude;
    return true;
}

/* "0x200+64": offset and length. */
static bool
read_part(const char *text, Part *out, SxError *err)
{
    const char *plus = strchr(text, '+');
    size_t n = plus ? (size_t)(plus - text) : strlen(text);
    if (!number(sx_bytes(text, n), "offset", &out->offset, err))
        return false;
    if (!plus)
        return true;
    if (!number(sx_bytes(plus + 1, strlen(plus + 1)), "length", &out->length, err))
        return false;
    return out->length > 0 || sx_fail(err, SX_ERR_RANGE, "%s: a part holds at least one byte", text);
}

/* A name that exists is meant as it is, whatever signs it holds. */
static bool
read_spec(const char *spec, Part *out, SxError *err)
{
    const char *at = strrchr(spec, '@');
    bool part = at && at > spec && isdigit((unsigned char)at[1]) && !exists(spec);
    *out = (Part){0};
    if (part && !read_part(at + 1, out, err))
        return false;
    out->path = strndup(spec, part ? (size_t)(at - spec) : strlen(spec));
    return out->path || sx_fail(err, SX_ERR_NOMEM, "no memory to open '%s'", spec);
}

static bool
add(SxSession *s, SxDocument *d, const char *name, SxError *err)
{
    if (session_add(s, d, name, err))
        return true;
    sx_document_free(d, false);
    return false;
}

bool
session_open_stream(SxSession *s, int fd, const char *name, SxError *err)
{
    SxDocument *d;
    SxDocumentOptions o = session_document_options(s);
    SxJob *job = session_job_begin(s, "reading");
    bool ok = sx_document_open_stream(&d, fd, name, &o, job, err);
    session_job_end(s);
    return ok && add(s, d, name, err);
}

/* Pipes that the shell made for us, <(command), are ours already: read them as a stream. */
static bool
is_own_pipe(const char *path, int *fd)
{
    const char *const homes[] = {"/dev/fd/", "/proc/self/fd/"};
    struct stat st;
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(homes[i]);
        if (strncmp(path, homes[i], n) != 0 || !isdigit((unsigned char)path[n]))
            continue;
        *fd = (int)strtol(path + n, NULL, 10);
        return fstat(*fd, &st) == 0 && S_ISFIFO(st.st_mode);
    }
    return false;
}

static bool
open_file(SxSession *s, const Part *part, const char *spec, bool create, SxError *err)
{
    SxDocument *d;
    int fd;
    if (is_own_pipe(part->path, &fd))
        return s->hooks ? ui_open_stream(s, fd, spec, err) : session_open_stream(s, fd, spec, err);
    SxDocumentOptions o = session_document_options(s);
    o.offset = (int64_t)part->offset;
    o.length = part->length;
    o.create = create;
    return sx_document_open(&d, part->path, &o, err) && add(s, d, spec, err);
}

/* The library says what a pipe is not; what to do about it is ours to say. */
static bool
refuse_pipe(const char *path, SxError *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
        return sx_fail(err, SX_ERR_KIND, "'%s' is a pipe, which can only be read to its end: sextant - < %s", path, path);
    return false;
}

bool
session_open(SxSession *s, const char *spec, bool create, SxError *err)
{
    Part part;
    if (!read_spec(spec, &part, err))
        return false;
    bool ok = open_file(s, &part, spec, create, err) || refuse_pipe(part.path, err);
    free(part.path);
    return ok;
}

bool
sx_session_open(SxSession *s, const char *spec, int stream_fd, SxError *err)
{
    if (!strcmp(spec, "-"))
        return s->hooks ? ui_open_stream(s, stream_fd, "stdin", err) : session_open_stream(s, stream_fd, "stdin", err);
    if (session_open(s, spec, false, err)) {
        if (!s->hooks)
            session_tell_waiting(s);
        return true;
    }
    if (!s->hooks || err->code != SX_ERR_MISSING)
        return false;
    ui_ask_new(s, spec); /* on the screen it may become a new file */
    return true;
}
