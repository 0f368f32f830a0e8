/*
 * rarity.c - the frequencies that searches choose by: guesses, good enough to tell a rare byte from a common one.
 */
#include "search/rarity.h"

#include <string.h>

unsigned
byte_often(uint8_t b)
{
    static const char often[] = " etaoinsrhldcu";
    if (b == 0x00)
        return 1000;
    if (b == 0xff)
        return 90;
    if (b < 0x80 && strchr(often, b))
        return 100;
    if (b >= 'a' && b <= 'z')
        return 40;
    if (b >= '0' && b <= '9')
        return 60;
    if (b == '\n' || b == '.' || b == '_' || b == '/' || (b > 0 && b <= 8))
        return 50;
    return b >= 0x80 ? 12 : 16;
}

unsigned
set_often(const ByteSet *s)
{
    unsigned sum = 0;
    for (unsigned b = 0; b < 256; b++)
        if (set_has(s, (uint8_t)b))
            sum += byte_often((uint8_t)b);
    return sum;
}
