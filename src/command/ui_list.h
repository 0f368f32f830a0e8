/*
 * ui_list.h - lists over the view: help, palette, matches, changes, history, marks, results.
 *
 * Fixed lists have their rows made at once by `fill` and can be filtered; live ones (matches, which may be millions and
 * still grow) are asked for the rows that are shown. One list is open at a time; closing it puts the screen back.
 */
#pragma once

#include <sextant/session.h>
#include <sextant/text.h>

struct ListKind;

typedef struct ListRow {
    char *text;     /* printable, TAB between fields; a leading \x01 makes a heading */
    uint64_t value; /* the kind's own: an offset, a number */
    bool marked;
} ListRow;

typedef struct List {
    const struct ListKind *kind;
    char title[96];
    ListRow *rows;
    size_t n_rows, cap_rows;
    size_t *shown; /* indices of the rows that pass the filter */
    size_t n_shown;
    char filter[64];
    uint64_t top, current; /* among the shown */
    unsigned fit;          /* rows on the screen, known from the last frame */
    SxString *window;      /* texts of live rows */
    const char **pointers; /* for SxPopup */
    bool *marks;           /* the same */
    size_t n_window, n_pointers;
    SxPopup popup;
    char *word; /* what the list was opened with */
    void *data; /* the kind's own */
} List;

typedef struct ListKind {
    const char *title;
    const char *footer;
    const char *walk;  /* the THING that n and N go through afterwards, NULL: unchanged */
    bool strip;        /* takes the lower half of the window only */
    bool typing;       /* opens with the filter prompt */
    bool follows;      /* is filled again when the document has changed, and closed when nothing is left */
    void (*fill)(SxSession *s, List *l);                                   /* fixed */
    uint64_t (*count)(SxSession *s, List *l);                              /* live */
    void (*row)(SxSession *s, List *l, uint64_t index, SxString *out);     /* live */
    void (*enter)(SxSession *s, List *l, uint64_t value);                  /* the list closes behind it */
    bool (*key)(SxSession *s, List *l, SxKey key, uint64_t value);         /* keys of its own; may be NULL */
    /* All may be NULL: */
    void (*opened)(SxSession *s, List *l);
    void (*closed)(SxSession *s, List *l);  /* without `enter` */
    void (*freed)(List *l);
    void (*filter)(SxSession *s, List *l);  /* live: l->filter is another one */
    void (*show)(SxSession *s, List *l);    /* before each frame: the view goes along with the row */
} ListKind;

void ui_list_open(SxSession *s, const ListKind *kind, const char *word);
void ui_list_close(SxSession *s);
void ui_list_refill(SxSession *s); /* after what it shows has changed */
void ui_list_show(SxSession *s);   /* a frame is about to be made */
void ui_list_follow(SxSession *s); /* the document has changed */
void ui_list_goto(SxSession *s, List *l, uint64_t at); /* an `enter`: the value is an offset */
/* The beginning of a span in hex, as much as a row has room for so many times; `source` NULL: "?". Never waits for a
 * disk. */
void ui_add_hex(SxSession *s, SxString *out, SxSource *source, SxSpan span, unsigned times);
void ui_list_key(SxSession *s, SxKey key);
void ui_list_filter(SxSession *s, const char *text);
void ui_list_wheel(SxSession *s, int rows);
void ui_list_click(SxSession *s, unsigned index);
void ui_list_add(List *l, uint64_t value, const char *text);
void ui_list_addf(List *l, uint64_t value, const char *fmt, ...) SX_PRINTF(3, 4);
/* What the screen shows of it; borrowed until the next call. */
const SxPopup *ui_list_popup(SxSession *s, const SxScreen *screen);

/* Rows out of a text, a line each. */
void ui_list_text(SxSession *s, const char *title, const char *text);

extern const ListKind list_help, list_palette, list_keys, list_matches, list_changes, list_differences, list_history,
    list_marks, list_messages, list_facts;
