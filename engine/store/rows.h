// The answer of a query: cells of PostgreSQL's text format, read as the types of the engine.
//
// A value that shares the answer's memory; not thread-safe. Every reader throws CorruptHistory when
// the cell does not hold what the query promises, because only a damaged row can do that.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"

namespace resolute::store {

class Cell {
  public:
    explicit Cell(std::optional<std::string_view> text) : text_(text) {}

    bool is_null() const { return !text_; }
    std::string_view view() const { return text_.value_or(std::string_view{}); }  // "" for null
    std::string text() const { return std::string(view()); }
    std::int64_t integer() const;
    bool boolean() const { return view() == "t"; }
    Timestamp time() const;
    std::optional<Timestamp> optional_time() const;
    Uuid uuid() const;
    std::string bytes() const;  // of a bytea
    Digest digest() const;  // of a bytea of 32 bytes

  private:
    std::optional<std::string_view> text_;
};

class Rows {
  public:
    struct Answer;  // of the client library
    explicit Rows(std::shared_ptr<Answer const> answer) : answer_(std::move(answer)) {}

    std::size_t size() const;
    bool empty() const { return size() == 0; }
    std::size_t affected() const;  // rows written by the statement
    Cell at(std::size_t row, std::size_t column) const;

  private:
    std::shared_ptr<Answer const> answer_;
};

}  // namespace resolute::store
