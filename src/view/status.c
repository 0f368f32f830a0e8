/*
 * status.c - the status line: what stands there, in which order, and what goes first where there is no room.
 *
 * Items are made in the order in which they are kept, and shown in the order in which they stand.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/draw.h"

enum { ITEM_TEXT = 96, WIDTH_WORDS = 60, WIDTH_SHORT = 30 };

/* As they stand, from the left. */
typedef enum Place {
    AT_MODE, AT_ACCESS, AT_UNPROTECTED, AT_LINE, AT_HEX, AT_DECIMAL, AT_PERCENT, AT_VALUE, AT_BITS, AT_JOB, AT_SELECTED,
    AT_MATCH, AT_HELP, AT_COUNT
} Place;

/* Kept in this order: the last goes first. */
static const Place kept[AT_COUNT] = {
    AT_MODE, AT_ACCESS, AT_UNPROTECTED, AT_HEX, AT_LINE, AT_JOB, AT_SELECTED, AT_MATCH, AT_VALUE, AT_PERCENT,
    AT_DECIMAL, AT_HELP, AT_BITS,
};

typedef struct Item {
    char text[ITEM_TEXT];
    SxStyles style;
    bool shown;
    bool near; /* one blank before it, not two: it belongs to what stands before */
} Item;

typedef enum Words { FULL_WORDS, SHORT_WORDS, LETTERS } Words;

static const char *const mode_words[3][4] = {
    {"BROWSE", "SELECT", "OVERWRITE", "INSERT"},
    {"BROWSE", "SEL", "OVER", "INS"},
    {"B", "S", "O", "I"},
};
static const char *const badge_words[3][3] = {
    {"COPY", "READ", "WRITE-THROUGH"},
    {"COPY", "READ", "W-THRU"},
    {"C", "R", "W"},
};

static Words
words_for(unsigned width)
{
    if (width < WIDTH_SHORT)
        return LETTERS;
    return width < WIDTH_WORDS ? SHORT_WORDS : FULL_WORDS;
}

static SxStyles
mode_style(const SxStatus *s)
{
    static const SxStyles styles[] = {SX_STYLE(BADGE_BROWSE), SX_STYLE(BADGE_SELECT), SX_STYLE(BADGE_OVERWRITE),
                                      SX_STYLE(BADGE_INSERT)};
    bool edits = s->mode == SX_MODE_OVERWRITE || s->mode == SX_MODE_INSERT;
    return edits && s->badge == SX_BADGE_THROUGH ? SX_STYLE(BADGE_THROUGH) : styles[s->mode];
}

static SxStyles
badge_style(const SxStatus *s)
{
    static const SxStyles styles[] = {SX_STYLE(BADGE_COPY), SX_STYLE(BADGE_READ), SX_STYLE(BADGE_THROUGH)};
    return styles[s->badge];
}

/* "COPY +2", "WRITE-THROUGH w2"; badges have a blank at each side while there is room for words. */
static void
make_badges(Item *items, const SxStatus *s, Words words)
{
    const char *pad = words == FULL_WORDS ? " " : "";
    char changes[48] = "";
    if (s->changes)
        snprintf(changes, sizeof changes, " +%" PRIu64, s->changes);
    if (s->badge == SX_BADGE_THROUGH && s->written) {
        char waiting[24];
        snprintf(waiting, sizeof waiting, "%.23s", changes); /* what is not in the file yet stands behind */
        snprintf(changes, sizeof changes, " w%" PRIu64 "%s", s->written, waiting);
    }
    Item *mode = &items[AT_MODE], *access = &items[AT_ACCESS], *lost = &items[AT_UNPROTECTED];
    snprintf(mode->text, ITEM_TEXT, "%s%s%s", pad, mode_words[words][s->mode], pad);
    mode->style = mode_style(s);
    snprintf(access->text, ITEM_TEXT, "%s%s%s%s", pad, badge_words[words][s->badge], changes, pad);
    access->style = badge_style(s);
    if (s->unprotected)
        snprintf(lost->text, ITEM_TEXT, "%s%s%s", pad, words == LETTERS ? "U" : "UNPROTECTED", pad);
    lost->style = SX_STYLE(UNPROTECTED);
}

static void
make_place(Item *items, const SxStatus *s)
{
    uint64_t shown = s->cursor + s->base;
    snprintf(items[AT_HEX].text, ITEM_TEXT, "0x%08" PRIx64, shown);
    snprintf(items[AT_LINE].text, ITEM_TEXT, "%s", s->line ? s->line : "");
    snprintf(items[AT_DECIMAL].text, ITEM_TEXT, "%" PRIu64, shown);
    unsigned tenths = 1000;
    if (s->cursor + 1 < s->length)
        tenths = (unsigned)scale(1000, s->cursor, s->length);
    else if (s->cursor == 0)
        tenths = 0;
    snprintf(items[AT_PERCENT].text, ITEM_TEXT, "%u.%u%%", tenths / 10, tenths % 10);
}

static void
make_value(Item *items, const SxStatus *s)
{
    char *value = items[AT_VALUE].text, *bits = items[AT_BITS].text;
    if (s->half.on) {
        snprintf(value, ITEM_TEXT, "%x_", s->half.nibble & 15u);
    } else if (s->lost) {
        snprintf(value, ITEM_TEXT, "??");
        items[AT_VALUE].style = SX_STYLE(LOST);
    } else if (s->has_value) {
        snprintf(value, ITEM_TEXT, "%02x %u", (unsigned)s->value, (unsigned)s->value);
        for (unsigned i = 0; i < 8; i++)
            bits[i] = s->value >> (7 - i) & 1 ? '1' : '0';
        bits[8] = '\0';
    }
    items[AT_BITS].near = true;
}

static void
make_rest(Item *items, const SxStatus *s)
{
    if (s->selected)
        snprintf(items[AT_SELECTED].text, ITEM_TEXT, "sel %" PRIu64, s->selected);
    snprintf(items[AT_JOB].text, ITEM_TEXT, "%s", s->job ? s->job : "");
    snprintf(items[AT_MATCH].text, ITEM_TEXT, "%s", s->match ? s->match : "");
    snprintf(items[AT_HELP].text, ITEM_TEXT, "F1 help");
    items[AT_HELP].style = SX_STYLE(STATUS_HINT);
}

/* Blanks before an item: two between words, but a full badge brings one of its own on each side. */
static unsigned
blanks_before(const Item *items, Place at, Words words)
{
    if (at == AT_MODE)
        return 0;
    if (words != FULL_WORDS || items[at].near)
        return 1;
    if (at == AT_ACCESS || at == AT_UNPROTECTED)
        return 0;
    bool behind_badge = at == AT_LINE || (at == AT_HEX && !items[AT_LINE].shown);
    return behind_badge ? 1 : 2;
}

static unsigned
cells_shown(const Item *items, Words words)
{
    unsigned sum = 0;
    for (Place at = 0; at < AT_COUNT; at++)
        if (items[at].shown)
            sum += blanks_before(items, at, words) + text_cells(items[at].text);
    return sum;
}

/* As many as fit, in the order in which they are kept; one cell at the right stays free where words stand. */
static void
choose(Item *items, unsigned width, Words words)
{
    unsigned room = words == FULL_WORDS && width ? width - 1 : width;
    for (unsigned i = 0; i < AT_COUNT; i++) {
        Item *item = &items[kept[i]];
        item->shown = item->text[0] != '\0';
        if (!item->shown || kept[i] == AT_MODE || cells_shown(items, words) <= room)
            continue;
        item->shown = false;
        return;
    }
}

void
draw_status(SxGrid *g, const SxHexLayout *l, const SxScreen *s)
{
    if (l->status_y < 0)
        return;
    Item items[AT_COUNT] = {0};
    Words words = words_for(s->width);
    make_badges(items, &s->status, words);
    if (s->hex) {
        make_place(items, &s->status);
        make_value(items, &s->status);
    }
    make_rest(items, &s->status);
    choose(items, s->width, words);
    unsigned x = 0, y = (unsigned)l->status_y;
    bool ascii = s->options && s->options->ascii;
    sx_grid_fill(g, (SxRect){0, y, g->width, 1}, ' ', SX_STYLE(STATUS));
    for (Place at = 0; at < AT_COUNT; at++) {
        if (!items[at].shown)
            continue;
        x += blanks_before(items, at, words);
        if (at == AT_HELP)
            x = s->width - 1 - text_cells(items[at].text);
        x += draw_text(g, ascii, x, y, g->width, items[at].text, SX_STYLE(STATUS) | items[at].style);
    }
}
