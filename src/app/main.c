/* main.c - the program. */
#include <stdio.h>

int
main(void)
{
    puts("sextant 0.1.0");
    return 0;
}
