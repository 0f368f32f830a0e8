/*
 * amount.c - sizes, durations and long names in the few cells that a line has for them.
 */
#include <sextant/text.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *
sx_text_size(char *buf, size_t size, uint64_t bytes)
{
    static const char units[] = "KMGTPE";
    if (bytes < 1024) {
        snprintf(buf, size, "%" PRIu64 " byte%s", bytes, bytes == 1 ? "" : "s");
        return buf;
    }
    unsigned unit = 0;
    unsigned shift = 10;
    while (shift < 60 && bytes >> shift >= 1024) {
        unit++;
        shift += 10;
    }
    uint64_t whole = bytes >> shift;
    uint64_t rest = bytes & ((UINT64_C(1) << shift) - 1);
    uint64_t tenths = whole * 10 + ((rest * 10 + (UINT64_C(1) << (shift - 1))) >> shift);
    if (tenths >= 10240 && unit < 5) { /* 1023.96 MiB is 1.0 GiB, not 1024.0 MiB */
        unit++;
        tenths = 10;
    }
    snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %ciB", tenths / 10, tenths % 10, units[unit]);
    return buf;
}

static const char *
two_units(char *buf, size_t size, uint64_t count, uint64_t per, const char *big, const char *little)
{
    if (count % per == 0)
        snprintf(buf, size, "%" PRIu64 " %s", count / per, big);
    else
        snprintf(buf, size, "%" PRIu64 " %s %" PRIu64 " %s", count / per, big, count % per, little);
    return buf;
}

/* n / by, rounded to the nearest. */
static uint64_t
rounded(uint64_t n, uint64_t by)
{
    return n / by + (n % by >= (by + 1) / 2);
}

static const char *
tenths(char *buf, size_t size, uint64_t count, const char *unit)
{
    if (count % 10 == 0)
        snprintf(buf, size, "%" PRIu64 " %s", count / 10, unit);
    else
        snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %s", count / 10, count % 10, unit);
    return buf;
}

const char *
sx_text_duration(char *buf, size_t size, uint64_t nanoseconds)
{
    uint64_t microseconds = rounded(nanoseconds, 1000);
    uint64_t milliseconds = rounded(nanoseconds, 1000000);
    uint64_t seconds = rounded(nanoseconds, 1000000000);
    if (microseconds < 950)
        return tenths(buf, size, rounded(microseconds, 100), "ms");
    if (milliseconds < 1000)
        return tenths(buf, size, milliseconds * 10, "ms");
    if (milliseconds < 9950)
        return tenths(buf, size, rounded(milliseconds, 100), "s");
    if (seconds < 60)
        return tenths(buf, size, seconds * 10, "s");
    if (seconds < 3600)
        return two_units(buf, size, seconds, 60, "min", "s");
    if (rounded(seconds, 60) < 48 * 60)
        return two_units(buf, size, rounded(seconds, 60), 60, "h", "min");
    return two_units(buf, size, rounded(seconds, 3600), 24, "days", "h");
}

/* Bytes of the unit that `in` begins with: an escape, or a character with the marks on it. */
static size_t
name_unit(SxBytes in, size_t *cells)
{
    if (in.data[0] == '\\' && in.len > 1) {
        size_t len = in.data[1] == 'x' ? 4 : 2;
        *cells = len < in.len ? len : in.len;
        return *cells;
    }
    uint32_t code;
    size_t used = sx_utf8_decode(in, &code);
    int width = sx_text_width(code);
    *cells = width > 0 ? (size_t)width : 1;
    while (used < in.len) {
        size_t more = sx_utf8_decode(sx_bytes(in.data + used, in.len - used), &code);
        if (sx_text_width(code) != 0)
            break;
        used += more;
    }
    return used;
}

static size_t
name_cells(SxBytes in)
{
    size_t sum = 0;
    for (size_t cells = 0; in.len > 0; sum += cells) {
        size_t used = name_unit(in, &cells);
        in = sx_bytes(in.data + used, in.len - used);
    }
    return sum;
}

/* The bytes at the start of `in` that fit into `room` cells and `size` bytes. */
static size_t
name_head(SxBytes in, size_t room, size_t size)
{
    size_t len = 0;
    while (len < in.len) {
        size_t cells;
        size_t used = name_unit(sx_bytes(in.data + len, in.len - len), &cells);
        if (cells > room || used > size - len)
            break;
        room -= cells;
        len += used;
    }
    return len;
}

/* Where the longest end of `in` begins that fits into `room` cells and `size` bytes. */
static size_t
name_tail(SxBytes in, size_t room, size_t size)
{
    size_t at = 0;
    size_t left = name_cells(in);
    while (at < in.len && (left > room || in.len - at > size)) {
        size_t cells;
        at += name_unit(sx_bytes(in.data + at, in.len - at), &cells);
        left -= cells;
    }
    return at;
}

const char *
sx_text_middle(char *buf, size_t size, const char *name, size_t cells)
{
    static const char gap[] = "\xe2\x80\xa6";
    SxBytes in = sx_bytes(name, strlen(name));
    size_t gap_len = sizeof gap - 1;
    if (size == 0)
        return buf;
    if (in.len < size && name_cells(in) <= cells) {
        memcpy(buf, name, in.len + 1);
        return buf;
    }
    *buf = 0;
    if (cells == 0 || size <= gap_len)
        return buf;
    /* The end says more than the start: it has the suffix. */
    size_t room = size - 1 - gap_len;
    size_t head = name_head(in, (cells - 1) / 3, room / 3);
    size_t head_cells = name_cells(sx_bytes(in.data, head));
    size_t tail = name_tail(in, cells - 1 - head_cells, room - head);
    memcpy(buf, name, head);
    memcpy(buf + head, gap, gap_len);
    memcpy(buf + head + gap_len, name + tail, in.len - tail + 1);
    return buf;
}
