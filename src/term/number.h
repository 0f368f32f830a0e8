/* number.h - a number in decimal, where formatting would cost more than all else of a frame. Private to term/. */
#pragma once

#include <stddef.h>

/* At most 10 bytes, no NUL; returns how many. */
static inline size_t
put_number(char *out, unsigned n)
{
    char digits[10];
    size_t len = 0;
    do {
        digits[len++] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    for (size_t i = 0; i < len; i++)
        out[i] = digits[len - 1 - i];
    return len;
}
