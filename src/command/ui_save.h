/*
 * ui_save.h - writing in the background: the plan, the questions it raises, progress, and what is said at the end.
 *
 * Editing goes on meanwhile; a write that ends within a blink is done before the next frame.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/session.h>

#include "command/task.h"

struct Tab;

typedef enum SaveThen { SAVE_THEN_STAY, SAVE_THEN_CLOSE, SAVE_THEN_QUIT } SaveThen;

typedef struct Saving {
    Task *task; /* NULL: nothing is being written */
    SxSave *save;
    struct Tab *tab;
    SxSavePlan plan;
    SaveThen then;
    char *path; /* NULL: its own file */
    unsigned stopped_at; /* per cent, when it was cancelled */
} Saving;

/* Write the document; `path` NULL: to its own file. `asked`: do not ask about cost again. */
SxExit ui_save(SxSession *s, const char *path, unsigned flags, SaveThen then, bool asked, SxError *err);
void ui_save_tick(SxSession *s);
bool ui_saving(const SxSession *s, const struct Tab *tab); /* tab NULL: any */
bool ui_save_cancel(SxSession *s);
bool ui_save_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size);
void ui_save_then(SxSession *s, struct Tab *tab, SaveThen then);
void ui_save_clear(SxSession *s);

void ui_quit(SxSession *s);
void ui_write_quit(SxSession *s);

