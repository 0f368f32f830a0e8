/*
 * test_find.c - small searches with known answers, over memory.
 */
#include "support/tap.h"

#include <sextant/search.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static SxPattern *
pattern(const char *text, SxPatternKind kind, unsigned flags)
{
    SxPattern *p = NULL;
    SxError err = {0};
    if (!sx_pattern_new(&p, sx_bytes(text, strlen(text)), kind, flags, &err))
        diag("%s: %s", text, err.text);
    return p;
}

typedef struct Case {
    const char *pattern;
    const char *data;
    size_t len;  /* 0: strlen */
    const char *expect; /* "at+len at+len ..." of the set */
} Case;

#define BYTES(s) s, sizeof s - 1

static const Case cases[] = {
    {"nulla", "nulla null nullanulla", 0, "0+5 11+5 16+5"},
    {"\"NULLA\" nocase", "nulla nUlLa", 0, "0+5 6+5"},
    {"\"ab\" wide", BYTES("xa\0b\0ab"), "1+4"},
    {"\"ab\" wide ascii", BYTES("xa\0b\0ab"), "1+4 5+2"},
    {"\"cat\" fullword", "cat concat cat_ (cat)", 0, "0+3 17+3"},
    {"\"\\x41B\\n\"", "AB\nAB", 0, "0+3"},
    {"\"\xc3\xa9\" enc=LATIN1", BYTES("a\xe9z"), "1+1"},
    {"\"\xd1\x80\xd1\x83\" nocase", BYTES("\xd0\xa0\xd0\xa3"), "0+4"},
    {"{ 61 ?? 63 }", "abc adc aec a", 0, "0+3 4+3 8+3"},
    {"{ 6? 3? }", "a1 q1 b2", 0, "0+2 6+2"},
    {"{ ~61 }", "aaba", 0, "2+1"},
    {"{ 40&c0 }", "A1a", 0, "0+1 2+1"},
    {"{ 61 [1-3] 62 }", "a.b a...b a....b", 0, "0+3 4+5"},
    {"{ 61 [-] 62 }", "a12345b ab a", 0, "0+7 8+2"},
    {"{ ( 61 | 62 63 ) 64 }", "ad bcd bd", 0, "0+2 3+3"},
    {"{ \"ab\" 00 }", BYTES("ab\0ab"), "0+3"},
    {"!{ 61 }", "aaxa", 0, "2+1"},
    {"!{ 61 62 } align=2", "abacabab", 0, "2+2"},
    {"/a+/", "caaat a", 0, "1+3 6+1"},
    {"/a*/", "baac", 0, "0+0 1+2 3+0 4+0"},
    {"/^b/m", "ab\nb\nbb", 0, "3+1 5+1"},
    {"/b$/", "b\nab\n", 0, "3+1"},
    {"/(?<=a)b/", "ab b", 0, "1+1"},
    {"/\\bfoo\\b/", "foo food foo", 0, "0+3 9+3"},
    {"/Lorem/", "Lorem ipsum Lorem", 0, "0+5 12+5"},
    {"/cat|dog/ fullword", "cats dog catdog cat", 0, "5+3 16+3"},
    {"/cat|ca|dogs?/", "cat ca dogs dog", 0, "0+3 4+2 7+4 12+3"},
    {"/[a-f]+Z/", "abZ gZ aZ zabcdefabcdefZ", 0, "0+3 7+2 11+13"},
    {"/\\w+@x/", "ab@x @x a b@@x cd@x", 0, "0+4 15+4"},
    {"/.*ab/", "..ab\n.\nab", 0, "0+4 7+2"},
    {"/[0-9]{1,3}\\.[0-9]{1,3}/", "1.2 1234.5678 .1 9.", 0, "0+3 5+7"},
    {"/(?i:k|s)[0-9]/u", BYTES("K1 \xe2\x84\xaa" "2 \xc5\xbf" "3 s"), "0+2 3+4 8+3"},
    {"/\\x00\\xff/", BYTES("a\0\xff"), "1+2"},
    {"/./u", BYTES("\xc3\xa9\xff" "a"), "0+2 3+1"},
    {"u8 = 97", "banana", 0, "1+1 3+1 5+1"},
    {"u16le = 0x6261", "abab", 0, "0+2 2+2"},
    {"u16be = 0x6261", "abab", 0, "1+2"},
    {"u16le = 0x6261 align=4", "abababab", 0, "0+2 4+2"},
    {"i8 < 0", BYTES("a\x80\xff"), "1+1 2+1"},
    {"i16le in -2..1", BYTES("\xfe\xff\x01\x00\x02\x00"), "0+2 2+2"},
    {"u8 != 97", "aab", 0, "2+1"},
    {"u16be in 0x6162..0x6264", "xab.bd.be.", 0, "1+2 4+2"},
    {"i32le = -2 align=4", BYTES("\xfe\xff\xff\xff..\xfe\xff\xff\xff\0\0\xfe\xff\xff\xff"), "0+4 12+4"},
    {"f32le = 1.5", BYTES("\x00\x00\xc0\x3f"), "0+4"},
    {"f64le ~ 3.14 0.01", BYTES("\x18\x2d\x44\x54\xfb\x21\x09\x40"), "0+8"},
    {"f64be ~ 3.14", BYTES("\x40\x09\x21\xfb\x54\x44\x2d\x18"), "0+8"},
    {"f16le = -2", BYTES("\x00\xc0"), "0+2"},
    {"f32le = 0", BYTES("\x00\x00\x00\x80"), "0+4"},
};

static bool
note(void *data, const SxMatch *m)
{
    char *s = data;
    sprintf(s + strlen(s), "%s%" PRIu64 "+%" PRIu64, *s ? " " : "", m->span.at, m->span.len);
    return strlen(s) < 900;
}

static void
run(const Case *c)
{
    size_t len = c->len ? c->len : strlen(c->data);
    SxPattern *p = pattern(c->pattern, SX_PATTERN_ANY, 0);
    SxSource *s = sx_source_memory(sx_bytes(c->data, len), false);
    char got[1024] = "";
    if (!p) {
        ok(false, "%s parses", c->pattern);
        sx_source_release(s);
        return;
    }
    sx_search_each(p, s, SX_SPAN_ALL, false, NULL, NULL, note, got, NULL, NULL);
    ok(strcmp(got, c->expect) == 0, "%s: %s", c->pattern, c->expect);
    if (strcmp(got, c->expect) != 0)
        diag("got %s", got);
    SxPattern *again = pattern(sx_pattern_text(p), SX_PATTERN_ANY, 0);
    char second[1024] = "";
    if (again)
        sx_search_each(again, s, SX_SPAN_ALL, false, NULL, NULL, note, second, NULL, NULL);
    ok(again && strcmp(got, second) == 0 && strcmp(sx_pattern_text(p), sx_pattern_text(again)) == 0,
       "%s reads back as %s", c->pattern, sx_pattern_text(p));
    sx_pattern_release(again);
    sx_pattern_release(p);
    sx_source_release(s);
}

static void
test_find_rfind(void)
{
    SxSource *s = sx_source_memory(sx_bytes("abcabcabc", 9), false);
    SxPattern *p = pattern("abc", SX_PATTERN_TEXT, 0), *none = pattern("abd", SX_PATTERN_TEXT, 0), *empty;
    SxMatch m;
    ok(sx_search_find(p, s, (SxSpan){1, 8}, NULL, NULL, &m, NULL, NULL) == SX_FOUND && m.span.at == 3, "find from 1");
    ok(sx_search_rfind(p, s, (SxSpan){0, 8}, NULL, NULL, &m, NULL, NULL) == SX_FOUND && m.span.at == 3,
       "rfind lies wholly inside");
    ok(sx_search_find(none, s, SX_SPAN_ALL, NULL, NULL, &m, NULL, NULL) == SX_ABSENT, "absent");
    ok(sx_pattern_literal(&empty, sx_bytes(NULL, 0), NULL), "an empty literal");
    ok(sx_search_find(empty, s, (SxSpan){4, 3}, NULL, NULL, &m, NULL, NULL) == SX_FOUND && m.span.at == 4 &&
           m.span.len == 0,
       "empty is found at the start");
    ok(sx_search_rfind(empty, s, (SxSpan){4, 3}, NULL, NULL, &m, NULL, NULL) == SX_FOUND && m.span.at == 7,
       "and by rfind at the end");
    sx_pattern_release(empty);
    sx_pattern_release(none);
    sx_pattern_release(p);
    sx_source_release(s);
}

static void
test_groups(void)
{
    SxSource *s = sx_source_memory(sx_bytes("k=v; key=value", 14), false);
    SxPattern *p = pattern("(?<key>\\w+)=(?:(\\d+)|(\\w+))", SX_PATTERN_REGEX, 0);
    SxMatch m;
    size_t index = 0;
    ok(sx_search_rfind(p, s, (SxSpan){0, 14}, NULL, NULL, &m, NULL, NULL) == SX_FOUND && m.span.at == 7,
       "the largest start: y=value");
    ok(sx_search_match_at(p, s, 5, &m, NULL) == SX_FOUND && m.groups == 4 && m.group[1].len == 3 &&
           m.group[2].at == UINT64_MAX && m.group[3].at == 9 && m.group[3].len == 5,
       "groups of the match at 5");
    ok(sx_search_match_at(p, s, 4, &m, NULL) == SX_ABSENT, "no match at 4");
    ok(sx_pattern_groups(p) == 3 && sx_pattern_group_named(p, "key", &index) && index == 1, "a named group");
    sx_pattern_release(p);
    sx_source_release(s);
}

/* The text of a pattern is a C string of one line, whatever was typed; what is behind a slash may be anything. */
static void
test_controls(void)
{
    static const struct {
        const char *typed;
        size_t len;
        SxPatternKind kind;
        const char *text;
    } odd[] = {
        {"a\0b", 3, SX_PATTERN_REGEX, "/a\\x00b/"},
        {"a\\\0b", 4, SX_PATTERN_REGEX, "/a\\x00b/"},
        {"\\Qa\0b\\E", 7, SX_PATTERN_REGEX, "/\\Qa\\E\\x00\\Qb\\E/"},
        {"\\Qa\\", 4, SX_PATTERN_REGEX, "/\\Qa\\E\\\\/"},
        {"\"a\0b\"", 5, SX_PATTERN_ANY, "\"a\\x00b\""},
        {"\"a\nb\"", 5, SX_PATTERN_ANY, "\"a\\x0ab\""},
        {"7f [-0] 45", 10, SX_PATTERN_HEX, "{ 7f [0] 45 }"},
        {"\"a\0b\"", 5, SX_PATTERN_HEX, "{ \"a\\x00b\" }"},
        {"a\0b", 3, SX_PATTERN_TEXT, "\"a\\x00b\""},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        SxPattern *p = NULL, *again = NULL;
        SxError err;
        bool good = sx_pattern_new(&p, sx_bytes(odd[i].typed, odd[i].len), odd[i].kind, 0, &err);
        const char *text = good ? sx_pattern_text(p) : err.text;
        ok(good && strcmp(text, odd[i].text) == 0, "%s", odd[i].text);
        good = good && sx_pattern_new(&again, sx_bytes(text, strlen(text)), SX_PATTERN_ANY, 0, &err);
        ok(good && strcmp(sx_pattern_text(again), text) == 0, "reads back: %s", text);
        sx_pattern_release(p);
        sx_pattern_release(again);
    }
    SxPattern *p = NULL;
    SxError err;
    ok(!sx_pattern_new(&p, sx_bytes("/a/\0", 4), SX_PATTERN_ANY, 0, &err) && err.column == 4, "no letter: %s", err.text);
}

/* A message names the sign that is to blame, counted from 1. */
static void
test_columns(void)
{
    static const struct {
        const char *typed;
        int column;
    } bad[] = {
        {"GNU(", 4},       {"a[bc", 2},      {"(a(b)", 1},     {"a\\(b(", 5}, {"\\Q(\\E(", 6}, {"[(](", 4},   {"[]](a", 4},
        {"(?<n>a", 1},     {"(?=(a)", 1},    {"(?#()(", 6},    {"((a)", 1},   {"a{2,1}", 2},   {"a)b", 2},    {"*a", 1},
        {"ab\\zx\\y", 6}, {"a\\p{Foo}", 2}, {"[[:foo:]]", 4}, {"a|(b|(c)", 3},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        SxPattern *p = NULL;
        SxError err = {0};
        bool made = sx_pattern_new(&p, sx_bytes(bad[i].typed, strlen(bad[i].typed)), SX_PATTERN_REGEX, 0, &err);
        ok(!made && (int)err.column == bad[i].column, "/%s/: %s", bad[i].typed, made ? "compiles" : err.text);
        sx_pattern_release(p);
    }
}

/* Text is no regex, whatever its length. */
static void
test_long_text(void)
{
    enum { LEN = 1 << 20 };
    uint8_t *data = malloc(2 * LEN + 3);
    for (size_t i = 0; i < 2 * LEN + 3; i++)
        data[i] = (uint8_t)("abcdefgh"[i % 8]);
    data[LEN] = 'A';
    data[LEN + LEN / 2] = 'x';
    SxSource *s = sx_source_memory(sx_bytes(data, 2 * LEN + 3), false);
    for (unsigned flags = 0; flags <= SX_PATTERN_NOCASE; flags++) {
        SxPattern *p = NULL;
        SxMatch m = {0};
        SxError err = {0};
        ok(sx_pattern_new(&p, sx_bytes(data + LEN / 2, LEN), SX_PATTERN_TEXT, flags, &err), "1 MiB of text%s", err.text);
        SxFound found = p ? sx_search_find(p, s, SX_SPAN_ALL, NULL, NULL, &m, NULL, NULL) : SX_FAILED;
        ok(found == SX_FOUND && m.span.at == (flags ? 0 : LEN / 2) && m.span.len == LEN,
           "is found with flags %u at %" PRIu64, flags, m.span.at);
        sx_pattern_release(p);
    }
    sx_source_release(s);
    free(data);
}

/* A group that calls itself before anything else: in JIT that is no end, and no limit counts it. */
static void
test_recursion(void)
{
    SxPattern *p = pattern("(b|(?1))c|\\n", SX_PATTERN_REGEX, 0), *nested = pattern("\\((?:[^()]|(?R))*\\)", SX_PATTERN_REGEX, 0);
    SxSource *s = sx_source_memory(sx_bytes("aAbB_1aAbB_1(a(b)(c(d)))\nx", 26), false);
    uint64_t gave_up = 0;
    SxMatch m;
    ok(sx_search_find(p, s, SX_SPAN_ALL, NULL, NULL, &m, &gave_up, NULL) == SX_STOPPED, "it gives up at %" PRIu64, gave_up);
    ok(sx_search_find(nested, s, SX_SPAN_ALL, NULL, NULL, &m, NULL, NULL) == SX_FOUND && m.span.at == 12 && m.span.len == 12,
       "parentheses in parentheses");
    sx_source_release(s);
    sx_pattern_release(p);
    sx_pattern_release(nested);
}

int
main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run(&cases[i]);
    test_find_rfind();
    test_groups();
    test_controls();
    test_columns();
    test_long_text();
    test_recursion();
    return done_testing();
}
