/*
 * ui_follow.h - F: the document grows with its file, and who stands at the end stays there, as tail -f.
 *
 * By name, what the name means counts: after a rotation the new file. By descriptor the file that is open counts, whatever
 * it is called. Who goes elsewhere looks on undisturbed; G goes on following.
 */
#pragma once

#include <sextant/session.h>

typedef struct TabFollow {
    bool on;
    bool descriptor;
    bool gone;       /* that the name means nothing now was said */
    uint64_t before; /* length before the reload that runs, for the line index; else 0 */
} TabFollow;

bool ui_follow_on(SxSession *s);
bool ui_follow_stop(SxSession *s); /* false: it was not on */
void ui_follow_look(SxSession *s); /* ask the file, take what has come */
