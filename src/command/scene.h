/*
 * scene.h - bytes as a line of text, for lists: "before[match]behind", in the encoding that the view shows, or "64 [00]".
 *
 * What has no shape of its own (controls, combining and bidirectional signs, bytes that are no character) stands as one
 * full stop a byte, so nothing in it moves what stands beside it. Pure functions, for any thread.
 */
#pragma once

#include <sextant/encoding.h>
#include <sextant/text.h>

/* `e` NULL, here and below: bytes as two digits each, with blanks between. */
void scene_text(SxString *out, const SxEncoding *e, SxBytes bytes);
/* `bytes` lie at `of`; what of `match` is in them stands in brackets, open where it goes on behind them. */
void scene_match(SxString *out, const SxEncoding *e, SxBytes bytes, SxSpan of, SxSpan match);
/* The bytes that a scene of so many cells needs, a fifth of them before the match; begins where a unit of `e` does. */
SxSpan scene_around(const SxEncoding *e, SxSpan match, uint64_t length, unsigned cells);
