#include "engine/store/compression.h"

#include <zstd.h>

#include <memory>
#include <stdexcept>

#include "base/limits.h"
#include "engine/corrupt_history.h"

namespace resolute::store {
namespace {

constexpr int level = 1;  // the next ones take longer and save 1 to 3 % of a row

struct Free {
    void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
    void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::size_t checked(std::size_t result) {
    if (ZSTD_isError(result)) throw std::runtime_error(ZSTD_getErrorName(result));
    return result;
}

Owned<ZSTD_CCtx> make_compressor() {
    static Owned<ZSTD_CDict> const dictionary(
        ZSTD_createCDict(dictionary_1.data(), dictionary_1.size(), level));
    Owned<ZSTD_CCtx> context(ZSTD_createCCtx());
    if (!dictionary || !context) throw std::bad_alloc();
    checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_dictIDFlag, 0));
    checked(ZSTD_CCtx_refCDict(context.get(), dictionary.get()));
    return context;
}

Owned<ZSTD_DCtx> make_expander() {
    static Owned<ZSTD_DDict> const dictionary(
        ZSTD_createDDict(dictionary_1.data(), dictionary_1.size()));
    Owned<ZSTD_DCtx> context(ZSTD_createDCtx());
    if (!dictionary || !context) throw std::bad_alloc();
    checked(ZSTD_DCtx_refDDict(context.get(), dictionary.get()));
    return context;
}

}  // namespace

std::string compressed(std::string_view text) {
    thread_local auto const context = make_compressor();
    std::string frame(ZSTD_compressBound(text.size()), '\0');
    frame.resize(checked(
        ZSTD_compress2(context.get(), frame.data(), frame.size(), text.data(), text.size())));
    return frame;
}

std::string expanded(std::string_view frame) {
    thread_local auto const context = make_expander();
    auto const size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        throw CorruptHistory("what is compressed does not say how long it is");
    if (size > limits::history_content_bytes)
        throw CorruptHistory("what is compressed says that it is " + std::to_string(size) +
                             " bytes long");
    std::string text(size, '\0');
    auto const length =
        ZSTD_decompressDCtx(context.get(), text.data(), text.size(), frame.data(), frame.size());
    if (ZSTD_isError(length))
        throw CorruptHistory("what is compressed is damaged: " +
                             std::string(ZSTD_getErrorName(length)));
    if (length != text.size()) throw CorruptHistory("what is compressed is shorter than it says");
    return text;
}

}  // namespace resolute::store
