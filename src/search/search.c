/* search.c - grows with the layer. */
#include <sextant/bytes.h>

extern const int sx_search_layer;
const int sx_search_layer = 1;
