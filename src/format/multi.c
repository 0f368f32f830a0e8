/*
 * multi.c - encodings with lead bytes, by table: Shift-JIS, EUC, Big5, GB 18030.
 *
 * None of them says in a byte whether a character begins there. But no byte below 30 is ever a later byte of
 * one (GB 18030 has digits there, the others begin at 40), so behind such a byte a character begins, and from
 * it on one is decoded.
 */
#include <string.h>

#include "format/tables.h"

enum { ALONE = 0x30, MULTI_CONTEXT = 512 };

/* --- four bytes: a number ----------------------------------------------------------------------------- */

enum { FOUR_FIRST = 0x81, FOUR_DIGIT = 0x30, BEYOND_BMP = 189000, BMP_NUMBERS = 39420 };

static bool
is_digit(uint8_t byte)
{
    return byte >= FOUR_DIGIT && byte < FOUR_DIGIT + 10;
}

static bool
is_letter(uint8_t byte)
{
    return byte >= FOUR_FIRST && byte < 0xff;
}

/* The last run that begins at or before the number. */
static const NumberRun *
run_of(const MultiTable *t, uint32_t number)
{
    size_t low = 0, high = t->n_runs;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (t->runs[mid].number <= number)
            low = mid;
        else
            high = mid;
    }
    return &t->runs[low];
}

static uint32_t
code_of_number(const MultiTable *t, uint32_t number)
{
    if (number >= BEYOND_BMP)
        return number - BEYOND_BMP <= 0xfffff ? number - BEYOND_BMP + 0x10000 : SX_NO_CHARACTER;
    if (number >= BMP_NUMBERS)
        return SX_NO_CHARACTER;
    const NumberRun *run = run_of(t, number);
    return run->code == TABLE_NONE ? SX_NO_CHARACTER : run->code + (number - run->number);
}

static size_t
four_decode(const MultiTable *t, SxBytes in, uint32_t *code)
{
    *code = SX_NO_CHARACTER;
    if (in.len < 4 || !is_letter(in.data[0]) || !is_letter(in.data[2]) || !is_digit(in.data[3]))
        return 1;
    uint32_t high = (in.data[0] - FOUR_FIRST) * 10U + (in.data[1] - FOUR_DIGIT);
    uint32_t low = (in.data[2] - FOUR_FIRST) * 10U + (in.data[3] - FOUR_DIGIT);
    *code = code_of_number(t, high * 1260 + low);
    return *code == SX_NO_CHARACTER ? 1 : 4;
}

/* The number of a character of the first plane, UINT32_MAX: it has none. */
static uint32_t
number_in_runs(const MultiTable *t, uint32_t code)
{
    for (size_t i = 0; i < t->n_runs; i++) {
        uint32_t end = i + 1 < t->n_runs ? t->runs[i + 1].number : BMP_NUMBERS;
        uint32_t len = end - t->runs[i].number;
        if (t->runs[i].code != TABLE_NONE && code >= t->runs[i].code && code - t->runs[i].code < len)
            return t->runs[i].number + (code - t->runs[i].code);
    }
    return UINT32_MAX;
}

static size_t
four_encode(const MultiTable *t, uint32_t code, uint8_t *out)
{
    uint32_t number = code < 0x10000 ? number_in_runs(t, code) : code - 0x10000 + BEYOND_BMP;
    if (number == UINT32_MAX || code > 0x10ffff)
        return 0;
    out[3] = (uint8_t)(FOUR_DIGIT + number % 10);
    out[2] = (uint8_t)(FOUR_FIRST + number / 10 % 126);
    out[1] = (uint8_t)(FOUR_DIGIT + number / 1260 % 10);
    out[0] = (uint8_t)(FOUR_FIRST + number / 12600);
    return 4;
}

/* --- one, two and three bytes ------------------------------------------------------------------------- */

static size_t
nothing(uint32_t *code)
{
    *code = SX_NO_CHARACTER;
    return 1;
}

static size_t
found(const MultiTable *t, uint16_t entry, size_t len, uint32_t *code)
{
    if (entry == TABLE_NONE)
        return nothing(code);
    size_t beyond = (size_t)entry - TABLE_BEYOND;
    *code = entry >= TABLE_BEYOND && beyond < t->n_beyond ? t->beyond[beyond] : entry;
    return len;
}

size_t
multi_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    const MultiTable *t = e->data;
    uint8_t first = in.data[0];
    if (t->prefix && first == t->prefix) {
        if (in.len < 3 || !t->row3[in.data[1]])
            return nothing(code);
        return found(t, t->rows[t->row3[in.data[1]]][in.data[2]], 3, code);
    }
    if (!t->row[first] && !(t->runs && is_letter(first)))
        return found(t, t->rows[0][first], 1, code);
    if (in.len < 2)
        return nothing(code);
    if (t->runs && is_digit(in.data[1]))
        return four_decode(t, in, code);
    return t->row[first] ? found(t, t->rows[t->row[first]][in.data[1]], 2, code) : nothing(code);
}

static const BackEntry *
back_entry(const MultiTable *t, uint32_t code)
{
    size_t low = 0, high = t->n_back;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->back[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n_back && t->back[low].code == code ? &t->back[low] : NULL;
}

/* What the tables call the character. */
static uint32_t
entry_of(const MultiTable *t, uint32_t code)
{
    for (size_t i = 0; code > TABLE_NONE && i < t->n_beyond; i++) {
        if (t->beyond[i] == code)
            return TABLE_BEYOND + (uint32_t)i;
    }
    return code;
}

/* One byte is written as itself, two as they are, three with the mark that BackEntry tells. */
static size_t
put_entry(const MultiTable *t, const BackEntry *entry, uint8_t *out)
{
    uint8_t high = (uint8_t)(entry->bytes >> 8), low = (uint8_t)entry->bytes;
    size_t n = 0;
    if (t->prefix && high && high < 0x80) {
        out[n++] = t->prefix;
        high |= 0x80;
    }
    if (high)
        out[n++] = high;
    out[n++] = low;
    return n;
}

size_t
multi_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    const MultiTable *t = e->data;
    if (code >= 0xd800 && code < 0xe000)
        return 0;
    const BackEntry *entry = back_entry(t, entry_of(t, code));
    if (entry)
        return put_entry(t, entry, out);
    return t->runs ? four_encode(t, code, out) : 0;
}

/* --- in the middle ------------------------------------------------------------------------------------ */

/* An index at or before `at` where a character begins, or where it is as good as any to begin. */
static size_t
sure_start(SxBytes text, size_t at)
{
    size_t lowest = at > MULTI_CONTEXT ? at - MULTI_CONTEXT : 0;
    for (size_t i = at; i > lowest; i--) {
        if (text.data[i - 1] < ALONE)
            return i;
    }
    return lowest;
}

size_t
multi_sync(const SxEncoding *e, SxBytes text, size_t at)
{
    size_t i = sure_start(text, at);
    while (i < at) {
        uint32_t code;
        i += multi_decode(e, sx_bytes(text.data + i, text.len - i), &code);
    }
    return i < text.len ? i : text.len;
}

size_t
multi_back(const SxEncoding *e, SxBytes before)
{
    size_t i = sure_start(before, before.len - 1), last = i;
    while (i < before.len) {
        uint32_t code;
        last = i;
        i += multi_decode(e, sx_bytes(before.data + i, before.len - i), &code);
    }
    return before.len - last;
}
