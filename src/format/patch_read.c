/*
 * patch_read.c - lines of text as changes, one at a time. Whatever the text holds, nothing is taken on trust: lengths are
 * bounded before they are used, and each change must have the bytes that its head promises.
 */
#include <sextant/patch.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

enum { BLOCK = 1 << 16, LINE_MAX_BYTES = 4096 };

typedef struct Side {
    uint8_t *data;
    size_t cap;
    size_t len;
    size_t want; /* at most SX_PATCH_SIDE_MAX */
} Side;

struct SxPatch {
    SxSource *text;
    uint64_t size;   /* of the text */
    uint64_t at;     /* of the block */
    uint8_t *block;  /* BLOCK */
    size_t have;     /* bytes in it */
    size_t used;     /* of them */
    char line[LINE_MAX_BYTES];
    uint64_t number; /* of the line, 1-based */
    bool again;      /* the line is to be read once more */
    SxPatchHead head;
    Side old, now;
    uint64_t parts;
    uint64_t behind; /* end of the last change */
    uint64_t lasting; /* bytes of the file before that are in the result, and those that are new, less those gone */
    bool ended;
};

static bool wrong(const SxPatch *p, SxError *err, const char *fmt, ...) SX_PRINTF(3, 4);

static bool
wrong(const SxPatch *p, SxError *err, const char *fmt, ...)
{
    char text[200];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    return sx_fail(err, SX_ERR_SYNTAX, "line %" PRIu64 ": %s", p->number, text);
}

/* --- lines ----------------------------------------------------------------------------------------------------------- */

static bool
fill(SxPatch *p, SxError *err)
{
    p->at += p->have;
    uint64_t rest = p->size - p->at;
    p->have = rest < BLOCK ? (size_t)rest : BLOCK;
    p->used = 0;
    return p->have == 0 || sx_source_read(p->text, (SxSpan){p->at, p->have}, p->block, err);
}

/* One line of the text, whatever it says; ABSENT at the end. */
static SxFound
raw_line(SxPatch *p, SxError *err)
{
    size_t n = 0;
    p->number++;
    for (;; p->used++) {
        if (p->used == p->have && !fill(p, err))
            return SX_FAILED;
        if (p->have == 0)
            break;
        if (p->block[p->used] == '\n')
            break;
        if (n + 1 == sizeof p->line || p->block[p->used] == '\0')
            return wrong(p, err, "this is no patch") ? SX_FOUND : SX_FAILED;
        p->line[n++] = (char)p->block[p->used];
    }
    bool any = p->have > 0 || n > 0;
    p->used += p->have > 0;
    n -= n > 0 && p->line[n - 1] == '\r';
    p->line[n] = '\0';
    return any ? SX_FOUND : SX_ABSENT;
}

/* The next line that says something. */
static SxFound
next_line(SxPatch *p, SxError *err)
{
    if (p->again) {
        p->again = false;
        return SX_FOUND;
    }
    SxFound found;
    do
        found = raw_line(p, err);
    while (found == SX_FOUND && (p->line[strspn(p->line, " \t")] == '\0' || p->line[0] == '#'));
    return found;
}

/* A line must be there, and begin with this word; what is behind it. */
static const char *
line_of(SxPatch *p, const char *word, SxError *err)
{
    SxFound found = next_line(p, err);
    size_t n = strlen(word);
    if (found == SX_FOUND && strncmp(p->line, word, n) == 0 && p->line[n] == ' ')
        return p->line + n + 1;
    if (found != SX_FAILED)
        wrong(p, err, "\"%s\" belongs here", word);
    return NULL;
}

/* Decimal or 0x hex; *text moves behind it and the blanks that follow. */
static bool
read_number(const SxPatch *p, const char **text, uint64_t *out, SxError *err)
{
    bool hex = strncmp(*text, "0x", 2) == 0;
    const char *digits = *text + (hex ? 2 : 0);
    size_t n = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (n == 0 || n > (hex ? 16 : 19) || !(digits[n] == '\0' || digits[n] == ' '))
        return wrong(p, err, "\"%.20s\" is no number", *text);
    *out = strtoull(digits, NULL, hex ? 16 : 10);
    *text = digits + n + strspn(digits + n, " ");
    return *out <= INT64_MAX || wrong(p, err, "\"%.20s\" is too large", digits);
}

static bool
read_count(SxPatch *p, const char *word, uint64_t *out, SxError *err)
{
    const char *text = line_of(p, word, err);
    return text && read_number(p, &text, out, err) && (!*text || wrong(p, err, "\"%.20s\" is not understood", text));
}

/* --- the head --------------------------------------------------------------------------------------------------------- */

static bool
read_head(SxPatch *p, SxError *err)
{
    SxFound found = next_line(p, err);
    if (found == SX_FAILED)
        return false;
    if (found == SX_ABSENT || strncmp(p->line, "sextant patch ", 14) != 0)
        return wrong(p, err, "this is no patch: it begins with \"sextant patch 1\"");
    if (strcmp(p->line + 14, "1") != 0)
        return wrong(p, err, "version %.20s of patches is not known here", p->line + 14);
    const char *name = line_of(p, "file", err);
    if (!name)
        return false;
    sx_text_printable(p->head.name, sizeof p->head.name, sx_bytes(name, strlen(name)), SX_PRINTABLE_UTF8);
    if (!read_count(p, "size", &p->head.size, err) || !read_count(p, "result", &p->head.result, err))
        return false;
    p->lasting = p->head.size;
    return true;
}

bool
sx_patch_open(SxPatch **out, SxSource *text, SxError *err)
{
    SxPatch *p = calloc(1, sizeof *p);
    if (p) {
        p->text = sx_source_retain(text);
        p->size = sx_source_size(text);
        p->block = malloc(BLOCK);
    }
    if (p && p->block ? !read_head(p, err) : !sx_fail(err, SX_ERR_NOMEM, "no memory to read the patch")) {
        sx_patch_free(p);
        return false;
    }
    *out = p;
    return true;
}

const SxPatchHead *
sx_patch_head(const SxPatch *p)
{
    return &p->head;
}

void
sx_patch_free(SxPatch *p)
{
    if (!p)
        return;
    sx_source_release(p->text);
    free(p->block);
    free(p->old.data);
    free(p->now.data);
    free(p);
}

/* --- a change ---------------------------------------------------------------------------------------------------------- */

static int
digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "*N" behind a byte; 1 where there is none, 0 where it is wrong. */
static uint64_t
read_times(const char **text)
{
    if (**text != '*')
        return 1;
    size_t n = strspn(++*text, "0123456789");
    uint64_t times = n > 0 && n <= 8 ? strtoull(*text, NULL, 10) : 0;
    *text += n;
    return times;
}

static bool
add_bytes(const SxPatch *p, Side *side, const char *text, SxError *err)
{
    for (text += strspn(text, " "); *text && *text != '|'; text += strspn(text, " ")) {
        int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
        if (low < 0)
            return wrong(p, err, "\"%.*s\" is no byte: two hex digits", (int)strcspn(text, " |"), text);
        text += 2;
        uint64_t times = read_times(&text);
        if (times == 0)
            return wrong(p, err, "how often the byte stands here is not understood");
        if (times > side->want - side->len)
            return wrong(p, err, "more bytes than the change has, %zu", side->want);
        memset(side->data + side->len, high << 4 | low, (size_t)times);
        side->len += (size_t)times;
    }
    return true;
}

/* Lines of one sign, as many as bring the bytes that are wanted. */
static bool
read_side(SxPatch *p, char sign, Side *side, SxError *err)
{
    side->len = 0;
    if (!sx_grow(&side->data, &side->cap, side->want, 1))
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read the patch");
    while (side->len < side->want) {
        SxFound found = next_line(p, err);
        if (found == SX_FAILED)
            return false;
        if (found == SX_ABSENT || p->line[0] != sign)
            return wrong(p, err, "%zu bytes with \"%c\" are missing here", side->want - side->len, sign);
        if (!add_bytes(p, side, p->line + 1, err))
            return false;
    }
    return true;
}

static bool
read_change_head(SxPatch *p, SxPatchChange *out, SxError *err)
{
    uint64_t removed, inserted;
    const char *text = p->line + 1 + strspn(p->line + 1, " ");
    if (!read_number(p, &text, &out->at, err) || !read_number(p, &text, &removed, err) ||
        !read_number(p, &text, &inserted, err))
        return false;
    if (*text || (removed == 0 && inserted == 0))
        return wrong(p, err, "a change is \"@ OFFSET REMOVED INSERTED\"");
    if (removed > SX_PATCH_SIDE_MAX || inserted > SX_PATCH_SIDE_MAX)
        return wrong(p, err, "a change holds at most %d bytes a side; write it as several", SX_PATCH_SIDE_MAX);
    if (out->at < p->behind)
        return wrong(p, err, "0x%" PRIx64 " lies before the end of the change before it", out->at);
    if (out->at > p->head.size || removed > p->head.size - out->at)
        return wrong(p, err, "0x%" PRIx64 " lies behind the end of the file", out->at);
    p->behind = out->at + removed;
    p->lasting += inserted - removed;
    p->old.want = (size_t)removed;
    p->now.want = (size_t)inserted;
    out->line = p->number;
    return true;
}

static SxFound
read_end(SxPatch *p, SxError *err)
{
    uint64_t parts;
    p->again = true;
    if (!read_count(p, "end", &parts, err))
        return SX_FAILED;
    if (parts != p->parts) {
        wrong(p, err, "%" PRIu64 " changes are said, %" PRIu64 " were there", parts, p->parts);
        return SX_FAILED;
    }
    if (p->lasting != p->head.result) {
        wrong(p, err, "the result would have %" PRIu64 " bytes, not %" PRIu64, p->lasting, p->head.result);
        return SX_FAILED;
    }
    p->ended = true;
    return SX_ABSENT;
}

SxFound
sx_patch_next(SxPatch *p, SxPatchChange *out, SxError *err)
{
    if (p->ended)
        return SX_ABSENT;
    SxFound found = next_line(p, err);
    if (found == SX_FAILED)
        return SX_FAILED;
    if (found == SX_ABSENT) {
        wrong(p, err, "\"end\" is missing: the patch was cut off");
        return SX_FAILED;
    }
    if (p->line[0] != '@')
        return read_end(p, err);
    p->parts++;
    if (!read_change_head(p, out, err) || !read_side(p, '-', &p->old, err) || !read_side(p, '+', &p->now, err))
        return SX_FAILED;
    out->removed = sx_bytes(p->old.data, p->old.len);
    out->inserted = sx_bytes(p->now.data, p->now.len);
    return SX_FOUND;
}
