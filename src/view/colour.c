/*
 * colour.c - from 24 bits to what a terminal has.
 *
 * The palette is xterm's: 16 colours that users redefine, a cube of 6x6x6, 24 greys.
 */
#include "view/theme.h"

static const uint32_t first16[16] = {
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static uint32_t
cube_step(uint32_t n)
{
    return n ? 55 + n * 40 : 0;
}

uint32_t
colour_rgb(uint32_t index)
{
    if (index < 16)
        return first16[index];
    if (index >= 232) {
        uint32_t grey = 8 + (index - 232) * 10;
        return grey << 16 | grey << 8 | grey;
    }
    index -= 16;
    return cube_step(index / 36) << 16 | cube_step(index / 6 % 6) << 8 | cube_step(index % 6);
}

static uint32_t
distance(uint32_t a, uint32_t b)
{
    int32_t red = (int32_t)(a >> 16 & 255) - (int32_t)(b >> 16 & 255);
    int32_t green = (int32_t)(a >> 8 & 255) - (int32_t)(b >> 8 & 255);
    int32_t blue = (int32_t)(a & 255) - (int32_t)(b & 255);
    /* the eye weighs green most, blue least */
    return (uint32_t)(3 * red * red + 6 * green * green + blue * blue);
}

uint32_t
colour_nearest(uint32_t rgb, unsigned count)
{
    uint32_t best = count > 16 ? 16 : 0;
    for (uint32_t i = best; i < count; i++)
        if (distance(rgb, colour_rgb(i)) < distance(rgb, colour_rgb(best)))
            best = i;
    return best;
}
