/*
 * string.c - a string that grows, and room in arrays.
 */
#include <sextant/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
sx_grow(void *array_pointer, size_t *cap, size_t need, size_t size)
{
    enum { FIRST = 8 };
    if (need <= *cap)
        return true;
    size_t count;
    size_t bytes;
    if (!sx_size_mul(*cap, 2, &count) || count < need)
        count = need;
    if (count < FIRST)
        count = FIRST;
    if (!sx_size_mul(count, size, &bytes))
        return false;
    void *old;
    memcpy(&old, array_pointer, sizeof old);
    void *array = realloc(old, bytes);
    if (!array)
        return false;
    memcpy(array_pointer, &array, sizeof array);
    *cap = count;
    return true;
}

/* Room for `more` bytes and the NUL. */
static bool
reserve(SxString *s, size_t more)
{
    size_t need;
    if (s->failed)
        return false;
    if (!sx_size_add(s->len, more, &need) || !sx_size_add(need, 1, &need) || !sx_grow(&s->data, &s->cap, need, 1))
        s->failed = true;
    return !s->failed;
}

void
sx_string_add_bytes(SxString *s, SxBytes bytes)
{
    if (!reserve(s, bytes.len))
        return;
    if (bytes.len > 0)
        memcpy(s->data + s->len, bytes.data, bytes.len);
    s->len += bytes.len;
    s->data[s->len] = 0;
}

void
sx_string_add(SxString *s, const char *text)
{
    sx_string_add_bytes(s, sx_bytes(text, strlen(text)));
}

void
sx_string_addf(SxString *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        s->failed = true;
    if (!reserve(s, len < 0 ? 0 : (size_t)len))
        return;
    va_start(args, fmt);
    vsnprintf(s->data + s->len, (size_t)len + 1, fmt, args);
    va_end(args);
    s->len += (size_t)len;
}

void
sx_string_add_printable(SxString *s, SxBytes bytes, unsigned flags)
{
    size_t len = sx_text_printable(NULL, 0, bytes, flags);
    if (!reserve(s, len))
        return;
    sx_text_printable(s->data + s->len, len + 1, bytes, flags);
    s->len += len;
}

void
sx_string_clear(SxString *s)
{
    free(s->data);
    *s = (SxString){0};
}

const char *
sx_string(const SxString *s)
{
    return s->data ? s->data : "";
}
