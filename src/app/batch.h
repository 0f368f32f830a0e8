/* batch.h - without a screen: -e and -s, and the dump for pipes. */
#pragma once

#include "app/arguments.h"

/* Whether these arguments want no screen: commands are given, or stdout is no terminal. */
bool batch_wanted(const Arguments *a);
/* Run them; the exit code of the process. Starts a thread for SIGINT and progress. */
int batch_run(const Arguments *a);
