/*
 * ui.h - the interactive part of a session: what it keeps, and how its files call each other.
 *
 * An event goes to the topmost layer that wants it: question, prompt, list, half-typed keys, the mode. A key in a mode
 * becomes a command line and runs through the same table as everything else; what a command left behind (cursor moved,
 * bytes changed) is made good in one place, ui_settle. ui_screen.c describes the result. Nothing here waits for a disk:
 * what may wait runs as a Task.
 *
 * units      times are milliseconds of CLOCK_MONOTONIC
 * threads    the session's thread
 */
#pragma once

#include <sextant/recovery.h>
#include <sextant/session.h>

#include "command/keymap.h"
#include "command/session_private.h"
#include "command/ui_ask.h"
#include "command/ui_find.h"
#include "command/ui_foreign.h"
#include "command/ui_filter.h"
#include "command/ui_follow.h"
#include "command/ui_lines.h"
#include "command/ui_list.h"
#include "command/ui_load.h"
#include "command/ui_options.h"
#include "command/ui_pour.h"
#include "command/ui_prompt.h"
#include "command/ui_replace.h"
#include "command/ui_save.h"
#include "command/ui_text.h"
#include "command/ui_watch.h"

/* What the next key is, when it is not a command. */
typedef enum Await {
    AWAIT_NONE,
    AWAIT_COMMAND,  /* a character that ends ui->input.line: the mark of m, the register of " */
    AWAIT_REGISTER,
    AWAIT_LITERAL,  /* C-v: the key as it is */
    AWAIT_BYTE,     /* r: one byte over */
    AWAIT_FILL,     /* r in SELECT: the byte that fills */
    AWAIT_DROP,     /* behind O, a torn key: dropped */
    AWAIT_TORN,     /* behind [: dropped up to a capital letter, ~ or a pause */
} Await;

typedef struct UiInput {
    Sequence pending; /* keys that may become a command */
    uint64_t since;   /* when the last of them came */
    uint64_t count;
    bool has_count;
    Await await;
    const char *line; /* AWAIT_COMMAND: the command that waits for its character */
    bool has_nibble;  /* AWAIT_BYTE, AWAIT_FILL in the hex column */
    uint8_t nibble;
} UiInput;

typedef enum SelectShape { SELECT_BYTES, SELECT_ROWS, SELECT_RECTANGLE } SelectShape;

/* What a document has on the screen. */
struct UiTab {
    SxMode mode;
    uint64_t top;      /* first byte of the first row */
    uint64_t top_beside; /* of the other view, while both are shown */
    bool text_column;  /* typing goes there */
    uint64_t anchor;   /* SELECT: where it began */
    SelectShape shape;
    uint64_t rect_a, rect_b; /* corners, of the last time SELECT moved */
    bool has_last;           /* for gv */
    SelectShape last_shape;
    uint64_t last_anchor, last_cursor;
    SxHalf half;       /* one digit of a byte is typed */
    bool low;          /* COPY: the next digit is the low half of the byte here */
    SxString typed, typed_over; /* typed in this run, and what it covered */
    uint64_t typed_at; /* where the cursor stood after the last typed key */
    uint64_t generation;  /* of the document when ui_settle last looked */
    uint64_t cursor;      /* the same */
    bool insert_warned;   /* M7 was said */
    uint64_t drag_from;
    SxSnapshot *frame;    /* what the screen shows; replaced each frame */
    TextTab text;
    TabLines lines;
    TabFilter filter;
    TabFollow follow;
    TabWatch watch;
    Find find;
    Seen seen;
    Differences differences;
};

enum { MESSAGES_KEPT = 100, HINTS_UNTIL = 10 };

typedef struct UiMessage {
    char *text; /* NULL: none */
    bool bad;
} UiMessage;

enum { BUSY_AHEAD = 256 };

/* A command that runs in a worker, which has the session meanwhile. */
typedef struct Busy {
    Task *task; /* NULL: nothing runs */
    void *run;  /* its data */
    char name[32];
    uint64_t began, cancelled; /* when; 0: not */
    bool abandoned;            /* leave although it does not end */
    bool unasked;              /* by the user: Esc is no cancel of it */
    SxKey ahead[BUSY_AHEAD];   /* typed meanwhile */
    size_t n_ahead;
    SxSnapshot *frame;         /* what the last frame shows */
    SxScreen screen;
    char line[160];
} Busy;

struct Ui {
    unsigned width, height;
    Keymap *keymap; /* NULL until the first key */
    char *preset;
    SxTheme *theme;
    char theme_name[32];
    SxColourDepth depth;
    Options options;
    SxString user_bindings; /* of the configuration, a line each, until the keymap is made */

    UiInput input;
    Prompt prompt;
    Histories histories;
    Question question;
    List *list; /* NULL: none is open */
    struct Replacing *replacing; /* waits for its next match, or for what it started; NULL: nothing does */
    const char *walk; /* the THING that n and N go through, NULL: matches */
    struct FindOffer *offer; /* after a miss; NULL: none */

    UiMessage said[MESSAGES_KEPT]; /* a ring, for gl */
    size_t n_said;                 /* ever */
    uint64_t said_at;
    bool said_visible;  /* the newest is on the message line */
    SxString results;   /* lines that a command printed */
    size_t n_results;
    unsigned commands_used; /* different ones, up to HINTS_UNTIL */
    uint64_t used_ids[4];   /* a bit per command, for counting them */
    bool welcome;           /* no key was pressed yet, but for answers */
    bool drag_said;
    char line_buf[400];     /* the message line */
    const SxEncoding *encoding; /* NULL: as each document looks */
    uint64_t event_at;    /* milliseconds: when the last key or the like came */
    SxText *text;         /* rows of the text view, for commands */
    SxSnapshot *text_of;  /* what it reads */
    SxTextShape text_shape; /* and how; both hold until text_stale: bytes may have come or changed meanwhile */
    const Tab *text_tab; /* only compared */
    bool text_stale;
    uint8_t *peeked;        /* for ui_peek and the frame */
    size_t cap_peeked;

    Loader loader;
    Saving saving;
    Pour pour;
    Busy busy;

    SxNotice *notice;     /* of the files of all tabs; NULL: nobody was asked about yet */
    uint64_t notices;     /* ids given out */
    uint64_t noticed_at;  /* when it was last asked what has happened */

    bool looked_around; /* ui_around_tick has */
    Task *looking;      /* it does now */
    struct Around *around; /* its data, the task's */
    uint64_t typed_at; /* when bytes were typed last */
    uint64_t look_at;

    bool wish_suspend, wish_redraw, wish_mouse;
    SxString clipboard; /* text that waits for the terminal */
    bool wish_clipboard;
    SxString suspend_text;
    bool ended;
    SxExit code;
    SxString farewell;

    /* The description of the frame, borrowed by the caller. */
    SxScreen screen;
    struct Frame *frame;
};

uint64_t ui_now(void);

static inline struct UiTab *
ui_tab(SxSession *s)
{
    return session_tab(s)->ui;
}

/* --- ui.c: events ------------------------------------------------------------------------------------------------- */

/* Run a command line as if it had been typed at `:`; says what failed. */
SxExit ui_run(SxSession *s, const char *line);
/* After anything that may have moved the cursor or changed bytes: clamp, extend the selection, scroll. */
void ui_settle(SxSession *s);
void ui_escape(SxSession *s);       /* take off one layer */
bool ui_escape_takes(SxSession *s); /* whether there is one */
void ui_cancel(SxSession *s);       /* C-c: stop the newest job, else as Esc */
void ui_shift(uint64_t *at, const SxChange *change);

/* A command line has run: show what it printed, see whether it ended the session. */
void ui_ran(SxSession *s);

/* --- ui_busy.c: commands that last -------------------------------------------------------------------------------- */

bool ui_may_last(const char *line);
SxExit ui_busy_run(SxSession *s, const char *line);
void ui_busy_unasked(SxSession *s, const char *line); /* keys wait for its end, and then do what they always do */
bool ui_busy_tick(SxSession *s);  /* still busy? */
void ui_busy_event(SxSession *s, const SxEvent *event);
const SxScreen *ui_busy_screen(SxSession *s, unsigned width, unsigned height);

/* --- ui_keys.c: keys in a mode -------------------------------------------------------------------------------------- */

Keymap *ui_keymap(SxSession *s); /* made at the first need; NULL: no memory */
bool keymap_modeless_now(SxSession *s);
bool keymap_taken(SxSession *s, SxKey key, const char *standard); /* bound to something else than usual */
bool ui_sequence_goes_on(SxSession *s, SxKey key);                 /* the key means something behind those typed */
void ui_mode_key(SxSession *s, SxKey key);
void ui_input_clear(SxSession *s);
bool ui_input_waits(const SxSession *s); /* a half-typed key or count */
int ui_input_left(SxSession *s);         /* milliseconds until the strip of hints is due, -1: never */
bool ui_input_hints(SxSession *s);
void ui_hints_fill(SxSession *s, List *l);

/* --- ui_mouse.c, ui_paste.c ------------------------------------------------------------------------------------------ */

void ui_mouse(SxSession *s, const SxEvent *event);
void ui_paste(SxSession *s, SxBytes text);

/* --- ui_mode.c, ui_type.c ------------------------------------------------------------------------------------------ */

void ui_mode_set(SxSession *s, SxMode mode);
int ui_gathered_tick(SxSession *s); /* milliseconds until it is worth asking again, -1: not soon */
bool ui_may_edit(SxSession *s);                  /* false: READ, and M16 was said */
void ui_typing_break(SxSession *s);              /* what is typed from here on is a step of its own */
void ui_type(SxSession *s, SxKey key);           /* a printing key in OVERWRITE or INSERT */
void ui_type_bytes(SxSession *s, SxBytes bytes); /* over or in, by mode */
bool ui_half_drop(SxSession *s, bool say);       /* a half-typed byte is dropped; false: there was none */
void ui_await_key(SxSession *s, SxKey key);
size_t ui_key_bytes(SxKey key, uint8_t out[4]);  /* what a key types, 0: nothing */

/* --- ui_select.c, ui_rectangle.c ------------------------------------------------------------------------------------- */

void ui_select_update(SxSession *s);
bool ui_selection_drop(SxSession *s); /* false: nothing was selected */
SxSpan ui_rectangle(SxSession *s);    /* its columns; len 0: none */
SxExit ui_rectangle_command(SxSession *s, const Command *c, const Args *a, SxError *err); /* copy, cut */
SxExit ui_rectangle_fill(SxSession *s, SxBytes pattern, SxError *err);

/* --- ui_view.c: geometry -------------------------------------------------------------------------------------------- */

void ui_layout(SxSession *s, SxHexLayout *out);
void ui_layout_of(SxSession *s, bool text, SxHexLayout *out); /* of one of the views */
bool ui_beside(SxSession *s); /* both are shown */
/* What follows is about the other of the two views, until it is called again: geometry, not what keys do. */
void ui_beside_turn(SxSession *s);
void ui_hex_options(SxSession *s, SxHexOptions *out);
uint64_t ui_last(SxSession *s); /* the last place where a motion may lead in this mode */
uint64_t ui_row(SxSession *s, uint64_t at);
uint64_t ui_rows_between(SxSession *s, uint64_t a, uint64_t b); /* a <= b; counted no further than two windows */
uint64_t ui_rows_from(SxSession *s, uint64_t row, int64_t rows);
void ui_top_set(SxSession *s, uint64_t top);
void ui_show_cursor(SxSession *s);
void ui_show_centred(SxSession *s);
/* Where `at` stands in its row, in bytes or cells, and what stands there in the row at `row`. */
uint64_t ui_column(SxSession *s, uint64_t at);
uint64_t ui_place(SxSession *s, uint64_t row, uint64_t column);

/* --- ui_screen.c, ui_map.c ---------------------------------------------------------------------------------------------- */

struct Frame;
void ui_frame_free(struct Frame *f);
/* Bytes that are in memory now, valid until the next call; false when one of them is not. */
bool ui_peek(SxSession *s, SxSpan span, uint8_t **bytes);
void ui_map_fill(SxSession *s, char *map, unsigned rows, uint64_t length);

/* --- ui_words.c -------------------------------------------------------------------------------------------------------- */

SxSpan ui_word_at(SxSession *s, uint64_t at); /* len 0: none */
uint64_t ui_word_step(SxSession *s, uint64_t at, bool right); /* where the next word begins, or the one before */

/* --- ui_message.c ---------------------------------------------------------------------------------------------------- */

void ui_say(SxSession *s, bool bad, const char *text);
void ui_sayf(SxSession *s, const char *fmt, ...) SX_PRINTF(2, 3);
void ui_badf(SxSession *s, const char *fmt, ...) SX_PRINTF(2, 3);
void ui_unsay(SxSession *s); /* the newest message gives way to a better one */
void ui_message_touch(SxSession *s); /* a key came: an old message goes */
int ui_message_left(SxSession *s);   /* milliseconds until it goes by itself, -1: never */
void ui_result(SxSession *s, const char *line);
void ui_results_show(SxSession *s);
/* The name of the document, printable, cut for messages. */
const char *ui_name(const Tab *tab, char *buf, size_t size);
/* The message line of this moment. */
void ui_line(SxSession *s, SxLine *out);

/* --- prompts and lists ------------------------------------------------------------------------------------------------- */

void ui_goto_open(SxSession *s);
bool ui_complete_on(SxSession *s);
void ui_complete_fill(SxSession *s, List *l);
/* The keys that stand for a command in the preset that is used: "gg, <, C-Home". */
void ui_keys_of(SxSession *s, const Command *c, char *buf, size_t size);

/* --- ui_options.c -------------------------------------------------------------------------------------------------------- */

void ui_option_print(SxSession *s, const OptionInfo *info, char *buf, size_t size);
bool ui_bind(SxSession *s, const char *text, SxError *err); /* KEY COMMAND */
void ui_bindings_apply(SxSession *s);
void ui_hints_load(SxSession *s);
void ui_hints_save(SxSession *s);

/* --- commands taken over from the part without a screen -------------------------------------------------------------- */

bool ui_take_over(SxSession *s, const Command *c, const Args *a, SxExit *out, SxError *err);
void ui_clipboard(SxSession *s, const char *done);
void ui_access_set(SxSession *s, SxAccess access, bool force);
bool ui_close_asks(SxSession *s);
void ui_suspend(SxSession *s);

/* --- ui_recover.c: what earlier sessions left ---------------------------------------------------------------------------- */

/* When the document is shown for the first time: M19, M20, M5. */
void ui_recover_offer(SxSession *s);
/* What was asked for, `info` is taken. */
void ui_recover(SxSession *s, SxJournalInfo *info);
SxExit ui_recover_command(SxSession *s);
/* M26; false: nothing is asked, so do it. */
bool ui_undo_asks(SxSession *s, const Args *a, bool redo);
void ui_protection_tell(SxSession *s);

/* --- ui_around.c: what they left of other files -------------------------------------------------------------------------- */

/* Once, when the first frames are out: old journals go, and a write that was cut off is named whatever file is open.
 * Milliseconds until then, -1: done, or it wakes. */
int ui_around_tick(SxSession *s);
void ui_around_clear(SxSession *s);
