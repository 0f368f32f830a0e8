/*
 * ui_watch.h - watch mode: what the screen shows is read anew at intervals, and what has changed glows for a while.
 *
 * Meanwhile the screen shows only what a worker has read (watched.h): a device or a stopped process holds up nothing, and
 * a pause keeps what is shown. An edit of one's own shows at once; it begins the watch anew.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/session.h>
#include <sextant/snapshot.h>

#include "command/task.h"
#include "command/watched.h"

enum { GLOW_BYTES = 1 << 16 };

typedef struct TabWatch {
    bool on, paused;
    Watched *watched;    /* NULL: made with the next frame */
    uint64_t generation; /* of the document that it shows */
    Task *task;          /* reads anew */
    uint64_t read;       /* when that began last */
    uint8_t *glow;       /* GLOW_BYTES, of the frame */
} TabWatch;

bool ui_watch_on(SxSession *s);
/* What has happened to the file is taken, unless paused; false: it is not watched, or is gone. */
bool ui_watch_take(SxSession *s, SxForeign kind);
bool ui_watch_stop(SxSession *s); /* false: it was not on */
void ui_watch_clear(TabWatch *w);
/* Read when it is time. Milliseconds until then, -1: never. */
int ui_watch_tick(SxSession *s);
/* "watch", "watch paused", or NULL. */
const char *ui_watch_job(SxSession *s);
/* What `snapshot`, the document's present one, shows to the screen: itself, or as it was read last. Borrowed. */
SxSource *ui_source(SxSession *s, SxSnapshot *snapshot);
Watched *ui_watched(SxSession *s, SxSnapshot *snapshot); /* NULL: it is not watched */
/* How the bytes of `view` glow, for SxHexModel; NULL: none does. */
const uint8_t *ui_watch_glow(SxSession *s, SxSpan view);
