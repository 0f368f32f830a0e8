/* cmd_recover.c - journals that earlier sessions left: recover, journal, and what batch says of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/recover.h"

/* --- words ------------------------------------------------------------------------------------------------------------ */

const char *
waiting_time(int64_t when, char *buf, size_t size)
{
    time_t t = (time_t)when, now = time(NULL);
    struct tm then = {0}, today = {0};
    localtime_r(&t, &then);
    localtime_r(&now, &today);
    bool same = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
    if (strftime(buf, size, same ? "%H:%M" : "%d %b", &then) == 0)
        buf[0] = '\0';
    return buf;
}

const char *
waiting_words(const SxJournalInfo *info, char *buf, size_t size)
{
    char when[16];
    snprintf(buf, size, "%llu unsaved change%s of %s", (unsigned long long)info->changes, info->changes == 1 ? "" : "s",
             waiting_time(info->time, when, sizeof when));
    return buf;
}

/* --- looking ------------------------------------------------------------------------------------------------------------ */

static bool
offers(const SxJournalInfo *info, bool discarded)
{
    return info->state == SX_JOURNAL_UNSAVED || info->state == SX_JOURNAL_TORN ||
           (discarded && info->state == SX_JOURNAL_DISCARDED);
}

void
waiting_clear(SxJournalInfo *info)
{
    free(info->dir);
    free(info->path);
    *info = (SxJournalInfo){0};
}

bool
waiting_find(SxSession *s, SxDocument *d, bool discarded, SxJournalInfo *out)
{
    const char *path = sx_document_path(d);
    char *real = path ? realpath(path, NULL) : NULL;
    const char *name = real ? real : path;
    SxJournalInfo *list;
    size_t count = 0;
    bool found = false;
    if (s->options.state_dir && name && sx_journal_any(s->options.state_dir, name) &&
        sx_journal_list(s->options.state_dir, name, &list, &count, NULL)) {
        for (size_t i = 0; i < count && !found; i++) {
            found = offers(&list[i], discarded);
            if (found) {
                *out = list[i];
                list[i] = (SxJournalInfo){0};
            }
        }
        sx_journal_list_free(list, count);
    }
    free(real);
    return found;
}

/* --- batch ---------------------------------------------------------------------------------------------------------------- */

void
session_tell_waiting(SxSession *s)
{
    SxJournalInfo info;
    char words[64], when[16];
    if (s->options.recover || !waiting_find(s, session_document(s), false, &info))
        return;
    if (info.state == SX_JOURNAL_TORN)
        session_warn(s, "a write stopped half-way at %s; open it on a screen, or run recover",
                     waiting_time(info.time, when, sizeof when));
    else
        session_warn(s, "%s wait; sextant --recover brings them back", waiting_words(&info, words, sizeof words));
    waiting_clear(&info);
}

bool
sx_session_open_waiting(SxSession *s, SxError *err)
{
    SxJournalInfo *list;
    size_t count = 0;
    const SxJournalInfo *newest = NULL;
    if (!s->options.state_dir || !sx_journal_list(s->options.state_dir, NULL, &list, &count, err))
        return sx_fail(err, SX_ERR_MISSING, "no unsaved changes wait");
    for (size_t i = 0; i < count && !newest; i++)
        newest = offers(&list[i], true) ? &list[i] : NULL;
    bool done = false;
    if (!newest)
        sx_fail(err, SX_ERR_MISSING, "no unsaved changes wait");
    else if (newest->path[0])
        done = session_open(s, newest->path, newest->relation == SX_RELATION_MISSING, err);
    else
        done = sx_document_recover(session_document(s), newest->dir, SX_RECOVER_TAKE, err);
    sx_journal_list_free(list, count);
    return done;
}

/* --- the commands ----------------------------------------------------------------------------------------------------------- */

SxExit
cmd_recover(SxSession *s, const Args *a, SxError *err)
{
    SxJournalInfo info;
    SxDocument *d = session_document(s);
    (void)a;
    if (!waiting_find(s, d, true, &info)) {
        session_warn(s, "no unsaved changes wait for this file");
        return SX_EXIT_ABSENT;
    }
    bool done = sx_document_recover(d, info.dir, SX_RECOVER_TAKE, err);
    waiting_clear(&info);
    if (!done)
        return outcome(false, err);
    row_count(s, "changes", sx_document_changes(d).hunks);
    row_end(s);
    return SX_EXIT_DONE;
}

SxExit
cmd_journal(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    SxError why = {0};
    char shown[512];
    if (a->arg[0].given && !sx_document_journal_to(d, a->arg[0].word, err))
        return outcome(false, err);
    const char *dir = sx_document_journal(d);
    bool lost = sx_document_unprotected(d, &why);
    sx_text_printable(shown, sizeof shown, sx_bytes(dir ? dir : "", dir ? strlen(dir) : 0), SX_PRINTABLE_UTF8);
    row_word(s, "journal", dir ? shown : "none");
    row_word(s, "state", lost ? why.text : dir ? "protected" : s->options.state_dir ? "begins with the first edit" : "off");
    row_end(s);
    return SX_EXIT_DONE;
}
