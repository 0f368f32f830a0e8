/* ui_matches_row.c - see ui_matches_row.h. */
#include "command/ui_matches_row.h"

#include "command/scene.h"
#include "command/ui.h"
#include "command/ui_text.h"

enum { OTHERS = 28, LEAST = 16, MOST = 64 }; /* cells */

const SxEncoding *
match_encoding(SxSession *s, const SxPattern *p)
{
    SxPatternKind kind = sx_pattern_kind(p);
    return kind == SX_PATTERN_HEX || kind == SX_PATTERN_NUMBER ? NULL : ui_shown_encoding(s);
}

MatchRow
match_row(SxSession *s)
{
    SxPattern *p = ui_tab(s)->find.pattern;
    bool groups = !session_tab(s)->narrowed && sx_pattern_groups(p) > 0;
    unsigned width = s->ui->width, cells = width > OTHERS + LEAST ? width - OTHERS : LEAST;
    if (groups || sx_pattern_kind(p) == SX_PATTERN_NUMBER)
        cells = cells * 2 / 3;
    return (MatchRow){
        .pattern = p,
        .encoding = match_encoding(s, p),
        .groups = groups,
        .cells = cells < MOST ? cells : MOST,
    };
}

static void
add_group(const MatchRow *r, SxString *out, size_t number, SxSource *source, SxSpan span)
{
    enum { SHOWN = 24 };
    uint8_t bytes[SHOWN];
    SxSpan shown = {span.at, span.len < SHOWN ? span.len : SHOWN};
    if (shown.len > 0 && !sx_source_read(source, shown, bytes, NULL))
        return;
    sx_string_addf(out, "%s%zu=", number > 1 ? " " : "\t", number);
    scene_text(out, r->encoding, sx_bytes(bytes, (size_t)shown.len));
    sx_string_add(out, span.len > SHOWN ? ".." : "");
}

void
match_row_add_value(const MatchRow *r, SxSource *source, SxSpan match, SxString *out)
{
    SxMatch m;
    char value[32];
    uint8_t bytes[8];
    bool number = sx_pattern_kind(r->pattern) == SX_PATTERN_NUMBER && match.len <= sizeof bytes;
    if (number && sx_source_read(source, match, bytes, NULL) &&
        sx_pattern_value(r->pattern, sx_bytes(bytes, (size_t)match.len), value, sizeof value))
        sx_string_addf(out, "\t%s", value);
    if (!r->groups || sx_search_match_at(r->pattern, source, match.at, &m, NULL) != SX_FOUND)
        return;
    for (size_t g = 1; g < m.groups; g++) {
        if (m.group[g].at != UINT64_MAX)
            add_group(r, out, g, source, m.group[g]);
    }
}
