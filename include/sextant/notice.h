/*
 * notice.h - being told that a file has changed, where the system tells (inotify).
 *
 * One descriptor for the event loop, any number of files. What happened is not said, only to whom: the file was written,
 * cut, renamed, removed, given other attributes, or its name was given to another one. Who is told looks at it. Stores
 * through a mapping raise no event, servers tell nothing of what other machines do: so who must know asks now and then
 * all the same.
 *
 * ownership  counted; whoever looks a path up may hang in a dead server, and holds it meanwhile
 * threads    every call from any thread
 * see        inotify(7); elsewhere, and where the system has no more watches to give, nobody is told anything
 */
#pragma once

#include <sextant/bytes.h>

SX_BEGIN

typedef struct SxNotice SxNotice;

SxNotice *sx_notice_new(void); /* one count is yours; NULL: no memory */
SxNotice *sx_notice_retain(SxNotice *n);
void sx_notice_release(SxNotice *n); /* NULL is fine */

/* Readable when something has happened; -1: that is never told. */
int sx_notice_fd(const SxNotice *n);

/* From now on tell of what `path` names, and of the name itself. Again for the same id: what it names by now. May wait,
 * as long as a server likes. */
void sx_notice_watch(SxNotice *n, uint64_t id, const char *path); /* id > 0 */
void sx_notice_unwatch(SxNotice *n, uint64_t id);

/* The next file to which something has happened, or 0: to one beside it; false: no more. Never waits. */
bool sx_notice_next(SxNotice *n, uint64_t *id);

SX_END
