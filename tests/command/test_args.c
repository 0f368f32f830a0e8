/* test_args.c - specs and arguments: values, order, what is left out, and where mistakes are. */
#include "command/args.h"
#include "command/command.h"
#include "support/tap.h"

static bool
mark(void *data, const char *name, uint64_t *out)
{
    (void)data;
    *out = 0x30;
    return !strcmp(name, "a") || !strcmp(name, "place");
}

static bool
mark_span(void *data, const char *name, SxSpan *out)
{
    (void)data;
    *out = (SxSpan){0x30, 8};
    return !strcmp(name, "a");
}

static bool
read_bytes(void *data, uint64_t at, uint8_t *buf, size_t len, SxError *err)
{
    (void)data;
    if (at + len > 0x100)
        return sx_fail(err, SX_ERR_RANGE, "past the end");
    memset(buf, 1, len);
    return true;
}

static const SxScope scope = {
    .cursor = 0x20,
    .length = 0x100,
    .selection = {0x40, 0x10},
    .has_selection = true,
    .script = true,
    .mark = mark,
    .mark_span = mark_span,
    .read = read_bytes,
};

static bool
parse(Args *a, const char *spec, const char *text, SxError *err)
{
    *err = (SxError){0};
    return args_parse(a, "test", spec, sx_bytes(text, strlen(text)), &scope, err);
}

/* --- specs ------------------------------------------------------------------------------------------------------- */

static void
test_specs(void)
{
    ArgSpec s[ARGS_MAX];
    size_t n;
    ok(args_spec(NULL, s, &n) && n == 0, "no spec takes nothing");
    ok(args_spec("PATTERN [RANGE] [max COUNT] [show FIELDS] [fold]", s, &n) && n == 5, "findall has five parts");
    ok(!s[0].optional && s[0].type == ARG_PATTERN, "the first is a pattern");
    ok(s[2].optional && s[2].type == ARG_LENGTH && !strcmp(s[2].keyword, "max"), "max leads a count in");
    ok(s[4].type == ARG_NONE && !strcmp(s[4].choices, "fold"), "fold is a word");
    ok(args_spec("RANGE/all/none", s, &n) && s[0].type == ARG_RANGE && !strcmp(s[0].choices, "all/none"), "or a word");
    static const char *const bad[] = {"[RANGE] BYTES", "NOSUCH", "RANGE/BYTES", "[", "A/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!args_spec(bad[i], s, &n), "'%s' is refused", bad[i]);
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static void
test_offsets(void)
{
    static const struct {
        const char *spec, *text;
        uint64_t want;
    } cases[] = {
        {"OFFSET", "0x40", 0x40}, {"OFFSET", "+4", 0x24}, {"OFFSET", "-4", 0x1c},   {"OFFSET", ".", 0x20},
        {"OFFSET", "end", 0x100}, {"OFFSET", "'a", 0x30}, {"OFFSET", "end-1", 0xff}, {"OFFSET", "(1 + 2)", 3},
        {"INDEX", "-1", 0xff},    {"INDEX", "5", 5},      {"INDEX", "-0x100", 0},   {"LENGTH", "4K", 4096},
        {"LENGTH", "  7  ", 7},   {"OFFSET", "u8(.)", 1}, {"OFFSET", "50%", 0x80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Args a;
        SxError err;
        if (ok(parse(&a, cases[i].spec, cases[i].text, &err), "%s %s (%s)", cases[i].spec, cases[i].text, err.text)) {
            is(a.arg[0].offset, cases[i].want, "  its value");
            args_clear(&a);
        }
    }
}

static void
test_ranges(void)
{
    static const struct {
        const char *text;
        SxSpan want;
    } cases[] = {
        {"0:5", {0, 5}},         {":5", {0, 5}},      {"0xf0:", {0xf0, 0x10}}, {"-5:", {0xfb, 5}},
        {". +4", {0x20, 4}},     {"sel", {0x40, 16}}, {"all", {0, 0x100}},     {"'a", {0x30, 8}},
        {"'a +2", {0x30, 2}},    {"5:2", {5, 0}},     {"0:0x1000", {0, 0x100}}, {"'a:end", {0x30, 0xd0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Args a;
        SxError err;
        if (ok(parse(&a, "RANGE", cases[i].text, &err), "RANGE %s (%s)", cases[i].text, err.text)) {
            is(a.arg[0].range.at, cases[i].want.at, "  begins");
            is(a.arg[0].range.len, cases[i].want.len, "  length");
            args_clear(&a);
        }
    }
}

static void
test_bytes(void)
{
    static const struct {
        const char *text, *want;
        size_t len;
    } cases[] = {
        {"word", "word", 4},
        {"\"a b\\n\\x00\\\\\\\"\"", "a b\n\0\\\"", 7},
        {"\"\"", "", 0},
        {"\"ab\" wide", "a\0b\0", 4},
        {"{75 74}", "ut", 2},
        {"{7574_0A}", "ut\n", 3},
        {"{}", "", 0},
        {"u8 255", "\xff", 1},
        {"i8 -1", "\xff", 1},
        {"u16le 0x1234", "\x34\x12", 2},
        {"u16be 0x1234", "\x12\x34", 2},
        {"i32le -2", "\xfe\xff\xff\xff", 4},
        {"u32le (1 + 1)", "\2\0\0\0", 4},
        {"u64be 18446744073709551615", "\xff\xff\xff\xff\xff\xff\xff\xff", 8},
        {"i64le -9223372036854775808", "\0\0\0\0\0\0\0\x80", 8},
        {"f32le 1.5", "\0\0\xc0\x3f", 4},
        {"f64be -2", "\xc0\0\0\0\0\0\0\0", 8},
        {"\"u8\"", "u8", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Args a;
        SxError err;
        if (!ok(parse(&a, "BYTES", cases[i].text, &err), "BYTES %s (%s)", cases[i].text, err.text))
            continue;
        SxBytes got = a.arg[0].bytes;
        ok(got.len == cases[i].len && !memcmp(got.data, cases[i].want, got.len), "  are those");
        args_clear(&a);
    }
    Args a;
    SxError err;
    ok(parse(&a, "BYTES", "file \"a b\"", &err) && !strcmp(a.arg[0].file, "a b"), "file NAME keeps the name");
    args_clear(&a);
}

/* --- order and choice ---------------------------------------------------------------------------------------------- */

static void
test_optional(void)
{
    Args a;
    SxError err;
    const char *spec = "PATTERN [RANGE] [max COUNT] [show FIELDS] [fold]";
    ok(parse(&a, spec, "\"x y\" fold show 1,2 0:9 max 3", &err), "parts in any order (%s)", err.text);
    ok(a.arg[1].range.len == 9 && a.arg[2].offset == 3 && a.arg[4].given, "  each at its place");
    is_text(a.arg[3].word, "1,2", "  fields");
    args_clear(&a);
    ok(parse(&a, spec, "x", &err) && !a.arg[1].given && !a.arg[2].given, "all left out");
    args_clear(&a);
    ok(parse(&a, "NAME [RANGE] [COLOUR] [TEXT]", "h red two words", &err) && !a.arg[1].given, "what fits no type goes on");
    is_text(a.arg[2].word, "red", "  the colour");
    is_text(a.arg[3].word, "two words", "  the rest is text");
    args_clear(&a);
    ok(parse(&a, "RANGE/all/none", "none", &err) && a.arg[0].by_choice, "a word of a choice");
    is_text(a.arg[0].word, "none", "  the word");
    args_clear(&a);
    ok(parse(&a, "RANGE/all/none", "0:4", &err) && !a.arg[0].by_choice && a.arg[0].range.len == 4, "or the value");
    args_clear(&a);
    ok(parse(&a, "FILE", "\"a \\\"b\\\"\"", &err), "a quoted name");
    is_text(a.arg[0].word, "a \"b\"", "  without its quotes");
    args_clear(&a);
}

static void
test_mistakes(void)
{
    static const struct {
        const char *spec, *text, *words;
        uint32_t column;
    } cases[] = {
        {"RANGE BYTES", "", "RANGE is missing: test RANGE BYTES", 1},
        {"RANGE BYTES", "0:5", "BYTES is missing: test RANGE BYTES", 4},
        {"OFFSET", "1 2", "\"2\" is too much: test OFFSET", 3},
        {NULL, "x", "\"x\" is too much: test", 1},
        {"[as FORM]", "as nosuch", "\"nosuch\" is no form; text hex raw base64 c python dump", 1},
        {"[as FORM]", "as", "FORM is missing: test [as FORM]", 3},
        {"[as FORM]", "as hex as text", "\"as\" is said twice", 8},
        {"here/there", "now", "\"now\" is none of here/there", 1},
        {"[here/there]", "now", "\"now\" is none of here/there", 1},
        {"BYTES", "{7}", "half a byte: \"7\" wants a second digit", 2},
        {"BYTES", "{7?}", "? stands for any digit when searching; to write, a byte must be given", 3},
        {"BYTES", "{zz}", "\"z\" is not a hex digit", 2},
        {"BYTES", "{75", "the { is never closed", 1},
        {"BYTES", "\"abc", "the quote is never closed", 1},
        {"BYTES", "u8", "u8 wants a number behind it; as text: \"u8\" in quotes", 3},
        {"BYTES", "file", "file wants a name behind it; as text: \"file\" in quotes", 5},
        {"BYTES", "f32le x", "\"x\" is no number", 7},
        {"LENGTH", "-1", "\"-1\" is negative; a length is not", 1},
        {"FILE", "\"abc", "the quote is never closed", 1},
        {"FILE", "\"a\\0b\"", "a name cannot hold \\0", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Args a;
        SxError err;
        if (!ok(!parse(&a, cases[i].spec, cases[i].text, &err), "%s is refused", cases[i].text))
            continue;
        is(err.code, SX_ERR_SYNTAX, "  as syntax");
        is_text(err.text, cases[i].words, "  in these words");
        is(err.column, cases[i].column, "  at this column");
    }
}

static void
test_ranges_refused(void)
{
    static const char *const texts[][2] = {
        {"BYTES", "u8 256"}, {"BYTES", "i8 128"}, {"BYTES", "i8 -129"}, {"BYTES", "u16le -1"}, {"BYTES", "f32le 1e300"},
        {"OFFSET", "0x101"}, {"INDEX", "-0x101"}, {"OFFSET", "1/0"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Args a;
        SxError err;
        ok(!parse(&a, texts[i][0], texts[i][1], &err) && err.code == SX_ERR_RANGE, "%s %s is out of range (%s)", texts[i][0],
           texts[i][1], err.text);
    }
}

int
main(void)
{
    test_specs();
    test_offsets();
    test_ranges();
    test_bytes();
    test_optional();
    test_mistakes();
    test_ranges_refused();
    return done_testing();
}
