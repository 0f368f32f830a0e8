/* state_dir.h - the state directory of a test: copied and removed by the shell, and the one journal in it. */
#pragma once

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "support/shell.h"

/* The one journal in `state`. */
static inline bool
find_journal(const char *state, char dir[512])
{
    DIR *d = opendir(state);
    bool found = false;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".lock")) {
            snprintf(dir, 512, "%s/%s", state, e->d_name);
            found = true;
        }
    if (d)
        closedir(d);
    return found;
}
