/* test_expression.c - numbers, places and ranges as people write them, right and wrong; and random ones by an oracle. */
#include <sextant/expression.h>

#include "support/tap.h"

/* 16 bytes that all differ, of which a value can be read; the rest of the length is as long as a test wants. */
static const uint8_t content[] = {0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0x01, 0x80,
                                  0xff, 0xfe, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0};

static bool
mark(void *data, const char *name, uint64_t *out)
{
    (void)data;
    static const struct {
        const char *name;
        uint64_t at;
    } marks[] = {{"a", 0x10}, {"header", 4}, {"'", 99}, {"z9", 0x3000}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(name, marks[i].name) == 0)
            return *out = marks[i].at, true;
    return false;
}

static bool
mark_span(void *data, const char *name, SxSpan *out)
{
    (void)data;
    if (strcmp(name, "header") != 0)
        return false;
    *out = (SxSpan){4, 32};
    return true;
}

static bool
read_bytes(void *data, uint64_t at, uint8_t *buf, size_t len, SxError *err)
{
    (void)data;
    for (size_t i = 0; i < len; i++) {
        if (at + i >= 0x2000)
            return sx_fail(err, SX_ERR_LOST, "0x%" PRIx64 " cannot be read", at);
        buf[i] = at + i < sizeof content ? content[at + i] : 0;
    }
    return true;
}

static const SxScope plain = {
    .cursor = 0x100,
    .length = 0x4000,
    .selection = {0x40, 0x20},
    .has_selection = true,
    .mark = mark,
    .mark_span = mark_span,
    .read = read_bytes,
};

enum { HEX = 1, SCRIPT = 2, SPACES = 4 };

static SxScope
scope_with(unsigned how)
{
    SxScope s = plain;
    s.hex = how & HEX;
    s.script = how & SCRIPT;
    s.spaces = how & SPACES;
    return s;
}

static SxBytes
bytes_of(const char *text)
{
    return sx_bytes(text, strlen(text));
}

typedef struct Good {
    const char *text;
    unsigned how;
    uint64_t magnitude;
    const char *flags; /* n negative, r relative, z leading zeros */
} Good;

static const Good good[] = {
    /* literals */
    {"0", 0, 0, ""},
    {"123", 0, 123, ""},
    {"123", SCRIPT, 123, ""},
    {"0x40", 0, 0x40, ""},
    {"0X4f", SCRIPT, 0x4f, ""},
    {"0xdead_beef", 0, 0xdeadbeef, ""},
    {"0x_ff", 0, 0xff, ""},
    {"1_000_000", 0, 1000000, ""},
    {"0b101", 0, 5, ""},
    {"0b1111_0000", SCRIPT, 0xf0, ""},
    {"0b11111111", 0, 255, ""},
    {"0b100000", SCRIPT, 32, ""},
    {"0b_100000", 0, 32, ""},
    {"0o17", 0, 15, ""},
    {"18446744073709551615", 0, UINT64_MAX, ""},
    {"0xffffffffffffffff", 0, UINT64_MAX, ""},
    /* as copied from the offset column */
    {"00000400", 0, 0x400, "z"},
    {"0000008c", 0, 0x8c, "z"},
    {"0b7f0000", 0, 0x0b7f0000, "z"},
    {"08", 0, 8, "z"},
    {"00", 0, 0, "z"},
    {"0_1", 0, 1, "z"},
    {"end-00000010", 0, 0x3ff0, "z"},
    {"00000400", HEX, 0x400, ""},
    {"00000400", HEX | SCRIPT, 0x400, ""},
    {"0b101", HEX, 0xb101, ""},
    {"ff", HEX, 0xff, ""},
    {"e", HEX, 14, ""},
    {"400", HEX, 0x400, ""},
    {"add", HEX, 0xadd, ""},
    {"end", HEX, 0x4000, ""},
    {"ffK", HEX, 255 * 1024, ""},
    {"1E", HEX, 0x1e, ""},
    {"0o17", HEX, 15, ""},
    /* units */
    {"4K", 0, 4096, ""},
    {"4k", 0, 4096, ""},
    {"4KiB", 0, 4096, ""},
    {"4kB", 0, 4000, ""},
    {"4KB", 0, 4000, ""},
    {"1M", 0, 1 << 20, ""},
    {"2mib", 0, 2 << 20, ""},
    {"2MB", 0, 2000000, ""},
    {"1G", 0, 1 << 30, ""},
    {"3T", 0, UINT64_C(3) << 40, ""},
    {"1P", 0, UINT64_C(1) << 50, ""},
    {"1PB", 0, UINT64_C(1000000000000000), ""},
    {"7EiB", 0, UINT64_C(7) << 60, ""},
    {"0x10K", 0, 16384, ""},
    {"0x10kB", 0, 16000, ""},
    {"0b11K", 0, 3072, ""},
    {"010K", 0, 16384, "z"},
    {"0K", SCRIPT, 0, ""},
    {"1_000K", 0, 1024000, ""},
    /* per cent */
    {"50%", 0, 0x2000, ""},
    {"100%", 0, 0x4000, ""},
    {"0%", 0, 0, ""},
    {"12.5%", 0, 0x800, ""},
    {"0.0%", 0, 0, ""},
    {"33.3333%", 0, 5461, ""},
    {"150%", 0, 0x6000, ""},
    {"05%", SCRIPT, 819, ""},
    {"50%", HEX, 0x2000, ""},
    {"50%+1", 0, 0x2001, ""},
    {"-50%", 0, 0x2000, "nr"},
    /* names */
    {".", 0, 0x100, ""},
    {"end", 0, 0x4000, ""},
    {"sel", 0, 0x40, ""},
    {"selend", 0, 0x60, ""},
    {"sellen", 0, 0x20, ""},
    {"'a", 0, 0x10, ""},
    {"'header", 0, 4, ""},
    {"'z9+1", 0, 0x3001, ""},
    {"''", 0, 99, ""},
    {"end-4", 0, 0x3ffc, ""},
    {"'a-'header", 0, 12, ""},
    /* values */
    {"u8(0)", 0, 0x7f, ""},
    {"u8(8)", 0, 0xff, ""},
    {"i8(8)", 0, 1, "n"},
    {"i8(0)", 0, 0x7f, ""},
    {"u16le(0)", 0, 0x457f, ""},
    {"u16be(0)", 0, 0x7f45, ""},
    {"i16le(8)", 0, 257, "n"},
    {"i16be(8)", 0, 2, "n"},
    {"u32le(0)", 0, 0x464c457f, ""},
    {"u32be(0)", 0, 0x7f454c46, ""},
    {"i32be(8)", 0, 0x100000000 - 0xfffe90a0, "n"},
    {"u64le(0)", 0, UINT64_C(0x80010102464c457f), ""},
    {"u64be(0)", 0, UINT64_C(0x7f454c4602010180), ""},
    {"i64le(0)", 0, UINT64_C(0x7ffefefdb9b3ba81), "n"},
    {"i64be(0)", 0, UINT64_C(0x7f454c4602010180), ""},
    {"u8(u8(4))", 0, 0x4c, ""},
    {"u32le( 'header - 4 )", 0, 0x464c457f, ""},
    {"u8(.)", 0, 0, ""},
    {"u8(2)", HEX, 0x4c, ""},
    {"1+u16be(0)*2", 0, 0xfe8b, ""},
    /* relative */
    {"+16", 0, 16, "r"},
    {"-16", 0, 16, "nr"},
    {"+0x10-0x20", 0, 16, "nr"},
    {"-4+2", 0, 2, "nr"},
    {"--4", 0, 4, "r"},
    {"(-4)", 0, 4, "n"},
    {"2-6", 0, 4, "n"},
    {"-0", 0, 0, "r"},
    {"  +4 ", 0, 4, "r"},
    /* operators and their order */
    {"1+2*3", 0, 7, ""},
    {"(1+2)*3", 0, 9, ""},
    {"10-4-3", 0, 3, ""},
    {"100/7", 0, 14, ""},
    {"(100 mod 7)", 0, 2, ""},
    {"(100)mod(7)", 0, 2, ""},
    {"100 mod 7", SPACES, 2, ""},
    {"1|6&3", 0, 3, ""},
    {"1|2^3", 0, 1, ""},
    {"1<<4+1", 0, 32, ""},
    {"0x100>>4", 0, 16, ""},
    {"1<<63", 0, UINT64_C(1) << 63, ""},
    {"0<<200", 0, 0, ""},
    {"1>>200", 0, 0, ""},
    {"~0", 0, UINT64_MAX, ""},
    {"~~5", 0, 5, ""},
    {"~(-1)", 0, 0, ""},
    {"0x1234&~0xff", 0, 0x1200, ""},
    {".&~0xf", 0, 0x100, ""},
    {"0-1&0xff", 0, 0xff, ""},
    {"(-7)/2", 0, 4, "n"},
    {"((-7)mod 4)", 0, 1, ""},
    {"(7 mod(-4))", 0, 1, "n"},
    {"0xffffffffffffffff-0xffffffffffffffff*1", 0, 0, ""},
    {"(-18446744073709551615)+18446744073709551615", 0, 0, ""},
    {"5*-3", 0, 15, "n"},
    {"2*+3", 0, 6, ""},
    {"1 + 2", SPACES, 3, ""},
    {" ( 1\t+ 2 ) ", 0, 3, ""},
    {"- 4", SPACES, 4, "nr"},
    {"u8 (0)", SPACES, 0x7f, ""},
    {"( u8 (0) )", 0, 0x7f, ""},
};

static void
good_ones(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const Good *g = &good[i];
        SxScope scope = scope_with(g->how);
        SxValue v = {0};
        SxError err = {0};
        bool done = sx_expression(bytes_of(g->text), &scope, &v, NULL, &err);
        bool as_said = done && v.magnitude == g->magnitude && v.negative == (strchr(g->flags, 'n') != NULL) &&
                       v.relative == (strchr(g->flags, 'r') != NULL) &&
                       v.leading_zeros == (strchr(g->flags, 'z') != NULL);
        if (!ok(as_said, "%s", g->text))
            diag("got %s 0x%" PRIx64 "%s%s%s, want 0x%" PRIx64 " %s; %s", done ? "" : "failure", v.magnitude,
                 v.negative ? " n" : "", v.relative ? " r" : "", v.leading_zeros ? " z" : "", g->magnitude, g->flags,
                 err.text);
    }
}

typedef struct Bad {
    const char *text;
    unsigned how;
    SxCode code;
    unsigned column;
    const char *says;
} Bad;

static const Bad bad[] = {
    {"", 0, SX_ERR_SYNTAX, 1, "missing"},
    {"  ", 0, SX_ERR_SYNTAX, 3, "missing"},
    {"4+", 0, SX_ERR_SYNTAX, 3, "missing"},
    {"-", 0, SX_ERR_SYNTAX, 2, "missing"},
    {"4 + 4", 0, SX_ERR_SYNTAX, 2, "goes in ( )"},
    {"4+ 4", 0, SX_ERR_SYNTAX, 3, "goes in ( )"},
    {"4 4", SPACES, SX_ERR_SYNTAX, 2, "( )"},
    {"(4 4)", 0, SX_ERR_SYNTAX, 4, "an operator is missing before \"4\""},
    {"4(5)", 0, SX_ERR_SYNTAX, 2, "an operator is missing before \"(\""},
    {"4'a", 0, SX_ERR_SYNTAX, 2, "an operator is missing"},
    {"ff", 0, SX_ERR_SYNTAX, 1, "write 0xff"},
    {"deadbeef", 0, SX_ERR_SYNTAX, 1, "write 0xdeadbeef"},
    {"12ab", 0, SX_ERR_SYNTAX, 1, "write 0x12ab"},
    {"1E", 0, SX_ERR_SYNTAX, 1, "write 0x1E"},
    {"5EB", 0, SX_ERR_SYNTAX, 1, "write 0x5EB"},
    {"4+ff", 0, SX_ERR_SYNTAX, 3, "write 0xff"},
    {"00000400", SCRIPT, SX_ERR_SYNTAX, 1, "write 0x00000400"},
    {"1+010", SCRIPT, SX_ERR_SYNTAX, 3, "begins with zero"},
    {"0b100000", 0, SX_ERR_SYNTAX, 1, "write 0x0b100000 or 0b_100000"},
    {"0x", 0, SX_ERR_SYNTAX, 3, "digits are missing behind \"0x\""},
    {"0xK", 0, SX_ERR_SYNTAX, 3, "digits are missing"},
    {"0xfgh", 0, SX_ERR_SYNTAX, 4, "\"g\" is no hex digit"},
    {"0o18", 0, SX_ERR_SYNTAX, 4, "\"8\" is no octal digit"},
    {"0b12", SCRIPT, SX_ERR_SYNTAX, 4, "\"2\" is no binary digit"},
    {"fz", HEX, SX_ERR_SYNTAX, 1, "\"fz\" is no number or place"},
    {"12q", HEX, SX_ERR_SYNTAX, 3, "\"q\" is no hex digit"},
    {"12q", 0, SX_ERR_SYNTAX, 3, "\"q\" is no unit"},
    {"4KK", 0, SX_ERR_SYNTAX, 2, "\"KK\" is no unit"},
    {"12_", 0, SX_ERR_SYNTAX, 3, "between two digits"},
    {"1__2", 0, SX_ERR_SYNTAX, 2, "between two digits"},
    {"_12", 0, SX_ERR_SYNTAX, 1, "no number or place"},
    {"18446744073709551616", 0, SX_ERR_RANGE, 1, "larger than 64 bits"},
    {"0x10000000000000000", 0, SX_ERR_RANGE, 1, "larger than 64 bits"},
    {"1+16EiB", 0, SX_ERR_RANGE, 3, "larger than 64 bits"},
    {"1.5", 0, SX_ERR_SYNTAX, 2, "only a percentage"},
    {"1.5K", 0, SX_ERR_SYNTAX, 2, "only a percentage"},
    {"10%3", 0, SX_ERR_SYNTAX, 3, "mod"},
    {"(10 % 3)", 0, SX_ERR_SYNTAX, 5, "mod"},
    {"0x10%", 0, SX_ERR_SYNTAX, 5, "per cent"},
    {"0.12345678901234567%", 0, SX_ERR_RANGE, 1, "too many digits"},
    {"(4", 0, SX_ERR_SYNTAX, 1, "\"(\" is never closed"},
    {"1+(2*(3+4)", 0, SX_ERR_SYNTAX, 3, "\"(\" is never closed"},
    {"(", 0, SX_ERR_SYNTAX, 1, "never closed"},
    {"()", 0, SX_ERR_SYNTAX, 2, "\")\" is not expected here"},
    {"4)", 0, SX_ERR_SYNTAX, 2, "\")\" closes nothing"},
    {"4*/5", 0, SX_ERR_SYNTAX, 3, "\"/\" is not expected here"},
    {"4<5", 0, SX_ERR_SYNTAX, 2, "<< and >> shift"},
    {"4\xc3\xa9", 0, SX_ERR_SYNTAX, 2, "\"\xc3\xa9\" is not expected"},
    {"\x1b[0m", 0, SX_ERR_SYNTAX, 1, "\"\\x1b\" is not expected"},
    {"foo", 0, SX_ERR_SYNTAX, 1, "\"foo\" is no number or place"},
    {"all", 0, SX_ERR_SYNTAX, 1, "\"all\" is a range"},
    {"u32le", 0, SX_ERR_SYNTAX, 1, "u32le(.)"},
    {"1+u32le+1", 0, SX_ERR_SYNTAX, 3, "u32le(.)"},
    {"u16(0)", 0, SX_ERR_SYNTAX, 1, "u16le or u16be"},
    {"u32le(", 0, SX_ERR_SYNTAX, 6, "never closed"},
    {"u32le()", 0, SX_ERR_SYNTAX, 7, "is not expected"},
    {"u8(-1)", 0, SX_ERR_RANGE, 1, "before the start"},
    {"u8(end)", 0, SX_ERR_RANGE, 1, "past the end, 0x4000"},
    {"1+u32le(end-3)", 0, SX_ERR_RANGE, 3, "past the end"},
    {"u8(0x2000)", 0, SX_ERR_LOST, 1, "cannot be read"},
    {"'", 0, SX_ERR_SYNTAX, 1, "name of a mark"},
    {"1+'", 0, SX_ERR_SYNTAX, 3, "name of a mark"},
    {"'nope", 0, SX_ERR_RANGE, 1, "no mark 'nope"},
    {"1/0", 0, SX_ERR_RANGE, 2, "division by zero"},
    {"(1 mod 0)", 0, SX_ERR_RANGE, 4, "division by zero"},
    {"1<<64", 0, SX_ERR_RANGE, 2, "larger than 64 bits"},
    {"3<<63", 0, SX_ERR_RANGE, 2, "larger than 64 bits"},
    {"1<<-1", 0, SX_ERR_RANGE, 2, "less than nothing"},
    {"1>>(-1)", 0, SX_ERR_RANGE, 2, "less than nothing"},
    {"0xffffffffffffffff+1", 0, SX_ERR_RANGE, 19, "larger than 64 bits"},
    {"0xffffffffffffffff*0xffffffffffffffff", 0, SX_ERR_RANGE, 19, "larger than 64 bits"},
    {"-1-0xffffffffffffffff", 0, SX_ERR_RANGE, 3, "larger than 64 bits"},
};

static void
expect_failure(const Bad *b, bool done, const SxError *err)
{
    bool as_said = !done && err->code == b->code && err->column == b->column && strstr(err->text, b->says);
    if (!ok(as_said, "%s: column %u, %s", b->text, b->column, b->says))
        diag("got %s %s, column %u: %s", done ? "success" : "failure", sx_code_name(err->code), err->column,
             err->text);
}

static void
bad_ones(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        SxScope scope = scope_with(bad[i].how);
        SxValue v = {.magnitude = 77};
        SxError err = {0};
        bool done = sx_expression(bytes_of(bad[i].text), &scope, &v, NULL, &err);
        expect_failure(&bad[i], done, &err);
        if (v.magnitude != 77 || sx_expression(bytes_of(bad[i].text), &scope, &v, NULL, NULL))
            ok(false, "%s: the result is untouched, and NULL takes no message", bad[i].text);
    }
}

static void
narrow_scopes(void)
{
    SxScope none = {.length = 100, .cursor = 7};
    SxError err;
    SxValue v;
    ok(!sx_expression(bytes_of("sel"), &none, &v, NULL, &err) && err.code == SX_ERR_RANGE &&
           strstr(err.text, "nothing is selected"),
       "sel without a selection: %s", err.text);
    ok(!sx_expression(bytes_of("'a"), &none, &v, NULL, &err) && err.code == SX_ERR_RANGE, "no marks: %s", err.text);
    ok(!sx_expression(bytes_of("u8(0)"), &none, &v, NULL, &err) && err.code == SX_ERR_SYNTAX, "nothing to read: %s",
       err.text);
    SxScope empty = {.read = read_bytes};
    ok(!sx_expression(bytes_of("u8(0)"), &empty, &v, NULL, &err) && err.code == SX_ERR_RANGE, "empty: %s", err.text);
    ok(sx_expression(bytes_of("50%"), &empty, &v, NULL, &err) && v.magnitude == 0, "half of nothing");
    SxScope huge = {.length = UINT64_MAX};
    ok(sx_expression(bytes_of("100%"), &huge, &v, NULL, &err) && v.magnitude == UINT64_MAX, "per cent of 2^64-1");
    ok(sx_expression(bytes_of("99.9999999%"), &huge, &v, NULL, &err) && v.magnitude == UINT64_C(18446744055262807541),
       "exactly, also with a fraction: %" PRIu64, v.magnitude);
    ok(!sx_expression((SxBytes){NULL, 0}, &none, &v, NULL, &err) && err.column == 1, "no text at all");
}

static void
nesting(void)
{
    char text[600];
    SxError err;
    SxValue v;
    for (int depth = 63; depth <= 65; depth++) {
        memset(text, '(', (size_t)depth);
        text[depth] = '1';
        memset(text + depth + 1, ')', (size_t)depth);
        text[2 * depth + 1] = 0;
        bool done = sx_expression(bytes_of(text), &plain, &v, NULL, &err);
        ok(done == (depth <= 64) && (done || (err.column == 65 && err.code == SX_ERR_SYNTAX)), "%d parentheses", depth);
        memset(text, '-', (size_t)depth);
        text[depth + 1] = 0;
        done = sx_expression(bytes_of(text), &plain, &v, NULL, &err);
        ok(done == (depth <= 64) && (done || err.column == 65), "%d signs", depth);
    }
    memset(text, '(', sizeof text);
    ok(!sx_expression(sx_bytes(text, sizeof text), &plain, &v, NULL, &err), "a flood of them: %s", err.text);
}

static void
used_bytes(void)
{
    static const struct {
        const char *text;
        unsigned how;
        size_t used;
        uint64_t value;
    } cases[] = {
        {"0x10 rest", 0, 4, 16},   {"(1 + 2) rest", 0, 7, 3}, {"10,20", 0, 2, 10}, {"end:5", 0, 3, 0x4000},
        {"10)", 0, 2, 10},         {"1 + 2 x", SPACES, 5, 3}, {". ", 0, 1, 0x100},
        {"4 +8", 0, 1, 4},         {"4 +8", SPACES, 4, 12},   {"u8(0)]", 0, 5, 0x7f},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxScope scope = scope_with(cases[i].how);
        size_t used = 99;
        SxValue v = {0};
        SxError err;
        bool done = sx_expression(bytes_of(cases[i].text), &scope, &v, &used, &err);
        ok(done && used == cases[i].used && v.magnitude == cases[i].value, "'%s' uses %zu (%zu)", cases[i].text,
           cases[i].used, used);
    }
    size_t used = 99;
    SxValue v;
    SxError err;
    ok(!sx_expression(bytes_of(" 4"), &plain, &v, &used, &err) && used == 99, "a space first is not skipped");
}

static void
offsets(void)
{
    static const struct {
        const char *text;
        uint64_t want;
    } cases[] = {
        {"0", 0},      {"0x4000", 0x4000}, {"+16", 0x110},   {"-0x100", 0},      {"-16", 0xf0}, {"(-16)", 0x3ff0},
        {"0-1", 0x3fff}, {"end", 0x4000},  {"50%", 0x2000},  {"u8(8)-u8(0)", 128}, {"-(-4)", 0x104}, {"+0x3f00", 0x4000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t at = 99;
        SxError err;
        ok(sx_expression_offset(bytes_of(cases[i].text), &plain, &at, NULL, &err) && at == cases[i].want,
           "offset %s is 0x%" PRIx64 " (0x%" PRIx64 ")", cases[i].text, cases[i].want, at);
    }
    static const Bad outside[] = {
        {"0x4001", 0, SX_ERR_RANGE, 1, "0x4001 is past the end, 0x4000"},
        {"0x5000", 0, SX_ERR_RANGE, 1, "0x5000 is past the end, 0x4000"},
        {"-0x101", 0, SX_ERR_RANGE, 1, "before the start"},
        {"(-0x4001)", 0, SX_ERR_RANGE, 1, "before the start"},
        {"+0xffffffffffffffff", 0, SX_ERR_RANGE, 1, "no file reaches that far"},
        {"150%", 0, SX_ERR_RANGE, 1, "past the end"},
        {"ff", 0, SX_ERR_SYNTAX, 1, "write 0xff"},
    };
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        uint64_t at = 99;
        SxError err = {0};
        bool done = sx_expression_offset(bytes_of(outside[i].text), &plain, &at, NULL, &err);
        expect_failure(&outside[i], done, &err);
        if (at != 99)
            ok(false, "%s leaves the result alone", outside[i].text);
    }
}

static void
ranges(void)
{
    static const struct {
        const char *text;
        unsigned how;
        uint64_t at, len;
        size_t left; /* bytes behind it */
    } cases[] = {
        {"0:10", 0, 0, 10, 0},
        {":", 0, 0, 0x4000, 0},
        {":10", 0, 0, 10, 0},
        {"10:", 0, 10, 0x3ff6, 0},
        {"-4:", 0, 0x3ffc, 4, 0},
        {":-4", 0, 0, 0x3ffc, 0},
        {"-8:-4", 0, 0x3ff8, 4, 0},
        {"10:5", 0, 10, 0, 0},
        {"0:0x9999", 0, 0, 0x4000, 0},
        {"-0x9999:4", 0, 0, 4, 0},
        {"0x5000:0x6000", 0, 0x4000, 0, 0},
        {"end:", 0, 0x4000, 0, 0},
        {".:.+16", 0, 0x100, 16, 0},
        {"'a:'header+32", 0, 0x10, 20, 0},
        {"50%:", 0, 0x2000, 0x2000, 0},
        {"(1 + 1):(2 * 4)", 0, 2, 6, 0},
        {"0x40 +32", 0, 0x40, 32, 0},
        {". +12", 0, 0x100, 12, 0},
        {". +12 word", 0, 0x100, 12, 5},
        {"0:10 word", 0, 0, 10, 5},
        {"10: word", 0, 10, 0x3ff6, 5},
        {": word", 0, 0, 0x4000, 5},
        {"end-4 +100", 0, 0x3ffc, 4, 0},
        {"-16 +8", 0, 0x3ff0, 8, 0},
        {"-0x4004 +8", 0, 0, 4, 0},
        {"0 +0", 0, 0, 0, 0},
        {"0x10 +(2 * 8)", 0, 0x10, 16, 0},
        {"0x10 +sellen", 0, 0x10, 32, 0},
        {"0 +1K word", 0, 0, 1024, 5},
        {"sel", 0, 0x40, 0x20, 0},
        {"sel word", 0, 0x40, 0x20, 5},
        {"sel -1", 0, 0x40, 0x20, 3},
        {"sel +4", 0, 0x40, 4, 0},
        {"sel:end", 0, 0x40, 0x3fc0, 0},
        {"sel+4:selend", 0, 0x44, 0x1c, 0},
        {"selend +4", 0, 0x60, 4, 0},
        {"all", 0, 0, 0x4000, 0},
        {"all word", 0, 0, 0x4000, 5},
        {"'header", 0, 4, 32, 0},
        {"'header word", 0, 4, 32, 5},
        {"'header:", 0, 4, 0x3ffc, 0},
        {"'header +2", 0, 4, 2, 0},
        {"'header+1 +2", 0, 5, 2, 0},
        {"'a +2", 0, 0x10, 2, 0},
        {"0x40 + 0x10 +32", SPACES, 0x50, 32, 0},
        {"0x40 : 0x50", SPACES, 0x40, 16, 0},
        {" 1 : ", SPACES, 1, 0x3fff, 0},
        {"sel : end", SPACES, 0x40, 0x3fc0, 0},
        {"00000010:00000020", 0, 16, 16, 0},
        {"10:20", HEX, 16, 16, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxScope scope = scope_with(cases[i].how);
        SxBytes text = bytes_of(cases[i].text);
        SxSpan span = {77, 77};
        size_t used = 0;
        SxError err = {0};
        bool done = sx_expression_range(text, &scope, &span, cases[i].left ? &used : NULL, &err);
        bool as_said = done && span.at == cases[i].at && span.len == cases[i].len &&
                       (!cases[i].left || text.len - used == cases[i].left);
        if (!ok(as_said, "range '%s'", cases[i].text))
            diag("got 0x%" PRIx64 " +0x%" PRIx64 ", used %zu; %s", span.at, span.len, used, err.text);
    }
    static const Bad wrong[] = {
        {"", 0, SX_ERR_SYNTAX, 1, "missing"},
        {"10", 0, SX_ERR_SYNTAX, 3, "\"10 +1\" is one byte"},
        {"'a", 0, SX_ERR_SYNTAX, 3, "\"'a +1\" is one byte"},
        {"0x40 + 32", 0, SX_ERR_SYNTAX, 7, "goes in ( )"},
        {"0x40 + 32", SPACES, SX_ERR_SYNTAX, 10, "A:B or A +N"},
        {"0x40+32", 0, SX_ERR_SYNTAX, 8, "A:B or A +N"},
        {"0:+16", 0, SX_ERR_SYNTAX, 3, "behind a space"},
        {"+16:", 0, SX_ERR_SYNTAX, 1, "behind a space"},
        {"0 +(-4)", 0, SX_ERR_RANGE, 3, "less than nothing"},
        {"0:ff", 0, SX_ERR_SYNTAX, 3, "write 0xff"},
        {"0:10:2", 0, SX_ERR_SYNTAX, 5, "\":\" is not expected"},
        {"0 :10", 0, SX_ERR_SYNTAX, 2, "A:B or A +N"},
        {"'nope:", 0, SX_ERR_RANGE, 1, "no mark"},
        {"0 +", 0, SX_ERR_SYNTAX, 4, "missing"},
        {"sel+4", 0, SX_ERR_SYNTAX, 6, "A:B or A +N"},
        {"all:", 0, SX_ERR_SYNTAX, 1, "\"all\" is a range"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        SxScope scope = scope_with(wrong[i].how);
        SxSpan span = {77, 77};
        SxError err = {0};
        bool done = sx_expression_range(bytes_of(wrong[i].text), &scope, &span, NULL, &err);
        expect_failure(&wrong[i], done, &err);
        if (span.at != 77)
            ok(false, "%s leaves the result alone", wrong[i].text);
    }
    SxScope none = {.length = 100};
    SxSpan span;
    SxError err;
    ok(!sx_expression_range(bytes_of("sel"), &none, &span, NULL, &err) && err.code == SX_ERR_RANGE, "no selection: %s",
       err.text);
    SxScope stale = {.length = 0x50, .selection = {0x40, 0x20}, .has_selection = true};
    ok(sx_expression_range(bytes_of("sel"), &stale, &span, NULL, &err) && span.at == 0x40 && span.len == 0x10,
       "a selection is clipped too");
}

/* --- random expressions ---------------------------------------------------------------------------------------------
 * A tree is made and evaluated with sign and magnitude apart; then printed, with as few parentheses as the order of
 * operators allows, and read back.
 */

__extension__ typedef __int128 Big;

typedef struct Tree {
    char op; /* '0' a number, '~' '-' signs, else an operator; '<' '>' shifts, 'm' mod */
    uint64_t number;
    int left, right;
} Tree;

enum { TREES = 64 };

typedef struct Forest {
    Tree trees[TREES];
    int count;
} Forest;

static int
plant(Forest *f, uint64_t *seed, int depth)
{
    static const char ops[] = "|^&<>+-*/m+-*~n";
    int at = f->count++;
    uint64_t r = tap_random(seed);
    f->trees[at] = (Tree){.op = '0', .number = tap_random(seed) >> (r % 64)};
    if (depth == 0 || f->count + 2 > TREES || r % 5 == 0)
        return at;
    char op = ops[(r >> 8) % (sizeof ops - 1)];
    f->trees[at].op = op;
    f->trees[at].left = plant(f, seed, depth - 1);
    if (op == '~' || op == 'n')
        return at;
    if (f->count >= TREES) {
        f->trees[at] = (Tree){.op = '0', .number = r};
        return at;
    }
    f->trees[at].right = plant(f, seed, depth - 1);
    /* Shifts by what a tree gives would nearly always be too far. */
    if (op == '<' || op == '>')
        f->trees[f->trees[at].right] = (Tree){.op = '0', .number = (r >> 16) % 70};
    return at;
}

static bool
fits(Big v)
{
    return v <= (Big)UINT64_MAX && v >= -(Big)UINT64_MAX;
}

/* Long multiplication by doubling, so that nothing is lost before it is seen to be too much. */
static bool
times(Big a, Big b, Big *out)
{
    bool negative = (a < 0) != (b < 0);
    Big x = a < 0 ? -a : a;
    Big y = b < 0 ? -b : b;
    Big sum = 0;
    for (; y > 0; y >>= 1, x <<= 1) {
        if (y & 1)
            sum += x;
        if (!fits(sum) || (!fits(x) && y > 1 && a != 0))
            return false;
    }
    *out = negative ? -sum : sum;
    return true;
}

static Big
floor_div(Big a, Big b)
{
    Big q = a / b;
    while (b > 0 ? q * b > a : q * b < a)
        q -= 1;
    return q;
}

static bool
model(const Forest *f, int at, Big *out)
{
    const Tree *t = &f->trees[at];
    Big a = 0, b = 0;
    if (t->op == '0') {
        *out = t->number;
        return true;
    }
    if (!model(f, t->left, &a))
        return false;
    if (t->op == 'n')
        return *out = -a, true;
    if (t->op == '~')
        return *out = a < 0 ? -1 - a : (Big)(~(uint64_t)a), true;
    if (!model(f, t->right, &b))
        return false;
    switch (t->op) {
    case '|':
        *out = a | b;
        break;
    case '^':
        *out = a ^ b;
        break;
    case '&':
        *out = a & b;
        break;
    case '+':
        *out = a + b;
        break;
    case '-':
        *out = a - b;
        break;
    case '*':
        return times(a, b, out);
    case '<':
        *out = a;
        for (Big i = 0; i < b; i++) {
            *out *= 2;
            if (!fits(*out))
                return false;
        }
        break;
    case '>':
        *out = a;
        for (Big i = 0; i < b; i++)
            *out = floor_div(*out, 2);
        break;
    default:
        if (b == 0)
            return false;
        Big q = floor_div(a, b);
        *out = t->op == '/' ? q : a - q * b;
    }
    return fits(*out);
}

static int
level_of(char op)
{
    static const char *const levels[] = {"|", "^", "&", "<>", "+-", "*/m", "~n0"};
    int level = 0;
    while (!strchr(levels[level], op))
        level++;
    return level;
}

static void
print_number(char **to, uint64_t number, uint64_t r)
{
    if (number % 1024 == 0 && number > 0 && r % 3 == 0)
        *to += sprintf(*to, "%" PRIu64 "K", number / 1024);
    else if (r % 4 == 0)
        *to += sprintf(*to, "%" PRIu64, number);
    else if (r % 4 == 1)
        *to += sprintf(*to, "0x%" PRIx64, number);
    else if (r % 4 == 2)
        *to += sprintf(*to, "0x%" PRIX64, number);
    else
        *to += sprintf(*to, "0o%" PRIo64, number);
}

static void
print_tree(const Forest *f, int at, int loosest, char **to, uint64_t *seed)
{
    const Tree *t = &f->trees[at];
    uint64_t r = tap_random(seed);
    int level = level_of(t->op);
    bool wrap = level < loosest || r % 11 == 0;
    const char *space = r & 0x100 ? " " : "";
    if (wrap)
        *to += sprintf(*to, "(%s", space);
    if (t->op == '0') {
        print_number(to, t->number, r >> 20);
    } else if (t->op == 'n' || t->op == '~') {
        *to += sprintf(*to, "%c", t->op == 'n' ? '-' : '~');
        print_tree(f, t->left, level, to, seed);
    } else {
        print_tree(f, t->left, level, to, seed);
        if (t->op == 'm')
            *to += sprintf(*to, " mod ");
        else
            *to += sprintf(*to, "%s%.*s%s", space, t->op == '<' || t->op == '>' ? 2 : 1,
                           (char[]){t->op, t->op, 0}, space);
        print_tree(f, t->right, level + 1, to, seed);
    }
    if (wrap)
        *to += sprintf(*to, "%s)", space);
}

static void
random_trees(int rounds)
{
    uint64_t seed = tap_seed();
    int fine = 0, over = 0;
    for (int i = 0; i < rounds; i++) {
        Forest f = {.count = 0};
        char text[8192], *end = text;
        int root = plant(&f, &seed, 4);
        print_tree(&f, root, 0, &end, &seed);
        SxScope scope = scope_with(SPACES);
        SxValue v;
        SxError err;
        Big want = 0;
        bool wanted = model(&f, root, &want);
        bool done = sx_expression(sx_bytes(text, (size_t)(end - text)), &scope, &v, NULL, &err);
        Big got = done ? v.negative ? -(Big)v.magnitude : (Big)v.magnitude : 0;
        if (done != wanted || (done ? got != want : err.code != SX_ERR_RANGE)) {
            ok(false, "round %d: %s", i, text);
            diag("want %d %s%" PRIu64 ", got %d %s%" PRIu64 " %s", wanted, want < 0 ? "-" : "",
                 (uint64_t)(want < 0 ? -want : want), done, got < 0 ? "-" : "", (uint64_t)(got < 0 ? -got : got),
                 done ? "" : err.text);
            return;
        }
        *(done ? &fine : &over) += 1;
    }
    ok(fine > rounds / 4 && over > rounds / 50, "%d random expressions: %d values, %d out of range", rounds, fine, over);
}

/* Any bytes: an answer or a failure with a place inside the text; never more used than there is. */
static void
random_bytes(int rounds)
{
    static const char alphabet[] = "0123456789abcdefxKMGiB_%.'()+-*/&|^~<> :modselendallu8i16le32be,\x80\xc3\xa9\x1b";
    uint64_t seed = tap_seed();
    bool sane = true;
    for (int i = 0; i < rounds && sane; i++) {
        uint8_t text[40];
        size_t len = tap_random(&seed) % sizeof text;
        for (size_t k = 0; k < len; k++)
            text[k] = (uint8_t)alphabet[tap_random(&seed) % (sizeof alphabet - 1)];
        SxScope scope = scope_with((unsigned)tap_random(&seed) & 7);
        size_t used = 0;
        SxValue v;
        SxSpan span = {0, 0};
        SxError err = {0};
        bool done = sx_expression(sx_bytes(text, len), &scope, &v, &used, &err);
        sane = done ? used > 0 && used <= len : err.column >= 1 && err.column <= len + 1 && err.text[0];
        done = sx_expression_range(sx_bytes(text, len), &scope, &span, NULL, &err);
        sane = sane && (done ? sx_span_end(span) <= plain.length : err.column >= 1 && err.column <= len + 1);
        if (!sane)
            diag("%.*s: %s", (int)len, text, err.text);
    }
    ok(sane, "%d random texts", rounds);
}

int
main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 20000;
    good_ones();
    bad_ones();
    narrow_scopes();
    nesting();
    used_bytes();
    offsets();
    ranges();
    random_trees(rounds);
    random_bytes(rounds);
    return done_testing();
}
