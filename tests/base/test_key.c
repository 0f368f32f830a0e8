/* test_key.c - the notation of keys: reading, folding, printing, and back. */
#include <sextant/key.h>

#include "support/tap.h"

static void
reads(void)
{
    static const struct {
        const char *text;
        uint32_t code;
        unsigned mods;
        size_t used;
    } cases[] = {
        {"x", 'x', 0, 1},
        {"X", 'X', 0, 1},
        {"g g", 'g', 0, 1},
        {"  g", 'g', 0, 3},
        {"C-x", 'x', SX_MOD_CTRL, 3},
        {"C-X", 'x', SX_MOD_CTRL, 3},
        {"M-x", 'x', SX_MOD_ALT, 3},
        {"M-X", 'X', SX_MOD_ALT, 3},
        {"C-M-x", 'x', SX_MOD_ALT | SX_MOD_CTRL, 5},
        {"M-C-x", 'x', SX_MOD_ALT | SX_MOD_CTRL, 5},
        {"S-Left", SX_KEY_LEFT, SX_MOD_SHIFT, 6},
        {"C-S-Left", SX_KEY_LEFT, SX_MOD_SHIFT | SX_MOD_CTRL, 8},
        {"F1", SX_KEY_F1, 0, 2},
        {"F12", SX_KEY_F12, 0, 3},
        {"S-F3", SX_KEY_F1 + 2, SX_MOD_SHIFT, 4},
        {"F", 'F', 0, 1},
        {"C-Space", ' ', SX_MOD_CTRL, 7},
        {"Space", ' ', 0, 5},
        {"PgDn", SX_KEY_PGDN, 0, 4},
        {"PageDown", SX_KEY_PGDN, 0, 8},
        {"-", '-', 0, 1},
        {"C--", '-', SX_MOD_CTRL, 3},
        {"C-_", '_', SX_MOD_CTRL, 3},
        {"C-/", '_', SX_MOD_CTRL, 3},
        {"C-]", ']', SX_MOD_CTRL, 3},
        {"C-i", SX_KEY_TAB, 0, 3},
        {"C-m", SX_KEY_ENTER, 0, 3},
        {"C-j", SX_KEY_ENTER, 0, 3},
        {"C-[", SX_KEY_ESC, 0, 3},
        {"C-h", SX_KEY_BACKSPACE, 0, 3},
        {"C-M-i", SX_KEY_TAB, SX_MOD_ALT, 5},
        {"\xc3\xa4", 0xe4, 0, 2},
        {"M-\xe2\x82\xac", 0x20ac, SX_MOD_ALT, 5},
        {"`", '`', 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxKey key = {0};
        size_t used = 0;
        SxError err = {0};
        bool done = sx_key_parse(sx_bytes(cases[i].text, strlen(cases[i].text)), &key, &used, &err);
        if (!ok(done && key.code == cases[i].code && key.mods == cases[i].mods && used == cases[i].used, "read '%s'",
                cases[i].text))
            diag("got %x mods %u used %zu %s", key.code, key.mods, used, err.text);
    }
}

static void
refuses(void)
{
    static const char *const cases[] = {"", "  ", "gg", "C-", "S-a", "F13", "F0", "F01", "Nix", "X-a", "\xff", "\x01"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxKey key = {'?', 0};
        SxError err = {0};
        bool refused = !sx_key_parse(sx_bytes(cases[i], strlen(cases[i])), &key, NULL, &err);
        ok(refused && err.code == SX_ERR_SYNTAX && err.column >= 1 && key.code == '?', "refuse '%s': %s", cases[i],
           err.text);
    }
}

static void
round_trip(uint32_t code, unsigned mods, unsigned *bad)
{
    char text[32], again[32];
    SxKey key = {0};
    SxError err = {0};
    sx_key_print(text, sizeof text, (SxKey){code, (uint8_t)mods});
    /* what terminals send alike reads back folded, and then stays */
    if (!sx_key_parse(sx_bytes(text, strlen(text)), &key, NULL, &err)) {
        diag("%s: %s", text, err.text);
        ++*bad;
        return;
    }
    sx_key_print(again, sizeof again, key);
    SxKey second = {0};
    if (!sx_key_parse(sx_bytes(again, strlen(again)), &second, NULL, NULL) || second.code != key.code ||
        second.mods != key.mods || (!(mods & SX_MOD_CTRL) && (key.code != code || key.mods != mods))) {
        diag("%s then %s", text, again);
        ++*bad;
    }
}

int
main(void)
{
    reads();
    refuses();
    unsigned bad = 0;
    for (uint32_t code = SX_KEY_ESC; code <= SX_KEY_UNKNOWN; code++)
        for (unsigned mods = 0; mods < 8; mods++)
            round_trip(code, mods, &bad);
    for (uint32_t code = ' '; code < 0x7f; code++)
        for (unsigned mods = 0; mods < 8; mods += 2)
            round_trip(code, mods, &bad);
    is(bad, 0, "printed keys read back");
    char small[4];
    is(sx_key_print(small, sizeof small, (SxKey){SX_KEY_PGDN, SX_MOD_CTRL}), 6, "as snprintf: the length it needs");
    is_text(small, "C-P", "cut");
    return done_testing();
}
