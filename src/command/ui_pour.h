/*
 * ui_pour.h - a pipe that is looked at while it is read: a worker pours, each tick shows what has come.
 *
 * A pipe without end fills no disk: beyond the option `ahead` only what somebody asks for is read, by going to the end,
 * following, searching or counting.
 *
 * Meanwhile its document is READ, so that what still comes always belongs behind it; at its end it becomes COPY. Who makes
 * it COPY before and changes something keeps what has come until then.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/session.h>

#include "command/task.h"

typedef struct Pour {
    Task *task; /* NULL: no pipe is read */
    void *run;  /* its data */
    SxStream *stream;
    SxDocument *of;
    uint64_t limit; /* where reading waits */
    bool waits;     /* and that was said */
    char *position; /* where the user wanted to begin, when it has come; NULL: nowhere */
} Pour;

/* What +POSITION asked for is looked for at the end of the pipe; false: none is read. */
bool ui_pour_later(SxSession *s, const char *position);
bool ui_pour_on(SxSession *s); /* for the document that is shown */
/* Somebody wants what has not come yet: read on. */
void ui_pour_more(SxSession *s);
bool ui_pour_cancel(SxSession *s); /* what has come stays; false: no pipe is read for what is shown */
void ui_pour_clear(SxSession *s); /* also before its document goes */
/* Milliseconds until it wants to look again, -1: never. */
int ui_pour_tick(SxSession *s);
/* "stdin 4.2 MiB" */
const char *ui_pour_job(SxSession *s, char *buf, size_t size);
