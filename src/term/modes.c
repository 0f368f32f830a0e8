/*
 * modes.c - the terminal's modes, on and off.
 *
 * The bytes that put everything back are made when it is entered and kept where a signal handler finds them: it may
 * only write them and call tcsetattr. That is the one file-static state of this layer, and it is for the handler.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sextant/term.h>

#include "term/modes.h"

enum { RESCUE_MAX = 512 };

static struct {
    atomic_bool armed; /* what stands below is whole; the handler takes it once */
    int in, out;
    struct termios before;
    char bytes[RESCUE_MAX];
    size_t len;
} rescue;

static const char mouse_on[] = "\033[?1002h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1002l";
/* Bracketed paste, focus, and no reordering of right-to-left letters (ECMA-48, BDSM): a cell is where we put it. */
static const char extras_on[] = "\033[?2004h\033[?1004h\033[8l", extras_off[] = "\033[8h\033[?1004l\033[?2004l";

static bool
has_mouse(const Caps *c)
{
    return c->ansi && !c->console;
}

/* Undone in the reverse order of doing. A frame may have been cut off in the middle: synchronized, scrolling. */
static void
leaving_bytes(const Caps *c, Output *o)
{
    if (c->ansi) {
        output_text(o, "\033[?2026l");
        if (has_mouse(c))
            output_text(o, mouse_off);
        output_text(o, extras_off);
    }
    output_text(o, c->strings[CAP_PLAIN]);
    if (c->scroll)
        output_text(o, "\033[r");
    if (c->shape)
        output_text(o, "\033[0 q"); /* as the user has set it; terminfo's Se says block, whatever it was */
    output_text(o, c->strings[CAP_KEYPAD_OFF]);
    output_text(o, c->strings[CAP_SHOW]);
    if (c->strings[CAP_LEAVE][0]) {
        output_text(o, c->strings[CAP_LEAVE]);
    } else {
        /* no other screen to go back to: leave this one clean */
        output_text(o, c->strings[CAP_CLEAR]);
    }
}

static void
arm(const Modes *m)
{
    Output o = {0};
    leaving_bytes(m->caps, &o);
    atomic_exchange(&rescue.armed, false); /* not a store: nothing below may move before it */
    rescue.len = o.len < RESCUE_MAX ? o.len : 0;
    if (rescue.len)
        memcpy(rescue.bytes, o.data, rescue.len);
    rescue.in = m->in;
    rescue.out = m->out;
    rescue.before = m->before;
    atomic_store(&rescue.armed, true);
    output_clear(&o);
}

void
sx_term_rescue(void)
{
    int keep = errno;
    if (!atomic_exchange(&rescue.armed, false))
        return;
    for (size_t done = 0; done < rescue.len;) {
        ssize_t n = write(rescue.out, rescue.bytes + done, rescue.len - done);
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    tcsetattr(rescue.in, TCSANOW, &rescue.before);
    errno = keep;
}

/* As cfmakeraw, but VMIN and VTIME said, and eight bits left as they are. ISIG off: C-c is a key. */
static bool
make_raw(int fd, const struct termios *before)
{
    struct termios raw = *before;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | ISTRIP | IXON | IXOFF | PARMRK);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(fd, TCSANOW, &raw) == 0;
}

bool
modes_enter(Modes *m, Output *o, SxError *err)
{
    const Caps *c = m->caps;
    if (tcgetattr(m->in, &m->before) != 0)
        return sx_fail_errno(err, errno, "cannot read the terminal's modes");
    m->saved = true;
    arm(m);
    if (!make_raw(m->in, &m->before)) {
        atomic_store(&rescue.armed, false);
        return sx_fail_errno(err, errno, "cannot set the terminal's modes");
    }
    output_text(o, c->strings[CAP_ENTER]);
    output_text(o, c->strings[CAP_KEYPAD_ON]);
    if (c->ansi)
        output_text(o, extras_on);
    if (m->mouse && has_mouse(c))
        output_text(o, mouse_on);
    return true;
}

void
modes_leave(Modes *m, Output *o)
{
    if (!m->saved)
        return;
    leaving_bytes(m->caps, o);
    output_flush(o, m->out);
    tcsetattr(m->in, TCSANOW, &m->before); /* not TCSADRAIN, which waits for a line that may have stopped */
    atomic_store(&rescue.armed, false);
    m->saved = false;
}

void
modes_mouse(Modes *m, Output *o, bool on)
{
    if (m->mouse == on)
        return;
    m->mouse = on;
    if (has_mouse(m->caps))
        output_text(o, on ? mouse_on : mouse_off);
}
