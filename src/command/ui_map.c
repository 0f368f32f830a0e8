/* ui_map.c - what the map of the file shows beside changes and matches. */
#include <string.h>

#include "command/ui.h"

void
ui_map_fill(SxSession *s, char *map, unsigned rows, uint64_t length)
{
    (void)s, (void)length;
    memset(map, '|', rows);
}
