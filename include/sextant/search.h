/*
 * search.h - patterns, and where they match: bytes, masks, text, numbers, regular expressions, over any source.
 *
 * The pattern language is one, everywhere:
 *     "text" nocase wide ascii fullword enc=NAME      text with escapes \n \t \\ \" \xNN
 *     { 7f 45 4? ?? [2-4] ( 01 | 02 ) }               hex, nibble wildcards, jumps, alternatives
 *     /regex/imsxu                                    PCRE2 over raw bytes; u: UTF-8 text
 *     !{00}   !"text"                                 where they are not: the next place that differs
 *     u32le = 0xdeadbeef   i16be in 100..200   f64le ~ 3.14 0.01     numbers, with align=N
 *     word                                            a bare word is text
 *
 * matches    the set is the leftmost non-overlapping matches from the start of the searched range: count, list, next,
 *            previous, highlight and replace agree because they all mean that set. `find` and `rfind` go by offset alone
 * answers    SX_FOUND, SX_ABSENT, SX_STOPPED (cancelled, or gave up: see SxSearchEnd), SX_FAILED. STOPPED is never
 *            "not found"
 * threads    a pattern is read-only once made; a search may run in any thread
 * signals    a cancel reaches a regex inside a match by SIGURG, whose handler is installed by the first search for one;
 *            it hands on to the one before what is not its own
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/source.h>

SX_BEGIN

typedef struct SxPattern SxPattern;

/* How the typed text is to be read. */
typedef enum SxPatternKind {
    SX_PATTERN_ANY,   /* the language above, decided by the first sign */
    SX_PATTERN_TEXT,  /* the bytes as typed, with no quotes and no escapes */
    SX_PATTERN_HEX,   /* 7f 45 4? ?? without braces */
    SX_PATTERN_REGEX, /* without slashes */
    SX_PATTERN_NUMBER,
} SxPatternKind;

typedef enum SxPatternFlags {
    SX_PATTERN_NOCASE = 1 << 0,
    SX_PATTERN_FULLWORD = 1 << 1,
    SX_PATTERN_DOTALL = 1 << 2,
    SX_PATTERN_MULTILINE = 1 << 3,
    SX_PATTERN_EXTENDED = 1 << 4,
    SX_PATTERN_UTF = 1 << 5,
    SX_PATTERN_NO_JIT = 1 << 6, /* for tests: the interpreter */
} SxPatternFlags;

/*
 * Compile `text`. errors: SX_ERR_SYNTAX with the column in `text` and a sentence that says what to do.
 */
SX_API bool sx_pattern_new(SxPattern **out, SxBytes text, SxPatternKind kind, unsigned flags, SxError *err) SX_MUST_USE;
SX_API bool sx_pattern_literal(SxPattern **out, SxBytes bytes, SxError *err) SX_MUST_USE;
/*
 * Parse a pattern of the language at the beginning of `text` and say how many bytes of it were used, so that a command
 * line can go on behind it.
 */
SX_API bool sx_pattern_parse(SxPattern **out, SxBytes text, size_t *used, SxError *err) SX_MUST_USE;
SX_API SxPattern *sx_pattern_retain(SxPattern *p);
SX_API void sx_pattern_release(SxPattern *p);
SX_API SxPatternKind sx_pattern_kind(const SxPattern *p);                 /* never ANY */
SX_API const char *sx_pattern_text(const SxPattern *p);                   /* canonical, as it may be typed again */
SX_API size_t sx_pattern_groups(const SxPattern *p);                      /* capture groups, without group 0 */
SX_API bool sx_pattern_group_named(const SxPattern *p, const char *name, size_t *index);
SX_API uint64_t sx_pattern_reach(const SxPattern *p, bool *bounded);      /* longest match, where it is bounded */
SX_API bool sx_pattern_in_line(const SxPattern *p); /* a regex that no match with a line feed (0a) in it can have */
SX_API bool sx_pattern_matches_empty(const SxPattern *p);
/* The number that `bytes`, a match of a pattern of numbers, are: "95", "-3.5", as its type reads them. false: `p` is of
 * another kind, or `bytes` are too few. */
SX_API bool sx_pattern_value(const SxPattern *p, SxBytes bytes, char *buf, size_t size);
/* The bytes, when the pattern is one row of bytes without anything open ("GNU\n", { 7f 45 }); borrowed. */
SX_API bool sx_pattern_bytes(const SxPattern *p, SxBytes *out);

enum { SX_GROUPS_MAX = 100 };

/* One match; group 0 is the whole. Groups that took no part have at == UINT64_MAX. */
typedef struct SxMatch {
    SxSpan span;
    size_t groups; /* entries used in `group`, group 0 included; 0 when not asked for */
    SxSpan group[SX_GROUPS_MAX];
} SxMatch;

/* Why a search ended that is not FOUND or ABSENT. */
typedef enum SxSearchEnd { SX_END_DONE, SX_END_CANCELLED, SX_END_GAVE_UP, SX_END_FAILED } SxSearchEnd;

/* Knobs for tests: tiny windows hit every border. 0 is the default. */
typedef struct SxSearchOptions {
    size_t window;    /* bytes read at a time */
    size_t reach;     /* how far match and look-around may go beyond a window; default 16 MiB */
    unsigned threads; /* 0: as many as cores */
    bool gather;      /* never search in place, always in gathered windows */
} SxSearchOptions;

/*
 * The lowest (find) or highest (rfind) offset in `in` at which the pattern matches wholly inside `in`.
 *
 * in         clipped to the source; SX_SPAN_ALL
 * out        set when FOUND, groups included
 * gave_up    (may be NULL) the offset where a limit was reached, when STOPPED without a cancel
 * context    look-around sees the bytes of the source outside `in`; ^ and $ mean the source's ends and its lines
 */
SX_API SxFound sx_search_find(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job,
                              SxMatch *out, uint64_t *gave_up, SxError *err);
SX_API SxFound sx_search_rfind(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job,
                               SxMatch *out, uint64_t *gave_up, SxError *err);

/* The groups of the match that begins exactly at `at`. */
SX_API SxFound sx_search_match_at(const SxPattern *p, SxSource *s, uint64_t at, SxMatch *out, SxError *err);

/*
 * Every match of the set in `in`, in order, until the callback says stop (false). Memory O(1). In this thread; workers
 * help as `threads` says. Returns FOUND when there was at least one.
 */
typedef bool SxMatchSink(void *data, const SxMatch *match);
SX_API SxFound sx_search_each(const SxPattern *p, SxSource *s, SxSpan in, bool groups, const SxSearchOptions *o,
                              SxJob *job, SxMatchSink *sink, void *data, uint64_t *gave_up, SxError *err);
SX_API SxFound sx_search_count(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job,
                               uint64_t *count, uint64_t *gave_up, SxError *err);

/* --- match sets: what a background search has found so far ------------------------------------------------------- */

/*
 * A set belongs to one pattern, one range and one generation of the document. A worker fills it; everybody may read it
 * meanwhile. Compressed: about 2.5 bytes a match.
 */
typedef struct SxMatchSet SxMatchSet;

typedef struct SxMatchSetState {
    uint64_t count;       /* matches known, all in [range.at, scanned) */
    uint64_t scanned;     /* the set is complete up to this offset */
    uint64_t read;        /* bytes looked at so far, some beyond `scanned`; holes and long runs of one byte are not */
    SxSpan range;         /* what is searched */
    SxSearchEnd end;      /* meaningful when !running */
    uint64_t gave_up;     /* offset, with SX_END_GAVE_UP */
    bool running;
    uint64_t nanoseconds; /* of searching */
} SxMatchSetState;

/* Start a set: spawns the worker, which retains pattern and source. `job` (may be NULL) outlives the set. `wake` (may
 * be NULL) is called from the worker, at most every 30 ms, at the first match and at the end. */
typedef void SxWake(void *data);
SX_API bool sx_match_set_start(SxMatchSet **out, SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o,
                               SxJob *job, SxWake *wake, void *data, SxError *err) SX_MUST_USE;
/* Cancels, waits for the worker (at most some milliseconds) and frees. */
SX_API void sx_match_set_free(SxMatchSet *set);
SX_API SxMatchSetState sx_match_set_state(const SxMatchSet *set, SxError *err); /* err: why it FAILED */
SX_API SxPattern *sx_match_set_pattern(const SxMatchSet *set);                  /* borrowed */

/* The n-th match (from 0), false when it is not known. O(log n). */
SX_API bool sx_match_set_get(const SxMatchSet *set, uint64_t n, SxSpan *out);
/* The index of the first known match that begins at or after `at` (count when none). O(log n). */
SX_API uint64_t sx_match_set_index(const SxMatchSet *set, uint64_t at);
/* The known matches that overlap `view`, in order, at most `max`; returns how many were written. */
SX_API size_t sx_match_set_in(const SxMatchSet *set, SxSpan view, SxSpan *out, size_t max);

/*
 * Provisional matches around a view that the scan has not reached: the leftmost non-overlapping ones from 64 KiB before
 * it. They bear no ordinal. Runs in this thread over bytes that are in memory, at most `budget` nanoseconds.
 */
SX_API size_t sx_search_visible(const SxPattern *p, SxSource *s, SxSpan view, uint64_t budget, SxSpan *out, size_t max);

/* The engine behind regular expressions, for people: "PCRE2 10.42 2022-12-11, JIT"; buf of 64. Returns buf. */
const char *sx_search_engine(char *buf, size_t size);

SX_END
