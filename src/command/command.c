/* command.c - grows with the layer. */
#include <sextant/bytes.h>

extern const int sx_command_layer;
const int sx_command_layer = 1;
