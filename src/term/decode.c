/* decode.c - the machine that turns bytes into events, byte by byte. */
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "term/decode.h"

enum {
    JOINED_MS = 50,    /* a person needs longer from Esc to the next key; a terminal sends both at once */
    TORN_MS = 1000,    /* after such a pause nothing belongs together any more */
    PASTE_MS = 5000,   /* an end mark that does not come */
    LONE_MS = 3000,    /* how long after a lone Esc its rest may come */
    CHARACTER_MS = 200 /* the rest of a character */
};

static const char paste_mark[] = "\033[201~";

void
decode_init(Decoder *d, const Caps *caps)
{
    *d = (Decoder){.caps = caps};
}

void
decode_clear(Decoder *d)
{
    free(d->paste);
    d->paste = NULL;
}

void
decode_feed(Decoder *d, const uint8_t *bytes, size_t len, uint64_t now_ms)
{
    d->bytes = bytes;
    d->left = len;
    d->arrived = now_ms;
}

static void
give(Decoder *d, SxEvent e)
{
    d->queue[d->queued++] = e;
}

static void
give_key(Decoder *d, uint32_t code, unsigned mods)
{
    give(d, (SxEvent){.kind = SX_EVENT_KEY, .key = {code, (uint8_t)mods}});
}

static void
enter(Decoder *d, DecodeState state)
{
    d->state = state;
}

static void
begin(Decoder *d, const char *bytes, bool torn)
{
    d->len = strlen(bytes);
    memcpy(d->sequence, bytes, d->len);
    d->torn = torn;
}

static void
append(Decoder *d, uint8_t byte)
{
    if (d->len < SEQUENCE_MAX)
        d->sequence[d->len] = (char)byte;
    d->len++;
}

/* --- characters and control keys --- */

static void
give_control(Decoder *d, uint8_t byte, unsigned mods)
{
    if (byte == 0)
        give_key(d, ' ', mods | SX_MOD_CTRL);
    else if (byte == '\t')
        give_key(d, SX_KEY_TAB, mods);
    else if (byte == '\n' || byte == '\r')
        give_key(d, SX_KEY_ENTER, mods);
    else if (byte == 8 || byte == 0x7f)
        give_key(d, SX_KEY_BACKSPACE, mods);
    else if (byte <= 26)
        give_key(d, byte + 'a' - 1u, mods | SX_MOD_CTRL);
    else
        give_key(d, byte + '@', mods | SX_MOD_CTRL); /* C-\ C-] C-^ C-_ */
}

static size_t
utf8_length(uint8_t lead)
{
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

static void
begin_character(Decoder *d, uint8_t byte, bool alt)
{
    if (!utf8_length(byte)) {
        give_key(d, SX_KEY_UNKNOWN, 0);
        enter(d, IN_GROUND);
        return;
    }
    d->len = 0;
    d->alt = alt;
    append(d, byte);
    enter(d, IN_UTF8);
}

static void
give_character(Decoder *d)
{
    uint32_t code;
    size_t used = sx_utf8_decode(sx_bytes(d->sequence, d->len), &code);
    /* C1 controls and the byte order mark are no keys */
    bool known = used == d->len && code != UINT32_MAX && code >= 0xa0 && code != 0xfeff;
    give_key(d, known ? code : (uint32_t)SX_KEY_UNKNOWN, known && d->alt ? SX_MOD_ALT : 0);
    d->alt = false;
    enter(d, IN_GROUND);
}

/* A byte where no sequence is open, or the one behind Esc. */
static void
plain_byte(Decoder *d, uint8_t byte, bool alt)
{
    enter(d, IN_GROUND);
    if (byte == 0x1b) {
        d->alt = false;
        enter(d, IN_ESC);
    } else if (byte < ' ' || byte == 0x7f) {
        give_control(d, byte, alt ? SX_MOD_ALT : 0);
    } else if (byte < 0x80) {
        give_key(d, byte, alt ? SX_MOD_ALT : 0);
    } else {
        begin_character(d, byte, alt);
    }
}

/* --- sequences --- */

static void
begin_paste(Decoder *d)
{
    enum { KEEP = 1 << 16 };
    if (d->paste_cap > KEEP) {
        free(d->paste);
        d->paste = NULL;
        d->paste_cap = 0;
    }
    d->paste_len = d->paste_end = 0;
    d->paste_dropped = false;
    enter(d, IN_PASTE);
}

static void
give_focus_or_key(Decoder *d)
{
    bool focus = d->len == 3 && d->sequence[1] == '[' && (d->sequence[2] == 'I' || d->sequence[2] == 'O');
    if (focus) {
        give(d, (SxEvent){.kind = SX_EVENT_FOCUS, .x = d->sequence[2] == 'I'});
        return;
    }
    SxKey key = d->len <= SEQUENCE_MAX ? sequence_key(d->caps, d->sequence, d->len) : (SxKey){SX_KEY_UNKNOWN, 0};
    if (d->alt && key.code != SX_KEY_UNKNOWN)
        key.mods |= SX_MOD_ALT;
    give_key(d, key.code, key.mods);
}

/* Three bytes follow, unless it is a function key of this terminal. */
static bool
begins_old_mouse(const Decoder *d)
{
    return d->len == 3 && memcmp(d->sequence, "\033[M", 3) == 0 &&
           sequence_key(d->caps, d->sequence, 3).code == SX_KEY_UNKNOWN;
}

static void
end_sequence(Decoder *d)
{
    SxEvent mouse;
    char final = d->sequence[d->len <= SEQUENCE_MAX ? d->len - 1 : 0];
    enter(d, IN_GROUND);
    if (d->len == 6 && memcmp(d->sequence, "\033[200~", 6) == 0) {
        begin_paste(d);
    } else if (begins_old_mouse(d)) {
        d->len = 0;
        enter(d, IN_MOUSE);
    } else if (d->torn) {
        give_key(d, SX_KEY_UNKNOWN, 0);
    } else if ((final == 'M' || final == 'm') && d->len <= SEQUENCE_MAX && d->sequence[2] == '<') {
        if (sequence_mouse(d->sequence, d->len, &mouse))
            give(d, mouse);
        else
            give_key(d, SX_KEY_UNKNOWN, 0);
    } else {
        give_focus_or_key(d);
    }
    if (d->state != IN_MOUSE)
        d->alt = false;
}

/* Something that cannot belong to a sequence: that one is lost, the byte counts for itself. */
static void
break_sequence(Decoder *d, uint8_t byte)
{
    give_key(d, SX_KEY_UNKNOWN, 0);
    d->alt = false;
    plain_byte(d, byte, false);
}

/* rxvt ends Shift keys by '$', which is no final byte by the standard, where it stands before one. */
static bool
rxvt_shift(const Decoder *d, uint8_t byte)
{
    return byte == '$' && d->len > 2 && d->sequence[2] >= '0' && d->sequence[2] <= '9';
}

static void
csi_byte(Decoder *d, uint8_t byte)
{
    if (byte < ' ' || byte >= 0x7f) {
        break_sequence(d, byte);
        return;
    }
    append(d, byte);
    bool linux_first = byte == '[' && d->len == 3; /* CSI [ A */
    if ((byte >= '@' && !linux_first) || rxvt_shift(d, byte))
        end_sequence(d);
}

static void
ss3_byte(Decoder *d, uint8_t byte)
{
    if (byte < ' ' || byte >= 0x7f) {
        break_sequence(d, byte);
        return;
    }
    append(d, byte);
    if (byte >= '@' || byte == ' ')
        end_sequence(d);
}

static void
lone_escape(Decoder *d)
{
    if (d->alt)
        give_key(d, SX_KEY_ESC, 0);
    give_key(d, SX_KEY_ESC, 0);
    d->alt = false;
    d->lone = d->since ? d->since : 1;
    enter(d, IN_GROUND);
}

static void
hold(Decoder *d, uint8_t byte)
{
    begin(d, byte == '[' ? "\033[" : "\033O", true);
    d->alt = false;
    d->lone = 0;
    enter(d, IN_HELD);
}

/* Some terminals' keys are Esc and one letter. */
static bool
short_key(Decoder *d, uint8_t byte)
{
    char bytes[2] = {'\033', (char)byte};
    SxKey key = sequence_key(d->caps, bytes, 2);
    if (key.code == SX_KEY_UNKNOWN)
        return false;
    give_key(d, key.code, key.mods);
    enter(d, IN_GROUND);
    return true;
}

static void
escape_byte(Decoder *d, uint8_t byte)
{
    bool joined = d->arrived - d->since <= JOINED_MS;
    if (byte == '[' || byte == 'O') {
        if (joined) {
            begin(d, byte == '[' ? "\033[" : "\033O", false);
            enter(d, byte == '[' ? IN_CSI : IN_SS3);
        } else {
            lone_escape(d);
            hold(d, byte);
        }
    } else if (byte == 0x1b) {
        if (d->alt)
            give_key(d, SX_KEY_ESC, 0);
        d->alt = true;
    } else {
        if (d->alt)
            give_key(d, SX_KEY_ESC, 0);
        d->alt = false;
        if (!short_key(d, byte))
            plain_byte(d, byte, true);
    }
}

/* Behind a held `[`: a small letter makes two keys of it, all else is the rest of a torn sequence. */
static void
held_byte(Decoder *d, uint8_t byte, bool given_out)
{
    bool csi = d->sequence[1] == '[';
    if (csi && byte >= 'a' && byte <= 'z') {
        enter(d, IN_GROUND);
        if (!given_out)
            give_key(d, '[', 0);
        give_key(d, byte, 0);
        return;
    }
    enter(d, csi ? IN_CSI : IN_SS3);
    (csi ? csi_byte : ss3_byte)(d, byte);
}

static void
mouse_byte(Decoder *d, uint8_t byte)
{
    SxEvent mouse;
    append(d, byte);
    if (d->len < 3)
        return;
    if (!d->torn && sequence_mouse_old((const uint8_t *)d->sequence, &mouse))
        give(d, mouse);
    else
        give_key(d, SX_KEY_UNKNOWN, 0);
    d->alt = false;
    enter(d, IN_GROUND);
}

static void
utf8_byte(Decoder *d, uint8_t byte)
{
    if ((byte & 0xc0) != 0x80) {
        break_sequence(d, byte);
        return;
    }
    append(d, byte);
    if (d->len == utf8_length((uint8_t)d->sequence[0]))
        give_character(d);
}

/* --- paste --- */

static void
paste_add(Decoder *d, const char *bytes, size_t len)
{
    if (d->paste_dropped || d->paste_len + len > PASTE_MAX ||
        !sx_grow(&d->paste, &d->paste_cap, d->paste_len + len, 1)) {
        d->paste_dropped = true;
        return;
    }
    if (len > 0)
        memcpy(d->paste + d->paste_len, bytes, len);
    d->paste_len += len;
}

static void
end_paste(Decoder *d)
{
    enter(d, IN_GROUND);
    if (d->paste_dropped)
        give_key(d, SX_KEY_UNKNOWN, 0);
    else
        give(d, (SxEvent){.kind = SX_EVENT_PASTE, .paste = sx_bytes(d->paste, d->paste_len)});
}

static void
paste_byte(Decoder *d, uint8_t byte)
{
    if (byte == (uint8_t)paste_mark[d->paste_end]) {
        if (++d->paste_end == sizeof paste_mark - 1)
            end_paste(d);
        return;
    }
    /* only its first byte can begin the mark anew */
    paste_add(d, paste_mark, d->paste_end);
    d->paste_end = byte == 0x1b;
    if (byte != 0x1b)
        paste_add(d, (const char *)&byte, 1);
}

/* A run without Esc goes in at once. */
static size_t
paste_run(Decoder *d)
{
    if (d->paste_end)
        return 0;
    const uint8_t *esc = memchr(d->bytes, 0x1b, d->left);
    size_t len = esc ? (size_t)(esc - d->bytes) : d->left;
    paste_add(d, (const char *)d->bytes, len);
    return len;
}

/* --- the machine --- */

/* Only the very next byte behind a lone Esc may be the rest of a torn sequence. */
static void
ground_byte(Decoder *d, uint8_t byte)
{
    bool after_escape = d->lone && d->arrived - d->lone < LONE_MS;
    d->lone = 0;
    if (after_escape && (byte == '[' || byte == 'O'))
        hold(d, byte);
    else
        plain_byte(d, byte, false);
}

static void
step(Decoder *d, uint8_t byte)
{
    switch (d->state) {
    case IN_GROUND:
        ground_byte(d, byte);
        break;
    case IN_ESC:
        escape_byte(d, byte);
        break;
    case IN_CSI:
        csi_byte(d, byte);
        break;
    case IN_SS3:
        ss3_byte(d, byte);
        break;
    case IN_HELD:
        held_byte(d, byte, false);
        break;
    case IN_LATE:
        held_byte(d, byte, true);
        break;
    case IN_MOUSE:
        mouse_byte(d, byte);
        break;
    case IN_UTF8:
        utf8_byte(d, byte);
        break;
    case IN_PASTE:
        paste_byte(d, byte);
        break;
    }
    d->since = d->arrived;
}

static uint64_t
patience(const Decoder *d, int esc_ms)
{
    switch (d->state) {
    case IN_GROUND:
        return 0;
    case IN_ESC:
        return esc_ms > 0 ? (uint64_t)esc_ms : 0;
    case IN_UTF8:
        return CHARACTER_MS;
    case IN_PASTE:
        return PASTE_MS;
    case IN_CSI:
    case IN_SS3:
    case IN_HELD:
    case IN_LATE:
    case IN_MOUSE:
        break;
    }
    return TORN_MS;
}

/* Nothing came for as long as the state waits. */
static void
give_up(Decoder *d, uint64_t now_ms)
{
    DecodeState state = d->state;
    d->since = now_ms;
    enter(d, IN_GROUND);
    switch (state) {
    case IN_ESC:
        lone_escape(d);
        break;
    case IN_HELD:
        give_key(d, (uint32_t)d->sequence[1], 0);
        enter(d, IN_LATE);
        break;
    case IN_PASTE:
        paste_add(d, paste_mark, d->paste_end);
        end_paste(d);
        break;
    case IN_CSI:
    case IN_SS3:
    case IN_MOUSE:
    case IN_UTF8:
        d->alt = false;
        give_key(d, SX_KEY_UNKNOWN, 0);
        break;
    case IN_LATE:
    case IN_GROUND:
        break;
    }
}

static bool
take(Decoder *d, SxEvent *out)
{
    if (d->given == d->queued)
        return false;
    *out = d->queue[d->given++];
    if (d->given == d->queued)
        d->given = d->queued = 0;
    return true;
}

bool
decode_next(Decoder *d, uint64_t now_ms, int esc_ms, SxEvent *out)
{
    while (!d->queued && d->left) {
        size_t run = d->state == IN_PASTE ? paste_run(d) : 0;
        if (!run) {
            step(d, *d->bytes);
            run = 1;
        }
        d->since = d->arrived;
        d->bytes += run;
        d->left -= run;
    }
    if (!d->queued && d->state != IN_GROUND && now_ms - d->since >= patience(d, esc_ms))
        give_up(d, now_ms);
    return take(d, out);
}

int
decode_due(const Decoder *d, uint64_t now_ms, int esc_ms)
{
    if (d->queued || d->left)
        return 0;
    if (d->state == IN_GROUND)
        return -1;
    uint64_t patient = patience(d, esc_ms), waited = now_ms - d->since;
    return waited < patient ? (int)(patient - waited) : 0;
}
