/*
 * evaluate.c - precedence climbing; columns count bytes of the text from 1, places from 0.
 *
 * Values are exact: 65 bits with the sign, checked after each step.
 */
#include "base/evaluate.h"

#include <inttypes.h>
#include <string.h>

#include <sextant/text.h>

enum { NESTING = 64 };

static bool climb(Evaluation *e, unsigned loosest, Wide *out);
static bool unary(Evaluation *e, Wide *out);

static uint8_t
peek_at(const Evaluation *e, size_t ahead)
{
    return e->at + ahead < e->text.len ? e->text.data[e->at + ahead] : 0;
}

static bool
is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

void
skip_spaces(Evaluation *e)
{
    while (is_space(peek_at(e, 0)))
        e->at++;
}

/* Spaces belong to the expression inside parentheses, and where the scope says so. */
static void
skip_inner(Evaluation *e)
{
    if (e->depth > 0 || e->scope->spaces)
        skip_spaces(e);
}

/* The whole character at `at`, for a message. */
static int
character(const Evaluation *e, size_t at)
{
    uint32_t code;
    return (int)sx_utf8_decode(sx_bytes(e->text.data + at, e->text.len - at), &code);
}

static const char *
text_at(const Evaluation *e, size_t at)
{
    return (const char *)e->text.data + at;
}

/* --- what a value may be, and what not --------------------------------------------------------------------------- */

static bool
too_wide(const Evaluation *e, size_t at)
{
    return range_at(e->err, at, sx_fail(e->err, SX_ERR_RANGE, "the result is larger than 64 bits can hold"));
}

static bool
checked(const Evaluation *e, size_t at, Wide value, Wide *out)
{
    if (value > (Wide)UINT64_MAX || value < -(Wide)UINT64_MAX)
        return too_wide(e, at);
    *out = value;
    return true;
}

bool
value_begins(const Evaluation *e)
{
    uint8_t c = peek_at(e, 0);
    return word_span(e->text, e->at) > 0 || (c && strchr("'.(-+~", c));
}

/* A value was expected at e->at and is not there. */
static bool
value_missing(const Evaluation *e)
{
    size_t left = e->text.len - e->at;
    if (left == 0)
        return sx_fail_at(e->err, e->at + 1, "a number or a place is missing: 0x40, end-4, 50%%, u32le(.)");
    if (is_space(peek_at(e, 0)))
        return sx_fail_at(e->err, e->at + 1, "an expression with spaces in it goes in ( )");
    return sx_fail_at(e->err, e->at + 1, "\"%.*s\" is not expected here, but a number or a place",
                      character(e, e->at), text_at(e, e->at));
}

static bool
left_over(const Evaluation *e)
{
    uint8_t c = peek_at(e, 0);
    uint8_t before = e->at > 0 ? e->text.data[e->at - 1] : 0;
    size_t column = e->at + 1;
    if (c == '%' || (before == '%' && value_begins(e)))
        return sx_fail_at(e->err, c == '%' ? column : column - 1,
                          "\"%%\" is per cent, as in 50%%; the remainder is written \"mod\"");
    if (c == ')')
        return sx_fail_at(e->err, column, "\")\" closes nothing");
    if (c == '.' && before >= '0' && before <= '9')
        return sx_fail_at(e->err, column, "only a percentage has a fraction: 12.5%%");
    if (c == '<' || c == '>')
        return sx_fail_at(e->err, column, "\"%c\" is not expected here; << and >> shift", c);
    if (value_begins(e) && c != '-' && c != '+')
        return sx_fail_at(e->err, column, "an operator is missing before \"%.*s\"", character(e, e->at),
                          text_at(e, e->at));
    return sx_fail_at(e->err, column, "\"%.*s\" is not expected here", character(e, e->at), text_at(e, e->at));
}

bool
nothing_left(Evaluation *e)
{
    size_t end = e->at;
    skip_spaces(e);
    if (e->at == e->text.len)
        return true;
    if (e->at > end)
        return sx_fail_at(e->err, end + 1, "an expression with spaces in it goes in ( )");
    return left_over(e);
}

/* --- atoms -------------------------------------------------------------------------------------------------------- */

static bool
too_deep(const Evaluation *e, size_t at)
{
    return e->depth + e->signs >= NESTING && !sx_fail_at(e->err, at + 1, "nested deeper than %d", NESTING);
}

/* "(value)", with e->at on the parenthesis. */
static bool
in_parentheses(Evaluation *e, Wide *out)
{
    size_t open = e->at++;
    if (too_deep(e, open))
        return false;
    e->depth++;
    skip_spaces(e);
    if (e->at == e->text.len)
        return sx_fail_at(e->err, open + 1, "\"(\" is never closed");
    if (!climb(e, 0, out))
        return false;
    skip_spaces(e);
    if (e->at == e->text.len)
        return sx_fail_at(e->err, open + 1, "\"(\" is never closed");
    if (peek_at(e, 0) != ')')
        return left_over(e);
    e->at++;
    e->depth--;
    return true;
}

bool
mark_name(Evaluation *e, char name[MARK_NAME])
{
    size_t quote = e->at++;
    size_t len = peek_at(e, 0) == '\'' ? 1 : word_span(e->text, e->at);
    if (len == 0)
        return sx_fail_at(e->err, quote + 1, "a quote is followed by the name of a mark, as in 'a");
    if (len >= MARK_NAME)
        return sx_fail_at(e->err, quote + 1, "no mark has a name of %zu characters", len);
    memcpy(name, e->text.data + e->at, len);
    name[len] = 0;
    e->at += len;
    return true;
}

static bool
mark_value(Evaluation *e, Wide *out)
{
    size_t at = e->at;
    char name[MARK_NAME];
    uint64_t offset;
    if (!mark_name(e, name))
        return false;
    if (!e->scope->mark || !e->scope->mark(e->scope->data, name, &offset))
        return range_at(e->err, at, sx_fail(e->err, SX_ERR_RANGE, "there is no mark '%s", name));
    *out = offset;
    return true;
}

bool
need_selection(const Evaluation *e, size_t at)
{
    if (e->scope->has_selection)
        return true;
    return range_at(e->err, at, sx_fail(e->err, SX_ERR_RANGE, "nothing is selected"));
}

/* u8 ... i64be at the start of a name of `len` bytes: bytes to read, and how. */
typedef struct Reader {
    size_t size; /* 0: no such name */
    bool is_signed;
    bool big;
} Reader;

static Reader
reader_of(const char *name, size_t len)
{
    static const struct {
        const char *digits;
        size_t size;
    } widths[] = {{"8", 1}, {"16", 2}, {"32", 4}, {"64", 8}};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        size_t n = strlen(widths[i].digits);
        size_t want = 1 + n + (i ? 2 : 0);
        bool named = len == want && (name[0] == 'u' || name[0] == 'i') && memcmp(name + 1, widths[i].digits, n) == 0;
        bool big = named && i && memcmp(name + len - 2, "be", 2) == 0;
        if (named && (!i || big || memcmp(name + len - 2, "le", 2) == 0))
            return (Reader){widths[i].size, name[0] == 'i', big};
    }
    return (Reader){0};
}

static Wide
decoded(const uint8_t *bytes, Reader reader)
{
    uint64_t value = 0;
    for (size_t i = 0; i < reader.size; i++)
        value = value << 8 | bytes[reader.big ? i : reader.size - 1 - i];
    uint64_t sign = UINT64_C(1) << (8 * reader.size - 1);
    if (reader.is_signed && value & sign)
        return (Wide)value - ((Wide)sign << 1);
    return value;
}

static bool
read_value(Evaluation *e, size_t name, size_t len, Reader reader, Wide *out)
{
    const SxScope *scope = e->scope;
    uint8_t bytes[8];
    Wide at;
    skip_inner(e);
    if (peek_at(e, 0) != '(')
        return sx_fail_at(e->err, name + 1, "%.*s takes a place: %.*s(.)", (int)len, text_at(e, name), (int)len,
                          text_at(e, name));
    if (!in_parentheses(e, &at))
        return false;
    if (!scope->read)
        return sx_fail_at(e->err, name + 1, "%.*s has nothing to read here", (int)len, text_at(e, name));
    if (at < 0)
        return range_at(e->err, name, sx_fail(e->err, SX_ERR_RANGE, "%.*s would read before the start", (int)len,
                                              text_at(e, name)));
    if (scope->length < reader.size || at > (Wide)(scope->length - reader.size))
        return range_at(e->err, name,
                        sx_fail(e->err, SX_ERR_RANGE, "%.*s at 0x%" PRIx64 " would read past the end, 0x%" PRIx64,
                                (int)len, text_at(e, name), (uint64_t)at, scope->length));
    if (!scope->read(scope->data, (uint64_t)at, bytes, reader.size, e->err))
        return range_at(e->err, name, false);
    *out = decoded(bytes, reader);
    return true;
}

static bool
is_name(const Evaluation *e, size_t at, size_t len, const char *name)
{
    return len == strlen(name) && memcmp(e->text.data + at, name, len) == 0;
}

static bool
unknown_name(const Evaluation *e, size_t at, size_t len)
{
    const char *name = text_at(e, at);
    size_t hex = 0;
    while (hex < len && strchr("0123456789abcdefABCDEF_", name[hex]))
        hex++;
    if (hex == len && name[0] != '_')
        return sx_fail_at(e->err, at + 1, "\"%.*s\" has hex digits: write 0x%.*s", (int)len, name, (int)len, name);
    if (is_name(e, at, len, "all"))
        return sx_fail_at(e->err, at + 1, "\"all\" is a range, not a place");
    if ((len == 3) && (name[0] == 'u' || name[0] == 'i') &&
        (reader_of((char[]){name[0], name[1], name[2], 'l', 'e'}, 5).size))
        return sx_fail_at(e->err, at + 1, "which byte order? %.*sle or %.*sbe", (int)len, name, (int)len, name);
    return sx_fail_at(e->err, at + 1, "\"%.*s\" is no number or place; there are . end sel selend sellen 'a u32le(.)",
                      (int)len, name);
}

static bool
name_value(Evaluation *e, Wide *out)
{
    size_t at = e->at;
    size_t len = word_span(e->text, at);
    Reader reader = reader_of(text_at(e, at), len);
    SxSpan selection = e->scope->selection;
    e->at += len;
    if (reader.size)
        return read_value(e, at, len, reader, out);
    if (is_name(e, at, len, "end")) {
        *out = e->scope->length;
        return true;
    }
    if (is_name(e, at, len, "sel"))
        *out = selection.at;
    else if (is_name(e, at, len, "selend"))
        *out = sx_span_end(selection);
    else if (is_name(e, at, len, "sellen"))
        *out = selection.len;
    else
        return unknown_name(e, at, len);
    return need_selection(e, at);
}

static bool
atom(Evaluation *e, Wide *out)
{
    Literal literal;
    switch (peek_at(e, 0)) {
    case '(':
        return in_parentheses(e, out);
    case '\'':
        return mark_value(e, out);
    case '.':
        e->at++;
        *out = e->scope->cursor;
        return true;
    default:
        break;
    }
    if (!literal_begins(e->text, e->at, e->scope))
        return word_span(e->text, e->at) ? name_value(e, out) : value_missing(e);
    if (!literal_read(e->text, e->at, e->scope, &literal, e->err))
        return false;
    e->at += literal.used;
    e->leading_zeros |= literal.leading_zeros;
    *out = literal.value;
    return true;
}

/* --- operators ---------------------------------------------------------------------------------------------------- */

/* As people mean it who write & ~0xfff: 64 bits; so ~~a is a. */
static Wide
complement(Wide a)
{
    return a < 0 ? -a - 1 : (Wide)UINT64_MAX - a;
}

static bool
unary(Evaluation *e, Wide *out)
{
    uint8_t sign = peek_at(e, 0);
    if (sign != '-' && sign != '+' && sign != '~')
        return atom(e, out);
    if (too_deep(e, e->at))
        return false;
    e->at++;
    e->signs++;
    skip_inner(e);
    if (!unary(e, out))
        return false;
    e->signs--;
    if (sign == '-')
        *out = -*out;
    else if (sign == '~')
        *out = complement(*out);
    return true;
}

typedef enum Operation { NONE, OR, XOR, AND, LEFT, RIGHT, ADD, SUB, MUL, DIV, MOD } Operation;

typedef struct Operator {
    Operation operation;
    unsigned level; /* higher binds tighter */
    size_t len;
} Operator;

static Operator
operator_at(const Evaluation *e)
{
    switch (peek_at(e, 0)) {
    case '|':
        return (Operator){OR, 0, 1};
    case '^':
        return (Operator){XOR, 1, 1};
    case '&':
        return (Operator){AND, 2, 1};
    case '<':
        return (Operator){peek_at(e, 1) == '<' ? LEFT : NONE, 3, 2};
    case '>':
        return (Operator){peek_at(e, 1) == '>' ? RIGHT : NONE, 3, 2};
    case '+':
        return (Operator){ADD, 4, 1};
    case '-':
        return (Operator){SUB, 4, 1};
    case '*':
        return (Operator){MUL, 5, 1};
    case '/':
        return (Operator){DIV, 5, 1};
    default:
        return (Operator){is_name(e, e->at, word_span(e->text, e->at), "mod") ? MOD : NONE, 5, 3};
    }
}

/* Rounded down, so that the remainder has the sign of b: offsets before the start align as those behind it do. */
static Wide
divided(Wide a, Wide b)
{
    Wide q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

static bool
product(const Evaluation *e, size_t at, Wide a, Wide b, Wide *out)
{
    Wide value; /* two values of 65 bits may need 129 */
    return __builtin_mul_overflow(a, b, &value) ? too_wide(e, at) : checked(e, at, value, out);
}

static bool
shifted_left(const Evaluation *e, size_t at, Wide a, Wide by, Wide *out)
{
    if (a != 0 && by > 63)
        return too_wide(e, at);
    return product(e, at, a, (Wide)1 << (a ? (int)by : 0), out);
}

static bool
applied(const Evaluation *e, size_t at, Operation operation, Wide a, Wide b, Wide *out)
{
    if ((operation == LEFT || operation == RIGHT) && b < 0)
        return range_at(e->err, at, sx_fail(e->err, SX_ERR_RANGE, "a shift by less than nothing"));
    if ((operation == DIV || operation == MOD) && b == 0)
        return range_at(e->err, at, sx_fail(e->err, SX_ERR_RANGE, "a division by zero"));
    switch (operation) {
    case OR:
        return checked(e, at, a | b, out);
    case XOR:
        return checked(e, at, a ^ b, out);
    case AND:
        return checked(e, at, a & b, out);
    case ADD:
        return checked(e, at, a + b, out);
    case SUB:
        return checked(e, at, a - b, out);
    case MUL:
        return product(e, at, a, b, out);
    case LEFT:
        return shifted_left(e, at, a, b, out);
    case RIGHT:
        return checked(e, at, a >> (b > 100 ? 100 : (int)b), out);
    case DIV:
        return checked(e, at, divided(a, b), out);
    case MOD:
        return checked(e, at, a - divided(a, b) * b, out);
    case NONE:
        break;
    }
    return true;
}

/* " +N" with the plus against the number. */
static bool
is_length(const Evaluation *e)
{
    return e->stop_at_plus && e->depth == 0 && e->at > 0 && is_space(e->text.data[e->at - 1]) &&
           peek_at(e, 0) == '+' && peek_at(e, 1) && !is_space(peek_at(e, 1));
}

/* Operators of level `loosest` and tighter. */
static bool
climb(Evaluation *e, unsigned loosest, Wide *out)
{
    if (!unary(e, out))
        return false;
    for (;;) {
        size_t end = e->at;
        skip_inner(e);
        Operator op = operator_at(e);
        size_t at = e->at;
        if (op.operation == NONE || op.level < loosest || is_length(e)) {
            e->at = end;
            return true;
        }
        Wide right;
        e->at += op.len;
        skip_inner(e);
        if (!climb(e, op.level + 1, &right) || !applied(e, at, op.operation, *out, right, out))
            return false;
    }
}

bool
evaluate(Evaluation *e, Wide *out)
{
    skip_inner(e);
    return climb(e, 0, out);
}
