/*
 * template.h - REPLACEMENT: what a match becomes. BYTES, or the same with parts of the match in it.
 *
 *     "\2, \1"   "[\0]"   "\{name}\x00"   { 41 \1 42 }   \1\1     \0 is the whole match, \{12} a group beyond \9
 *
 * A group that took no part in the match is empty. In here \0 is no zero byte: that is \x00.
 *
 * ownership  template_parse makes one, template_free ends it; expansions go into a buffer that the template keeps
 * threads    one at a time
 */
#pragma once

#include <sextant/expression.h>
#include <sextant/search.h>

typedef struct Template Template;

/* Read one at the beginning of `text`. errors: SX_ERR_SYNTAX with the column. */
bool template_parse(Template **out, SxBytes text, const SxScope *scope, size_t *used, SxError *err);
void template_free(Template *t); /* NULL is fine */

/* Look the groups up in the pattern and read the file that is named, if any: before the first expansion. */
bool template_bind(Template *t, const SxPattern *p, SxError *err);
bool template_has_groups(const Template *t);
/* What `match` becomes; its groups are read out of `source`. Borrowed until the next call. At most 64 MiB. */
bool template_expand(Template *t, const SxMatch *match, SxSource *source, SxBytes *out, SxError *err);
