/* ui_find_here.c - * and #: what stands under the cursor, looked for again. */
#include "command/ui.h"

/* * and #: the selection, else the word here */
SxExit
cmd_find_here(SxSession *s, const Args *a, SxError *err)
{
    enum { WORD_MAX = 256 };
    const Tab *tab = session_tab(s);
    FindWay way = a->arg[0].given ? FIND_BACKWARD : FIND_FORWARD;
    uint64_t cursor = sx_document_tell(tab->document);
    SxSpan span = tab->has_selection ? tab->selection : ui_word_at(s, cursor);
    uint8_t bytes[WORD_MAX];
    size_t got;
    if (span.len == 0 || span.len > WORD_MAX) {
        ui_sayf(s, span.len ? "the selection is longer than %d bytes" : "no word here: v selects what to find", WORD_MAX);
        return SX_EXIT_ABSENT;
    }
    SxPattern *pattern;
    if (!sx_document_peek(tab->document, span.at, bytes, (size_t)span.len, &got, err) ||
        !sx_pattern_literal(&pattern, sx_bytes(bytes, got), err))
        return outcome(false, err);
    sx_pattern_release(s->pattern);
    s->pattern = pattern;
    s->backward = way == FIND_BACKWARD;
    s->ui->walk = NULL;
    ui_selection_drop(s);
    ui_find_start(s, pattern, SX_SPAN_ALL, way == FIND_FORWARD ? span.at + 1 : span.at, way, FIND_TO_GO);
    return SX_EXIT_DONE;
}
