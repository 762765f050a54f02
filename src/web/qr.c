/* The only file that includes libqrencode. */
#include "web/qr.h"

#include <qrencode.h>

bool qr_path(const char *text, struct text *path, int *size, struct fault *why)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

    if (code == NULL)
        return fail(why, BAD_VALUE, "The text is too long for a picture.");
    *size = code->width;
    for (int row = 0; row < code->width; row++) {
        for (int from = 0; from < code->width; from++) {
            int to = from;
            while (to < code->width && (code->data[row * code->width + to] & 1) != 0)
                to++;
            if (to > from) /* a run of dark squares is one bar */
                text_add_print(path, "M%d %dh%dv1h-%dz", from, row, to - from, to - from);
            from = to;
        }
    }
    QRcode_free(code);
    return true;
}
