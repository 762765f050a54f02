/* Qr: text as a picture that a telephone reads (ISO/IEC 18004), made by libqrencode. */
#ifndef WEB_QR_H
#define WEB_QR_H

#include "base/text.h"

/*
 * Its dark squares as the path of an SVG, one unit each; *size is how many stand side by side.
 * BAD_VALUE when the text does not fit into one.
 */
bool qr_path(const char *text, struct text *path, int *size, struct fault *why);

#endif
