/* memory.h - what the kernel says of this program's memory. */
#pragma once

#include <stdint.h>
#include <stdio.h>

/* Anonymous memory in KiB, 0 where the kernel does not say; proc(5), smaps_rollup. */
static inline uint64_t
anonymous_kib(void)
{
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    unsigned long kib = 0;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Anonymous: %lu kB", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib;
}
