/* view.c - grows with the layer. */
#include <sextant/bytes.h>

extern const int sx_view_layer;
const int sx_view_layer = 1;
