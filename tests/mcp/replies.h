// What a test asks of the answers of a client.
#pragma once

#include <variant>

#include "tests/catch.h"

namespace resolute::mcp {

template <class T, class Reply>
T as(Reply const& reply) {
    REQUIRE(std::holds_alternative<T>(reply));
    return std::get<T>(reply);
}

}  // namespace resolute::mcp
