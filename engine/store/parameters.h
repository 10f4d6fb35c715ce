// Values for a prepared statement in PostgreSQL's binary format: scalars, and arrays for `unnest`.
//
// Plain values; not thread-safe. The statement names the types (`$1::uuid[]`), so a parameter must
// be built with the type that its statement says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"

namespace resolute::store {

enum class Type : std::uint32_t {  // PostgreSQL's object ids of its built-in types
    boolean = 16,
    bytes = 17,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    text = 25,
    time = 1184,
    uuid = 2950
};

// One array parameter, built element by element.
class Array {
  public:
    explicit Array(Type type);

    void add_text(std::string_view value);    // of texts and of bytes
    void add_integer(std::int64_t value);     // of int2, int4 and int8
    void add_boolean(bool value);
    void add_time(Timestamp value);
    void add_uuid(Uuid const& value);
    void add_null();
    void add(std::optional<Timestamp> const& value) { value ? add_time(*value) : add_null(); }
    void add_text_or_null(std::string_view value) { value.empty() ? add_null() : add_text(value); }

    std::size_t size() const { return size_; }
    std::string take() &&;                    // after the last add

  private:
    void begin(std::size_t length);

    Type type_;
    std::size_t size_ = 0;
    bool has_null_ = false;
    std::string bytes_;
};

class Parameters {
  public:
    Parameters& text(std::string_view value);
    Parameters& bytes(std::string_view value) { return text(value); }
    Parameters& boolean(bool value);
    Parameters& int2(std::int16_t value);
    Parameters& int4(std::int32_t value);
    Parameters& int8(std::int64_t value);
    Parameters& time(Timestamp value);
    Parameters& uuid(Uuid const& value);
    Parameters& array(Array value) {
        values_.push_back(std::move(value).take());
        return *this;
    }

    std::vector<std::string> const& values() const { return values_; }

  private:
    std::vector<std::string> values_;
};

}  // namespace resolute::store
