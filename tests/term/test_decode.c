/*
 * test_decode.c - bytes into events: the keys of several terminals, mouse, paste, and all of them torn apart.
 *
 * Time is the test's: it is told to the decoder, nothing waits.
 */
#include <unistd.h>

#include "support/tap.h"
#include "term/decode.h"

enum { EVENTS_MAX = 4096, ESC_MS = 25 };

typedef struct Played {
    char text[EVENTS_MAX * 8];
    size_t len;
    Decoder d;
    uint64_t now;
} Played;

static Caps *
caps_of(const char *term)
{
    static Caps caps;
    SxError err;
    setenv("TERM", term, 1);
    if (!caps_open(&caps, STDOUT_FILENO, &err)) {
        diag("%s: %s", term, err.text);
        return NULL;
    }
    return &caps;
}

static void
note(Played *p, const SxEvent *e)
{
    static const char *const mouse[] = {"press", "drag", "release", "up", "down"};
    char key[40], *at = p->text + p->len;
    size_t room = sizeof p->text - p->len;
    int n = 0;
    if (e->kind == SX_EVENT_KEY) {
        sx_key_print(key, sizeof key, e->key);
        n = snprintf(at, room, "%s%s", p->len ? " " : "", key);
    } else if (e->kind == SX_EVENT_MOUSE) {
        n = snprintf(at, room, "%s%s:%u,%u,%u", p->len ? " " : "", mouse[e->mouse], e->x, e->y, e->key.mods);
    } else if (e->kind == SX_EVENT_PASTE) {
        n = snprintf(at, room, "%spaste(%.*s)", p->len ? " " : "", (int)e->paste.len, (const char *)e->paste.data);
    } else if (e->kind == SX_EVENT_FOCUS) {
        n = snprintf(at, room, "%sfocus:%u", p->len ? " " : "", e->x);
    }
    p->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void
drain(Played *p, int esc_ms)
{
    SxEvent e;
    while (decode_next(&p->d, p->now, esc_ms, &e))
        note(p, &e);
}

static void
start(Played *p, const Caps *caps)
{
    p->len = 0;
    p->text[0] = '\0';
    p->now = 1000000;
    decode_init(&p->d, caps);
}

static void
feed(Played *p, const char *bytes, size_t len, int esc_ms)
{
    decode_feed(&p->d, (const uint8_t *)bytes, len, p->now);
    drain(p, esc_ms);
}

static void
pause_ms(Played *p, uint64_t ms, int esc_ms)
{
    for (uint64_t end = p->now + ms; p->now < end;) {
        int due = decode_due(&p->d, p->now, esc_ms);
        uint64_t step = due >= 0 && (uint64_t)due < end - p->now ? (uint64_t)due : end - p->now;
        p->now += step ? step : 1;
        drain(p, esc_ms);
    }
}

/* All bytes at once, then time enough for everything to become certain. */
static const char *
play(Played *p, const Caps *caps, const char *bytes, size_t len)
{
    start(p, caps);
    feed(p, bytes, len, ESC_MS);
    pause_ms(p, 10000, ESC_MS);
    decode_clear(&p->d);
    return p->text;
}

static const struct {
    const char *bytes;
    const char *want;
} table[] = {
    {"a", "a"},
    {"A", "A"},
    {" ", "Space"},
    {"\t", "Tab"},
    {"\r", "Enter"},
    {"\n", "Enter"},
    {"\x7f", "BS"},
    {"\b", "BS"},
    {"\x01", "C-a"},
    {"\x1c", "C-\\"},
    {"\x1d", "C-]"},
    {"\x1f", "C-_"},
    {"\x1b", "Esc"},
    {"\x1b\x1b", "Esc Esc"},
    {"\x1bx", "M-x"},
    {"\x1bX", "M-X"},
    {"\x1b\r", "M-Enter"},
    {"\x1b\x7f", "M-BS"},
    {"\x1b\x01", "C-M-a"},
    {"\xc3\xa4", "\xc3\xa4"},
    {"\x1b\xc3\xa4", "M-\xc3\xa4"},
    {"\xe2\x82\xac" "5", "\xe2\x82\xac 5"},
    {"\xff", "Unknown"},
    {"\xc3q", "Unknown q"},
    {"\xed\xa0\x80", "Unknown"},
    {"\xc2\x9b" "A", "Unknown A"},
    {"\x1b[A", "Up"},
    {"\x1bOA", "Up"},
    {"\x1b[1;2A", "S-Up"},
    {"\x1b[1;3A", "M-Up"},
    {"\x1b[1;5A", "C-Up"},
    {"\x1b[1;8D", "C-M-S-Left"},
    {"\x1b[1;9C", "M-Right"},
    {"\x1bO5A", "C-Up"},
    {"\x1bO1;5A", "C-Up"},
    {"\x1b\x1b[A", "M-Up"},
    {"\x1b\x1bOA", "M-Up"},
    {"\x1b[H", "Home"},
    {"\x1b[F", "End"},
    {"\x1b[1~", "Home"},
    {"\x1b[4~", "End"},
    {"\x1b[7~", "Home"},
    {"\x1b[8~", "End"},
    {"\x1b[2~", "Ins"},
    {"\x1b[3~", "Del"},
    {"\x1b[3;2~", "S-Del"},
    {"\x1b[5~", "PgUp"},
    {"\x1b[6;5~", "C-PgDn"},
    {"\x1b[6^", "C-PgDn"},
    {"\x1b[6$", "S-PgDn"},
    {"\x1b[6@", "C-S-PgDn"},
    {"\x1b[a", "S-Up"},
    {"\x1bOa", "C-Up"},
    {"\x1b[Z", "S-Tab"},
    {"\x1bOP", "F1"},
    {"\x1b[[A", "F1"},
    {"\x1b[[E", "F5"},
    {"\x1b[11~", "F1"},
    {"\x1b[15~", "F5"},
    {"\x1b[17~", "F6"},
    {"\x1b[24~", "F12"},
    {"\x1b[1;2R", "S-F3"},
    {"\x1b[13;2~", "S-F3"},
    {"\x1bOj", "*"},
    {"\x1bOp", "0"},
    {"\x1bOM", "Enter"},
    {"\x1b[97u", "a"},
    {"\x1b[97;5u", "C-a"},
    {"\x1b[97;2u", "A"},
    {"\x1b[65;6u", "C-a"},
    {"\x1b[97:65;5:1u", "C-a"},
    {"\x1b[27u", "Esc"},
    {"\x1b[13;5u", "C-Enter"},
    {"\x1b[57358u", "Unknown"},
    {"\x1b[27;5;105~", "C-i"},
    {"\x1b[I", "focus:1"},
    {"\x1b[O", "focus:0"},
    {"\x1b[<0;1;1M", "press:0,0,0"},
    {"\x1b[<0;200;50m", "release:199,49,0"},
    {"\x1b[<32;3;4M", "drag:2,3,0"},
    {"\x1b[<64;3;4M", "up:2,3,0"},
    {"\x1b[<65;3;4M", "down:2,3,0"},
    {"\x1b[<16;3;4M", "press:2,3,4"},
    {"\x1b[<2;3;4M", "Unknown"},
    {"\x1b[<0;0;4M", "Unknown"},
    {"\x1b[M !!", "press:0,0,0"},
    {"\x1b[M#!!", "release:0,0,0"},
    {"\x1b[M`%$", "up:4,3,0"},
    {"\x1b[200~hello\rworld\x1b[201~", "paste(hello\rworld)"},
    {"\x1b[200~a\x1b[20\x1b[201~q", "paste(a\x1b[20) q"},
    {"\x1b[200~\x1b\x1b[201~", "paste(\x1b)"},
    {"\x1b[200~\x1b[201~", "paste()"},
    {"\x1b[200~no end", "paste(no end)"},
    {"\x1b[?2026;2$y", "Unknown"},
    {"\x1b[?62;22c", "Unknown"},
    {"\x1b[24;80R", "Unknown"},
    {"\x1b[0n", "Unknown"},
    {"\x1b[999999999999999999999999999999999999999999999999999999999999999999999~q", "Unknown q"},
    {"\x1b[1;2\x1b[A", "Unknown Up"},
    {"\x1b[1;2\x03", "Unknown C-c"},
    {"\x1b[", "Unknown"},
    {"\x1bO", "Unknown"},
    {"jjk", "j j k"},
    {"\x1b[A\x1b[B", "Up Down"},
};

static void
known_sequences(const Caps *caps)
{
    static Played p;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char name[64];
        size_t n = 0;
        for (const char *c = table[i].bytes; *c && n + 5 < sizeof name; c++)
            n += (size_t)snprintf(name + n, sizeof name - n, *c >= ' ' && *c < 0x7f ? "%c" : "\\x%02x", (unsigned char)*c);
        is_text(play(&p, caps, table[i].bytes, strlen(table[i].bytes)), table[i].want, "%s", name);
    }
    is_text(play(&p, caps, "\0", 1), "C-Space", "NUL");
    is_text(play(&p, caps, "\x1b\0", 2), "C-M-Space", "Esc NUL");
}

static void
terminals(void)
{
    static const char *const names[] = {"xterm-256color", "xterm", "tmux-256color", "screen", "linux", "vt100",
                                        "rxvt-unicode-256color", "ansi", "vt220"};
    static Played p;
    for (size_t t = 0; t < sizeof names / sizeof *names; t++) {
        Caps *caps = caps_of(names[t]);
        if (!caps)
            continue;
        unsigned bad = 0;
        for (size_t i = 0; i < caps->n_keys; i++) {
            char want[40];
            sx_key_print(want, sizeof want, caps->keys[i].key);
            const char *got = play(&p, caps, caps->keys[i].bytes, strlen(caps->keys[i].bytes));
            bool first = true; /* a terminal may describe two keys by one sequence: the first counts */
            for (size_t k = 0; k < i; k++)
                first &= strcmp(caps->keys[k].bytes, caps->keys[i].bytes) != 0;
            if (first && strcmp(got, want) != 0) {
                diag("%s: got %s, want %s", names[t], got, want);
                bad++;
            }
        }
        is(bad, 0, "%s: its %zu keys", names[t], caps->n_keys);
        caps_close();
    }
    Caps *rxvt = caps_of("rxvt-unicode-256color");
    if (rxvt) {
        is_text(play(&p, rxvt, "\x1b[25~", 5), "S-F3", "rxvt counts its shifted keys from F11");
        caps_close();
    }
}

/* --- torn --- */

/* What may come of a torn key: nothing that a keymap binds, but Esc, and a lone `[` or `O`, which wait for more. */
static bool
harmless(const char *text)
{
    char copy[4096], *save = NULL;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
        if (strcmp(word, "Esc") != 0 && strcmp(word, "Unknown") != 0 && strcmp(word, "[") != 0 && strcmp(word, "O") != 0)
            return false;
    return true;
}

static const char *
play_torn(Played *p, const Caps *caps, const char *bytes, unsigned tears, uint64_t ms, int esc_ms)
{
    size_t len = strlen(bytes);
    start(p, caps);
    for (size_t i = 0; i < len; i++) {
        feed(p, bytes + i, 1, esc_ms);
        if (tears >> (i < 31 ? i : 31) & 1)
            pause_ms(p, ms, esc_ms);
    }
    pause_ms(p, 10000, esc_ms);
    decode_clear(&p->d);
    return p->text;
}

/* Torn after Esc, only harmless things come. Torn elsewhere, the key itself, for nothing was given out yet. */
static bool
torn_well(Played *p, const Caps *caps, const char *bytes, const char *whole)
{
    static const uint64_t pauses[] = {30, 60, 100, 300, 600, 900};
    static const int escs[] = {25, 500};
    size_t len = strlen(bytes);
    unsigned all = len >= 31 ? UINT32_MAX : (1u << (len - 1)) - 1;
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses * 2; i++) {
        uint64_t ms = pauses[i / 2];
        int esc = escs[i & 1];
        for (unsigned tear = 0; tear <= len; tear++) {
            unsigned tears = tear == len ? all : 1u << tear;
            const char *got = play_torn(p, caps, bytes, tears, ms, esc);
            bool is_whole = strcmp(got, whole) == 0;
            bool after_esc = tears & 1 && ms > (uint64_t)esc;
            if (after_esc ? !harmless(got) && !is_whole : !is_whole && !harmless(got)) {
                diag("torn %x, %" PRIu64 " ms, esc %d: %s instead of %s", tears, ms, esc, got, whole);
                return false;
            }
        }
    }
    return true;
}

static void
torn_keys(const char *term)
{
    static Played p, q;
    Caps *caps = caps_of(term);
    unsigned bad = 0;
    if (!caps)
        return;
    for (size_t i = 0; i < caps->n_keys; i++) {
        const char *bytes = caps->keys[i].bytes;
        /* rxvt's shifted arrows end in small letters: torn, they are `[c`, a motion, as good as any */
        if ((bytes[1] != '[' && bytes[1] != 'O') || (bytes[1] == '[' && bytes[2] >= 'a' && bytes[2] <= 'd'))
            continue;
        char whole[64];
        snprintf(whole, sizeof whole, "%s", play(&q, caps, caps->keys[i].bytes, strlen(caps->keys[i].bytes)));
        bad += !torn_well(&p, caps, caps->keys[i].bytes, whole);
    }
    is(bad, 0, "%s: every key, torn after each byte", term);
    caps_close();
}

static void
torn_others(const Caps *caps)
{
    static Played p;
    static const struct {
        const char *bytes, *whole;
    } cases[] = {
        {"\x1b[<0;12;7M", "press:11,6,0"}, {"\x1b[<0;12;7m", "release:11,6,0"}, {"\x1b[<65;12;7M", "down:11,6,0"},
        {"\x1b[I", "focus:1"},             {"\x1b[O", "focus:0"},               {"\x1b[M !!", "press:0,0,0"},
        {"\x1b[13;2~", "S-F3"},            {"\x1b[97;5u", "C-a"},               {"\x1b[[A", "F1"},
        {"\x1b[1;5A", "C-Up"},             {"\x1b[6^", "C-PgDn"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ok(torn_well(&p, caps, cases[i].bytes, cases[i].whole), "torn: %s", cases[i].whole);
    is_text(play_torn(&p, caps, "\x1b[200~R75\x1b[201~", UINT32_MAX, 300, 25), "Esc paste(R75)",
            "a paste torn after each byte is still a paste");
    is_text(play_torn(&p, caps, "\x1b[200~R75\x1b[201~", UINT32_MAX, 10, 25), "paste(R75)", "torn a little");
}

/* People who press Esc and then something else, and mean it. */
static void
people(const Caps *caps)
{
    static Played p;
    is_text(play_torn(&p, caps, "\x1b[c", 3, 300, 25), "Esc [ c", "Esc, then [c, is not torn");
    is_text(play_torn(&p, caps, "\x1b[c", 3, 200, 500), "Esc [ c", "also where Esc waits long");
    is_text(play_torn(&p, caps, "\x1b[c[c", 0xf, 300, 25), "Esc [ c [ c", "twice");
    is_text(play_torn(&p, caps, "\x1bu", 1, 300, 500), "M-u", "Esc u, slowly, where Esc has nothing to take off");
    is_text(play_torn(&p, caps, "\x1bu", 1, 300, 25), "Esc u", "and elsewhere two keys");
    is_text(play_torn(&p, caps, "\x1bj[d", 3, 100, 25), "Esc j [ d", "something between");
    is_text(play_torn(&p, caps, "\x1b[x", 1, 5000, 25), "Esc [ x", "long after an Esc, [ is a key at once");
    start(&p, caps);
    feed(&p, "\x1b", 1, 25);
    pause_ms(&p, 100, 25);
    feed(&p, "[", 1, 25);
    pause_ms(&p, 1500, 25);
    is_text(p.text, "Esc [", "a held [ is given out after a while");
    feed(&p, "A", 1, 25);
    is_text(p.text, "Esc [ Unknown", "its rest is swallowed even then");
    feed(&p, "A", 1, 25);
    is_text(p.text, "Esc [ Unknown A", "and nothing more");
}

static void
big_paste(const Caps *caps)
{
    static Played p;
    SxEvent e;
    size_t len = PASTE_MAX + 1;
    char *bytes = malloc(len);
    memset(bytes, 'x', len);
    for (unsigned more = 0; more < 2; more++) {
        start(&p, caps);
        feed(&p, "\x1b[200~", 6, ESC_MS);
        decode_feed(&p.d, (const uint8_t *)bytes, PASTE_MAX + more, p.now);
        ok(!decode_next(&p.d, p.now, ESC_MS, &e), "nothing comes before the end mark");
        decode_feed(&p.d, (const uint8_t *)"\x1b[201~j", 7, p.now);
        decode_next(&p.d, p.now, ESC_MS, &e);
        if (more)
            ok(e.kind == SX_EVENT_KEY && e.key.code == SX_KEY_UNKNOWN, "more than 16 MiB is refused");
        else
            ok(e.kind == SX_EVENT_PASTE && e.paste.len == PASTE_MAX, "16 MiB is taken");
        drain(&p, ESC_MS);
        is_text(p.text, "j", "and what follows is a key");
        decode_clear(&p.d);
    }
    free(bytes);
}

/* However bytes are cut into reads, the same comes out. */
static void
random_cuts(const Caps *caps, uint64_t seed, unsigned rounds)
{
    static Played whole, cut;
    unsigned bad = 0;
    for (unsigned r = 0; r < rounds; r++) {
        char bytes[64];
        size_t len = 1 + tap_random(&seed) % sizeof bytes;
        for (size_t i = 0; i < len; i++) {
            static const char likely[] = "\x1b\x1b[[O<;0125~MAmu$\xc3\xa4";
            uint64_t n = tap_random(&seed);
            bytes[i] = n % 4 ? likely[n / 4 % (sizeof likely - 1)] : (char)(n >> 8);
        }
        play(&whole, caps, bytes, len);
        start(&cut, caps);
        for (size_t i = 0, n; i < len; i += n) {
            n = 1 + tap_random(&seed) % (len - i);
            feed(&cut, bytes + i, n, ESC_MS);
        }
        pause_ms(&cut, 10000, ESC_MS);
        decode_clear(&cut.d);
        bad += strcmp(whole.text, cut.text) != 0;
    }
    is(bad, 0, "%u random inputs, cut anywhere", rounds);
}

int
main(int argc, char **argv)
{
    uint64_t seed = tap_seed();
    Caps *caps = caps_of("xterm-256color");
    known_sequences(caps);
    torn_others(caps);
    people(caps);
    big_paste(caps);
    random_cuts(caps, seed, argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 3000);
    caps_close();
    terminals();
    torn_keys("xterm-256color");
    torn_keys("linux");
    torn_keys("rxvt-unicode-256color");
    torn_keys("vt100");
    return done_testing();
}
