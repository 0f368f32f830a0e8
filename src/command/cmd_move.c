/* cmd_move.c - the handlers of commands_move.def. */
#include "command/session_private.h"

SxExit
cmd_goto(SxSession *s, const Args *a, SxError *err)
{
    return outcome(session_goto(s, a->arg[0].offset, err), err);
}
