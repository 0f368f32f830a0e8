/*
 * ui_replace.h - replacing with a question for each place (M32): the next matches are shown as they are and as they
 * would be, and the answers together are one step for undo.
 */
#pragma once

#include <sextant/search.h>
#include <sextant/session.h>

typedef struct Args Args;

/* `replace` on the screen: look for the first match, then ask. */
SxExit ui_replace(SxSession *s, const Args *a, SxError *err);
/* The search that it waits for has ended. `match` is set when it was FOUND. */
void ui_replace_found(SxSession *s, SxFound found, const SxMatch *match);
void ui_replace_ran(SxSession *s);   /* a command line has */
void ui_replace_clear(SxSession *s); /* what waits is given up, what was replaced stays */
/* `gr`: the command line with the last pattern in it. */
void ui_replace_prompt(SxSession *s);
