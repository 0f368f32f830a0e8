/* fuzz_expression.c - any text as an expression, an offset and a range. The first byte chooses the scope. */
#include <string.h>

#include <sextant/expression.h>
#include <sextant/text.h>

#include "fuzz/fuzz.h"

static bool
mark(void *data, const char *name, uint64_t *out)
{
    (void)data;
    *out = strlen(name) * 0x1000;
    return name[0] != 'z';
}

static bool
mark_span(void *data, const char *name, SxSpan *out)
{
    (void)data;
    *out = (SxSpan){16, 32};
    return name[0] == 'a';
}

static bool
read_bytes(void *data, uint64_t at, uint8_t *buf, size_t len, SxError *err)
{
    const SxScope *scope = data;
    FUZZ_CHECK(len <= scope->length && at <= scope->length - len);
    if (at % 1024 == 1023)
        return sx_fail(err, SX_ERR_LOST, "lost");
    memset(buf, (int)(at & 0xff), len);
    return true;
}

static SxScope
scope_of(uint8_t choice)
{
    static const uint64_t lengths[] = {0, 5000, UINT64_C(1) << 40, UINT64_MAX};
    return (SxScope){
        .length = lengths[choice >> 6],
        .cursor = lengths[choice >> 6] / 3,
        .selection = {8, 100},
        .has_selection = choice & 1,
        .hex = choice & 2,
        .script = choice & 4,
        .spaces = choice & 8,
        .mark = choice & 16 ? mark : NULL,
        .mark_span = choice & 16 ? mark_span : NULL,
        .read = choice & 32 ? read_bytes : NULL,
    };
}

/* A failure says where and what, in text that a terminal may be given. */
static void
check_error(SxBytes text, const SxError *err)
{
    FUZZ_CHECK(err->code != SX_OK && err->text[0]);
    FUZZ_CHECK(err->column >= 1 && err->column <= text.len + 1);
    for (const char *c = err->text; *c; c++)
        FUZZ_CHECK((unsigned char)*c >= 0x20 && *c != 0x7f);
}

/* What was used, read alone, means the same. */
static void
check_value(SxBytes text, const SxScope *scope)
{
    SxValue value, again;
    SxError err = {.code = SX_OK};
    size_t used = 0;
    if (!sx_expression(text, scope, &value, &used, &err)) {
        check_error(text, &err);
        bool spaced = text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'); /* skipped when all is to be used */
        FUZZ_CHECK(spaced || !sx_expression(text, scope, &again, NULL, &err));
        return;
    }
    FUZZ_CHECK(used > 0 && used <= text.len);
    FUZZ_CHECK(!value.negative || value.magnitude > 0);
    FUZZ_CHECK(sx_expression(sx_bytes(text.data, used), scope, &again, NULL, &err));
    FUZZ_CHECK(value.magnitude == again.magnitude && value.negative == again.negative &&
               value.relative == again.relative && value.leading_zeros == again.leading_zeros);
}

static void
check_offset(SxBytes text, const SxScope *scope)
{
    uint64_t at = 0;
    SxError err = {.code = SX_OK};
    if (sx_expression_offset(text, scope, &at, NULL, &err))
        FUZZ_CHECK(at <= scope->length);
    else
        check_error(text, &err);
}

static void
check_range(SxBytes text, const SxScope *scope)
{
    SxSpan span = {0, 0}, again = {1, 1};
    SxError err = {.code = SX_OK};
    size_t used = 0;
    if (!sx_expression_range(text, scope, &span, &used, &err)) {
        check_error(text, &err);
        return;
    }
    FUZZ_CHECK(used > 0 && used <= text.len);
    FUZZ_CHECK(span.at <= scope->length && span.len <= scope->length - span.at);
    FUZZ_CHECK(sx_expression_range(sx_bytes(text.data, used), scope, &again, NULL, &err));
    FUZZ_CHECK(span.at == again.at && span.len == again.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    SxScope scope = scope_of(data[0]);
    SxBytes text = {data + 1, size - 1};
    scope.data = &scope;
    check_value(text, &scope);
    check_offset(text, &scope);
    check_range(text, &scope);
    return 0;
}
