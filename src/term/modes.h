/* modes.h - what is switched on in the terminal for us, and put back on every way out. Private to term/. */
#pragma once

#include <termios.h>

#include "term/caps.h"
#include "term/output.h"

typedef struct Modes {
    const Caps *caps;
    int in, out;
    bool mouse;
    bool saved;           /* `before` is what the terminal was */
    struct termios before;
} Modes;

/* Raw input, the other screen, marks around pastes, focus, mouse; arms sx_term_rescue. */
bool modes_enter(Modes *m, Output *o, SxError *err);
/* All of it back, and whatever a half-written frame may have left on. */
void modes_leave(Modes *m, Output *o);
void modes_mouse(Modes *m, Output *o, bool on);
