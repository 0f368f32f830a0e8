/* output.c - the buffer of a frame. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sextant/text.h>

#include "term/output.h"

enum { FIRST_ROOM = 4096 }; /* a frame, mostly */

char *
output_room(Output *o, size_t len)
{
    size_t need = o->len + len;
    if (need > o->cap && !sx_grow(&o->data, &o->cap, need < FIRST_ROOM ? FIRST_ROOM : need, 1)) {
        o->failed = true;
        return NULL;
    }
    return o->data + o->len;
}

void
output_add(Output *o, const char *bytes, size_t len)
{
    char *at = len ? output_room(o, len) : NULL;
    if (!at)
        return;
    memcpy(at, bytes, len);
    o->len += len;
}

void
output_text(Output *o, const char *text)
{
    output_add(o, text, strlen(text));
}

void
output_format(Output *o, const char *fmt, ...)
{
    char text[96];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    output_add(o, text, n > 0 ? (size_t)n : 0);
}

void
output_code(Output *o, uint32_t code)
{
    char utf8[4];
    if (code < 0x80) {
        utf8[0] = (char)code;
        output_add(o, utf8, 1);
        return;
    }
    output_add(o, utf8, sx_utf8_encode(utf8, code));
}

/* Somebody may have left the terminal in non-blocking mode. */
static bool
wait_writable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

bool
output_flush(Output *o, int fd)
{
    size_t done = 0;
    while (done < o->len) {
        ssize_t n = write(fd, o->data + done, o->len - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EAGAIN ? !wait_writable(fd) : errno != EINTR)
            break;
    }
    bool whole = done == o->len && !o->failed;
    o->len = 0;
    o->failed = false;
    return whole;
}

void
output_clear(Output *o)
{
    free(o->data);
    *o = (Output){0};
}
