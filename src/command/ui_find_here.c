/* ui_find_here.c - * and #: what stands under the cursor, looked for again. */
#include <stdlib.h>

#include "command/ui.h"

static bool
literal_of(SxSession *s, SxSpan span, SxPattern **out, SxError *err)
{
    size_t got;
    uint8_t *bytes = malloc((size_t)span.len);
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a pattern");
    bool ok = sx_document_peek(session_document(s), span.at, bytes, (size_t)span.len, &got, err) &&
              sx_pattern_literal(out, sx_bytes(bytes, got), err);
    free(bytes);
    return ok;
}

/* * and #: the selection, else the word here */
SxExit
cmd_find_here(SxSession *s, const Args *a, SxError *err)
{
    enum { LONGEST = 64 << 10 };
    const Tab *tab = session_tab(s);
    FindWay way = a->arg[0].given ? FIND_BACKWARD : FIND_FORWARD;
    uint64_t cursor = sx_document_tell(tab->document);
    SxSpan span = tab->has_selection ? tab->selection : ui_word_at(s, cursor);
    if (span.len == 0 || span.len > LONGEST) {
        ui_sayf(s, span.len ? "the selection is longer than 64 KiB" : "no word here: v selects what to find");
        return SX_EXIT_ABSENT;
    }
    SxPattern *pattern;
    if (!literal_of(s, span, &pattern, err))
        return outcome(false, err);
    sx_pattern_release(s->pattern);
    s->pattern = pattern;
    s->backward = way == FIND_BACKWARD;
    s->ui->walk = NULL;
    ui_selection_drop(s);
    ui_find_start(s, pattern, SX_SPAN_ALL, way == FIND_FORWARD ? span.at + 1 : span.at, way, FIND_TO_GO);
    return SX_EXIT_DONE;
}
