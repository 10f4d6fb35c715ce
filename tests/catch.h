// Catch2 under one name: Debian 12 ships version 2, Debian 13 version 3, and tests should not care.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(std::string const& part) { return Catch::Matchers::Contains(part); }
#endif
