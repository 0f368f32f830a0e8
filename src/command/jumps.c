/* jumps.c - where the cursor was before it went far. */
#include <string.h>

#include "command/session_private.h"

static void
append(Jumps *j, uint64_t at)
{
    size_t max = sizeof j->at / sizeof *j->at;
    if (j->count == max)
        memmove(j->at, j->at + 1, --j->count * sizeof *j->at);
    j->at[j->count++] = at;
}

void
jumps_add(Jumps *j, uint64_t at)
{
    if (!j->count || j->at[j->count - 1] != at)
        append(j, at);
    j->index = j->count;
}

bool
jumps_back(Jumps *j, uint64_t cursor, uint64_t *out)
{
    if (j->index == 0)
        return false;
    if (j->index == j->count && j->at[j->count - 1] != cursor) {
        append(j, cursor); /* so that forward comes back here */
        j->index = j->count - 1;
    } else if (j->index == j->count) {
        j->index--;
    }
    if (j->index == 0)
        return false;
    *out = j->at[--j->index];
    return true;
}

bool
jumps_forward(Jumps *j, uint64_t *out)
{
    if (j->index + 1 >= j->count)
        return false;
    *out = j->at[++j->index];
    return true;
}
