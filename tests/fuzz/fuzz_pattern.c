/*
 * fuzz_pattern.c - any text as a pattern. What compiles, says how it may be typed again; that compiles too, and both
 * find the same in a small text. First byte: how to read it.
 */
#include <string.h>

#include <sextant/search.h>

#include "fuzz/fuzz.h"

static const char haystack[] = "GNU\0\x7f" "ELF\2\1\1 Nulla facilisi. 42 \xde\xad\xbe\xef \xc3\xa9\xc3\x89 aaaaaaaab\n\r\n word";

typedef struct Seen {
    uint64_t sum; /* of all matches, in order */
    unsigned count;
} Seen;

static bool
see(void *data, const SxMatch *match)
{
    Seen *seen = data;
    FUZZ_CHECK(match->span.at <= sizeof haystack && match->span.len <= sizeof haystack - match->span.at);
    seen->sum = seen->sum * 31 + match->span.at * 1000 + match->span.len;
    return ++seen->count < 1000;
}

static SxFound
matches(const SxPattern *p, SxSource *s, Seen *seen)
{
    SxSearchOptions one = {.threads = 1};
    SxError err;
    *seen = (Seen){0, 0};
    return sx_search_each(p, s, SX_SPAN_ALL, true, &one, NULL, see, seen, NULL, &err);
}

static void
check_again(SxPattern *p, SxSource *s)
{
    SxPattern *again = NULL;
    SxError err;
    Seen first, second;
    const char *text = sx_pattern_text(p);
    size_t used = 0;
    FUZZ_CHECK(sx_pattern_parse(&again, sx_bytes(text, strlen(text)), &used, &err));
    FUZZ_CHECK(used == strlen(text) && sx_pattern_kind(again) == sx_pattern_kind(p));
    FUZZ_CHECK(sx_pattern_groups(again) == sx_pattern_groups(p));
    FUZZ_CHECK(strcmp(sx_pattern_text(again), text) == 0);
    FUZZ_CHECK(matches(p, s, &first) == matches(again, s, &second));
    FUZZ_CHECK(first.count == second.count && first.sum == second.sum);
    sx_pattern_release(again);
}

static void
check_error(SxBytes text, const SxError *err)
{
    FUZZ_CHECK(err->code != SX_OK && err->text[0]);
    FUZZ_CHECK(err->code != SX_ERR_SYNTAX || (err->column >= 1 && err->column <= text.len + 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    SxBytes text = {data + 1, size - 1};
    SxPattern *p = NULL;
    SxError err = {.code = SX_OK};
    size_t used = 0;
    SxSource *s = sx_source_memory(sx_bytes(haystack, sizeof haystack), false);
    bool whole = data[0] & 1;
    bool made = whole ? sx_pattern_new(&p, text, (SxPatternKind)(data[0] >> 1 & 3), SX_PATTERN_NO_JIT, &err)
                      : sx_pattern_parse(&p, text, &used, &err);
    if (made) {
        FUZZ_CHECK(used <= text.len);
        check_again(p, s);
    } else {
        check_error(text, &err);
    }
    sx_pattern_release(p);
    sx_source_release(s);
    return 0;
}
