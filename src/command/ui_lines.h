/*
 * ui_lines.h - the line index of a document on the screen: counted in the background, right after edits, asked for each
 * frame.
 *
 * Counting that nobody asked for ends after some bytes, and never begins on devices; `line N` asks for all.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/line_index.h>
#include <sextant/session.h>

#include "command/args.h"
#include "command/task.h"

typedef struct TabLines {
    SxLineIndex *index; /* NULL: nobody has asked yet */
    SxLinePass *pass;   /* that runs, or has run: to be taken over */
    Task *task;
    bool asked;         /* count all of it */
    bool capped;        /* it ended at the limit */
    uint64_t want;      /* the line that was asked for, when only an estimate could be shown; 0: none */
    uint64_t want_at;   /* where the cursor was put meanwhile */
    uint64_t want_from; /* and where it came from: there it goes back when there is no such line */
} TabLines;

void ui_lines_begin(SxSession *s); /* lines are about to be shown, and the number of the cursor's */
void ui_lines_tick(SxSession *s);
int ui_lines_due(SxSession *s); /* milliseconds until the next tick, -1: none is wanted */
void ui_lines_change(TabLines *t, const SxChange *change);
void ui_lines_clear(TabLines *t);

SxLineAt ui_lines_line(SxSession *s, uint64_t at);
SxLineAt ui_lines_total(SxSession *s);
SxExit ui_lines_goto(SxSession *s, uint64_t line, SxError *err);
SxExit ui_lines_command(SxSession *s, const Args *a, SxError *err); /* line N */
