/*
 * key.c - the notation of keys: "x", "C-x", "M-Left", "F5", "C-Space".
 *
 * Reading folds what terminals send alike: C-i is Tab, C-m and C-j Enter, C-[ Esc, C-h and C-? Backspace, C-@ C-Space,
 * C-/ C-_. So every key that is printed reads back as itself.
 */
#include <stdio.h>
#include <string.h>

#include <sextant/key.h>
#include <sextant/text.h>

static const struct {
    const char *name;
    uint32_t code;
} names[] = {
    /* the first name of a code is the one that is printed */
    {"Esc", SX_KEY_ESC},         {"Enter", SX_KEY_ENTER}, {"Tab", SX_KEY_TAB},   {"BS", SX_KEY_BACKSPACE},
    {"Up", SX_KEY_UP},           {"Down", SX_KEY_DOWN},   {"Left", SX_KEY_LEFT}, {"Right", SX_KEY_RIGHT},
    {"Home", SX_KEY_HOME},       {"End", SX_KEY_END},     {"PgUp", SX_KEY_PGUP}, {"PgDn", SX_KEY_PGDN},
    {"Ins", SX_KEY_INS},         {"Del", SX_KEY_DEL},     {"Space", ' '},        {"Unknown", SX_KEY_UNKNOWN},
    {"Backspace", SX_KEY_BACKSPACE}, {"Return", SX_KEY_ENTER}, {"Insert", SX_KEY_INS}, {"Delete", SX_KEY_DEL},
    {"PageUp", SX_KEY_PGUP},     {"PageDown", SX_KEY_PGDN}, {"Escape", SX_KEY_ESC},
};

static bool
blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool
token_is(SxBytes token, const char *word)
{
    return strlen(word) == token.len && memcmp(token.data, word, token.len) == 0;
}

/* "C-", "M-", "S-" in any order; the sign itself may be the key: "C--". */
static unsigned
take_mods(SxBytes *token)
{
    static const char letters[] = "SMC";
    static const uint8_t mods[] = {SX_MOD_SHIFT, SX_MOD_ALT, SX_MOD_CTRL};
    unsigned taken = 0;
    while (token->len > 2 && token->data[1] == '-') {
        const char *letter = memchr(letters, token->data[0], sizeof letters - 1);
        if (!letter)
            break;
        taken |= mods[letter - letters];
        token->data += 2;
        token->len -= 2;
    }
    return taken;
}

static uint32_t
function_key(SxBytes token)
{
    if (token.len < 2 || token.len > 3 || token.data[0] != 'F')
        return SX_KEY_NONE;
    unsigned n = 0;
    for (size_t i = 1; i < token.len; i++) {
        if (token.data[i] < '0' || token.data[i] > '9' || (i == 1 && token.data[i] == '0'))
            return SX_KEY_NONE;
        n = n * 10 + (token.data[i] - '0');
    }
    return n >= 1 && n <= 12 ? (uint32_t)SX_KEY_F1 + n - 1 : (uint32_t)SX_KEY_NONE;
}

static uint32_t
base_key(SxBytes token)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (token_is(token, names[i].name))
            return names[i].code;
    uint32_t code = function_key(token);
    if (code != SX_KEY_NONE)
        return code;
    size_t used = sx_utf8_decode(token, &code);
    bool whole = used == token.len && code != UINT32_MAX && code >= ' ' && code != 0x7f;
    return whole ? code : (uint32_t)SX_KEY_NONE;
}

static SxKey
fold(uint32_t code, unsigned mods)
{
    static const struct {
        char from;
        uint32_t to;
        bool ctrl;
    } alike[] = {
        {'i', SX_KEY_TAB, false},       {'m', SX_KEY_ENTER, false}, {'j', SX_KEY_ENTER, false},
        {'[', SX_KEY_ESC, false},       {'h', SX_KEY_BACKSPACE, false}, {'?', SX_KEY_BACKSPACE, false},
        {'@', ' ', true},               {'/', '_', true},
    };
    if (!(mods & SX_MOD_CTRL) || code >= SX_KEY_BASE)
        return (SxKey){code, (uint8_t)mods};
    if (code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if (code == (uint32_t)alike[i].from)
            return (SxKey){alike[i].to, (uint8_t)(alike[i].ctrl ? mods : mods & ~(unsigned)SX_MOD_CTRL)};
    return (SxKey){code, (uint8_t)mods};
}

bool
sx_key_parse(SxBytes text, SxKey *out, size_t *used, SxError *err)
{
    size_t from = 0;
    while (from < text.len && blank(text.data[from]))
        from++;
    size_t end = from;
    while (end < text.len && !blank(text.data[end]))
        end++;
    SxBytes token = sx_bytes(text.data + from, end - from);
    if (!token.len)
        return sx_fail_at(err, from + 1, "a key is missing");
    unsigned mods = take_mods(&token);
    uint32_t code = base_key(token);
    if (code == SX_KEY_NONE)
        return sx_fail_at(err, from + 1, "%.*s: no such key", (int)(end - from < 40 ? end - from : 40),
                          (const char *)text.data + from);
    if (mods & SX_MOD_SHIFT && code < SX_KEY_BASE && code != ' ')
        return sx_fail_at(err, from + 1, "S- goes with named keys; of a letter write the capital");
    *out = fold(code, mods);
    if (used)
        *used = end;
    return true;
}

static void
print_base(char *buf, size_t size, uint32_t code)
{
    if (code >= SX_KEY_F1 && code <= SX_KEY_F12) {
        snprintf(buf, size, "F%u", code - SX_KEY_F1 + 1);
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == code) {
            snprintf(buf, size, "%s", names[i].name);
            return;
        }
    }
    char utf8[4];
    size_t len = code < SX_KEY_BASE ? sx_utf8_encode(utf8, code) : 0;
    snprintf(buf, size, "%.*s", (int)len, utf8);
}

size_t
sx_key_print(char *buf, size_t size, SxKey key)
{
    char base[16];
    print_base(base, sizeof base, key.code);
    int n = snprintf(buf, size, "%s%s%s%s", key.mods & SX_MOD_CTRL ? "C-" : "", key.mods & SX_MOD_ALT ? "M-" : "",
                     key.mods & SX_MOD_SHIFT ? "S-" : "", base);
    return n < 0 ? 0 : (size_t)n;
}
