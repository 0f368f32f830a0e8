/* map.c - grows with the layer. */
#include <sextant/bytes.h>

extern const int sx_map_layer;
const int sx_map_layer = 1;
