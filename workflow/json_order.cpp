#include "workflow/json_order.h"

#include <algorithm>
#include <utility>

namespace resolute::workflow {
namespace {

int rank(Json const& value) {
    switch (value.type()) {
        case Json::value_t::boolean: return value.get<bool>() ? 2 : 1;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
        case Json::value_t::number_float: return 3;
        case Json::value_t::string: return 4;
        case Json::value_t::array: return 5;
        case Json::value_t::object: return 6;
        default: return 0;
    }
}

// Holds every integer of 64 bits and every double exactly: 64 bits of mantissa on x86, 113
// elsewhere.
long double exact(Json const& number) {
    if (number.is_number_unsigned()) return static_cast<long double>(number.get<std::uint64_t>());
    if (number.is_number_integer()) return static_cast<long double>(number.get<std::int64_t>());
    return static_cast<long double>(number.get<double>());
}

std::weak_ordering compare_numbers(Json const& a, Json const& b) {
    auto const x = exact(a);
    auto const y = exact(b);
    if (x == y) return std::weak_ordering::equivalent;
    return x < y ? std::weak_ordering::less : std::weak_ordering::greater;
}

std::weak_ordering compare_arrays(Json::array_t const& a, Json::array_t const& b) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (auto const order = compare_json(a[i], b[i]); order != 0) return order;
    return a.size() <=> b.size();
}

// First the sorted keys as a whole, then the values key by key.
std::weak_ordering compare_objects(Json::object_t const& a, Json::object_t const& b) {
    auto x = a.begin();
    auto y = b.begin();
    for (; x != a.end() && y != b.end(); ++x, ++y)
        if (auto const order = x->first.compare(y->first); order != 0) return order <=> 0;
    if (a.size() != b.size()) return a.size() <=> b.size();
    for (x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y)
        if (auto const order = compare_json(x->second, y->second); order != 0) return order;
    return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering compare_json(Json const& a, Json const& b) {
    if (rank(a) != rank(b)) return rank(a) <=> rank(b);
    if (a.is_number()) return compare_numbers(a, b);
    if (a.is_string())
        return a.get_ref<std::string const&>().compare(b.get_ref<std::string const&>()) <=> 0;
    if (a.is_array())
        return compare_arrays(a.get_ref<Json::array_t const&>(), b.get_ref<Json::array_t const&>());
    if (a.is_object())
        return compare_objects(a.get_ref<Json::object_t const&>(),
                               b.get_ref<Json::object_t const&>());
    return std::weak_ordering::equivalent;
}

}  // namespace resolute::workflow
