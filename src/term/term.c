/* term.c - grows with the layer. */
#include <sextant/bytes.h>

extern const int sx_term_layer;
const int sx_term_layer = 1;
