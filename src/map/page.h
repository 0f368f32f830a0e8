/* page.h - whole pages around an offset. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

static inline uint64_t
page_size(void)
{
    return (uint64_t)sysconf(_SC_PAGESIZE);
}

static inline uint64_t
page_down(uint64_t n)
{
    return n & ~(page_size() - 1);
}

/* Saturates at the last page boundary. */
static inline uint64_t
page_up(uint64_t n)
{
    uint64_t mask = page_size() - 1;
    return n > UINT64_MAX - mask ? ~mask : (n + mask) & ~mask;
}
