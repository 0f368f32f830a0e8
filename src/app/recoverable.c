/* recoverable.c - what a crash, or a discard, left in the state directory. */
#include "app/recoverable.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sextant/recovery.h>
#include <sextant/session.h>
#include <sextant/text.h>

#include "app/paths.h"

enum { PATH_SIZE = 4096 };

static const char *
word_of(SxJournalState state)
{
    switch (state) {
    case SX_JOURNAL_UNSAVED: return "unsaved";
    case SX_JOURNAL_TORN: return "torn";
    case SX_JOURNAL_DISCARDED: return "discarded";
    case SX_JOURNAL_BROKEN: return "broken";
    case SX_JOURNAL_HISTORY:
    case SX_JOURNAL_LIVE: break;
    }
    return NULL;
}

static void
print(const SxJournalInfo *info)
{
    char path[4 * PATH_SIZE], when[32] = "";
    time_t t = (time_t)info->time;
    struct tm tm;
    sx_text_printable(path, sizeof path, sx_bytes(info->path, strlen(info->path)), SX_PRINTABLE_UTF8);
    if (gmtime_r(&t, &tm))
        (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
    (void)printf("%s\t%s\t%llu\t%s\n", path[0] ? path : "-", when, (unsigned long long)info->changes, word_of(info->state));
    if (info->state == SX_JOURNAL_BROKEN)
        (void)fprintf(stderr, "sextant: %s: %s\n", info->dir, info->why.text);
}

int
recoverable_list(void)
{
    char state[PATH_SIZE];
    SxJournalInfo *list = NULL;
    size_t count = 0;
    SxError err = {0};
    int code = SX_EXIT_ABSENT;
    if (path_state(state, sizeof state) && !sx_journal_list(state, NULL, &list, &count, &err)) {
        (void)fprintf(stderr, "sextant: %s\n", err.text);
        return SX_EXIT_FAILED;
    }
    for (size_t i = 0; i < count; i++) {
        if (!word_of(list[i].state))
            continue;
        print(&list[i]);
        code = SX_EXIT_DONE;
    }
    sx_journal_list_free(list, count);
    return code;
}
