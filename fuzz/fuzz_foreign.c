/* fuzz_foreign.c - trees of another library in a frame are a bundle that is taken, or are refused
 * with a reason.
 *
 * The input is a frame; what follows a NUL is what the library has saved. */
#include "fuzz_target.h"

#include "score/model.h"
#include "train/foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of(data, size);
    struct model *model = NULL;
    struct error err = {0};
    struct buf bundle;
    size_t end = str_find(text, 0, '\0');
    buf_init(&bundle, MODEL_LEN_MAX);
    enum status status = foreign_bundle(&bundle, str_slice(text, end < size ? end + 1 : end, size),
                                        str_slice(text, 0, end), STR("fuzzed"), &err);
    if (status == STATUS_OK) {
        status = model_read(&model, buf_str(&bundle), &err);
        CHECK(status == STATUS_OK);
        CHECK(str_eq(model->id, STR("fuzzed")));
        CHECK(model->can_score || !model->can_decide);
        model_destroy(model);
    } else {
        CHECK(bundle.len == 0);
        CHECK(err.message[0] != '\0');
    }
    buf_finish(&bundle);
    return 0;
}
