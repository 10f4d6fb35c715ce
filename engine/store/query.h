// A statement by its name: SQL lives in .sql files that the build embeds, never in C++ strings.
#pragma once

#include <string_view>

namespace resolute::store {

struct Query {
    std::string_view name;  // the file's name without folder and ending
    std::string_view sql;
};

}  // namespace resolute::store
