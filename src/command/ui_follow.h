/*
 * ui_follow.h - F: the document grows with its file, and who stands at the end stays there, as tail -f.
 *
 * By name, what the name means counts: after a rotation the new file. By descriptor the file that is open counts, whatever
 * it is called. Who goes elsewhere looks on undisturbed; G goes on following.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/session.h>

typedef struct TabFollow {
    bool on;
    bool descriptor;
    uint64_t end;    /* where the cursor was put, at the end */
    bool gone;       /* that the name means nothing now was said */
    bool grows;      /* the reload that runs only adds to the end */
} TabFollow;

bool ui_follow_on(SxSession *s);
bool ui_follow_at_end(SxSession *s); /* it is on, and the cursor in the last row */
void ui_follow_to_end(SxSession *s);
bool ui_follow_stop(SxSession *s); /* false: it was not on */
/* What has happened to the file is taken, when it is followed; false: it is not. */
bool ui_follow_take(SxSession *s, SxForeign kind);
/* The file as it is now, longer, shorter or another one: `doing` ("following") goes on with it. false: it cannot, and
 * that was said. */
bool ui_follow_reload(SxSession *s, SxForeign kind, const char *doing);
