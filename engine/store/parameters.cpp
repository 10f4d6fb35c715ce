#include "engine/store/parameters.h"

namespace resolute::store {
namespace {

constexpr std::size_t array_header_bytes = 20;  // dimensions, has nulls, type, length, lower bound
constexpr std::int64_t postgres_epoch_us = 946'684'800'000'000;  // 2000-01-01T00:00:00Z

template <class Integer>
void put(std::string& to, Integer value) {
    char bytes[sizeof value];
    for (std::size_t i = 0; i < sizeof value; ++i)
        bytes[i] =
            static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * (sizeof value - 1 - i)));
    to.append(bytes, sizeof value);
}

void put_at(std::string& to, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) to[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

std::size_t width_of(Type type) {
    switch (type) {
        case Type::int2: return 2;
        case Type::int4: return 4;
        default: return 8;
    }
}

template <class Integer>
std::string as_bytes(Integer value) {
    std::string bytes;
    put(bytes, value);
    return bytes;
}

std::string_view view(Uuid const& uuid) {
    return {reinterpret_cast<char const*>(uuid.data()), uuid.size()};
}

}  // namespace

Array::Array(Type type) : type_(type), bytes_(array_header_bytes, '\0') {
    put_at(bytes_, 8, static_cast<std::uint32_t>(type));
}

void Array::begin(std::size_t length) {
    ++size_;
    put(bytes_, static_cast<std::uint32_t>(length));
}

void Array::add_text(std::string_view value) {
    begin(value.size());
    bytes_.append(value);
}

void Array::add_integer(std::int64_t value) {
    auto const width = width_of(type_);
    begin(width);
    if (width == 2)
        put(bytes_, static_cast<std::int16_t>(value));
    else if (width == 4)
        put(bytes_, static_cast<std::int32_t>(value));
    else
        put(bytes_, value);
}

void Array::add_boolean(bool value) {
    begin(1);
    bytes_.push_back(value ? 1 : 0);
}

void Array::add_time(Timestamp value) {
    begin(8);
    put(bytes_, value.microseconds - postgres_epoch_us);
}

void Array::add_uuid(Uuid const& value) { add_text(view(value)); }

void Array::add_null() {
    ++size_;
    has_null_ = true;
    put(bytes_, static_cast<std::uint32_t>(-1));
}

std::string Array::take() && {
    put_at(bytes_, 0, 1);
    put_at(bytes_, 4, has_null_ ? 1 : 0);
    put_at(bytes_, 12, static_cast<std::uint32_t>(size_));
    put_at(bytes_, 16, 1);
    return std::move(bytes_);
}

Parameters& Parameters::text(std::string_view value) {
    values_.emplace_back(value);
    return *this;
}

Parameters& Parameters::boolean(bool value) { return text(std::string(1, value ? '\1' : '\0')); }
Parameters& Parameters::int2(std::int16_t value) { return text(as_bytes(value)); }
Parameters& Parameters::int4(std::int32_t value) { return text(as_bytes(value)); }
Parameters& Parameters::int8(std::int64_t value) { return text(as_bytes(value)); }
Parameters& Parameters::time(Timestamp value) {
    return text(as_bytes(value.microseconds - postgres_epoch_us));
}
Parameters& Parameters::uuid(Uuid const& value) { return text(view(value)); }

}  // namespace resolute::store
