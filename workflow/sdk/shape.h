// The shape of a C++ type: one description that gives its JSON Schema, its JSON, and the reading of
// JSON that came from outside.
//
//   struct Refund { std::string id; std::int64_t amount = 0; std::optional<std::string> note; };
//   constexpr auto shape_of(Refund const*) {
//       return std::tuple(sdk::field("id", &Refund::id), sdk::field("amount", &Refund::amount),
//                         sdk::field("note", &Refund::note));
//   }
//
// Strict: a member that is missing, unknown or of another type is an error with its JSON pointer;
// an optional one may be absent or null. A type with `using open_shape = void;` in it passes over
// members that it does not know: for answers of which only a part is needed. Pure.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "base/json.h"
#include "base/payload.h"

namespace resolute::sdk {

template <class T, class M>
struct Member {
    char const* name;
    M T::* member;
};
template <class T, class M>
constexpr Member<T, M> field(char const* name, M T::* member) {
    return {name, member};
}

template <class T>
concept Shaped = requires(T const* value) { shape_of(value); };
template <class T>
concept OpenShape = Shaped<T> && requires { typename T::open_shape; };

// A value that does not have the shape: says where.
struct WrongShape : std::runtime_error {
    WrongShape(std::string const& pointer, std::string const& what)
        : std::runtime_error((pointer.empty() ? std::string("the value") : pointer) + " " + what) {}
};

namespace detail {

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;

template <class T> struct Convert;

template <>
struct Convert<Json> {
    static Json schema() { return Json::object(); }
    static Json write(Json const& value) { return value; }
    static Json read(Json const& from, std::string const&) { return from; }
};
template <>
struct Convert<Payload> {
    static Json schema() { return Json::object(); }
    static Json write(Payload const& value) { return value.json(); }
    static Payload read(Json const& from, std::string const&) { return from; }
};
template <>
struct Convert<bool> {
    static Json schema() { return {{"type", "boolean"}}; }
    static Json write(bool value) { return value; }
    static bool read(Json const& from, std::string const& pointer) {
        if (!from.is_boolean()) throw WrongShape(pointer, "must be true or false");
        return from.get<bool>();
    }
};
template <std::integral T>
struct Convert<T> {
    static Json schema() { return {{"type", "integer"}}; }
    static Json write(T value) { return value; }
    static T read(Json const& from, std::string const& pointer) {
        if (!from.is_number_integer()) throw WrongShape(pointer, "must be a whole number");
        bool const fits = from.is_number_unsigned() ? std::in_range<T>(from.get<std::uint64_t>())
                                                    : std::in_range<T>(from.get<std::int64_t>());
        if (!fits) throw WrongShape(pointer, "is a number out of range");
        return from.get<T>();
    }
};
template <std::floating_point T>
struct Convert<T> {
    static Json schema() { return {{"type", "number"}}; }
    static Json write(T value) { return value; }
    static T read(Json const& from, std::string const& pointer) {
        if (!from.is_number()) throw WrongShape(pointer, "must be a number");
        return from.get<T>();
    }
};
template <>
struct Convert<std::string> {
    static Json schema() { return {{"type", "string"}}; }
    static Json write(std::string const& value) { return value; }
    static std::string read(Json const& from, std::string const& pointer) {
        if (!from.is_string()) throw WrongShape(pointer, "must be text");
        return from.get<std::string>();
    }
};
template <class T>
struct Convert<std::optional<T>> {
    static Json schema() { return {{"anyOf", {Convert<T>::schema(), {{"type", "null"}}}}}; }
    static Json write(std::optional<T> const& value) {
        return value ? Convert<T>::write(*value) : Json();
    }
    static std::optional<T> read(Json const& from, std::string const& pointer) {
        if (from.is_null()) return std::nullopt;
        return Convert<T>::read(from, pointer);
    }
};
template <class T>
struct Convert<std::vector<T>> {
    static Json schema() { return {{"type", "array"}, {"items", Convert<T>::schema()}}; }
    static Json write(std::vector<T> const& values) {
        auto list = Json::array();
        for (auto const& value : values) list.push_back(Convert<T>::write(value));
        return list;
    }
    static std::vector<T> read(Json const& from, std::string const& pointer) {
        if (!from.is_array()) throw WrongShape(pointer, "must be a list");
        std::vector<T> values;
        for (std::size_t i = 0; i < from.size(); ++i)
            values.push_back(Convert<T>::read(from[i], pointer + "/" + std::to_string(i)));
        return values;
    }
};
template <class T>
struct Convert<std::map<std::string, T>> {
    static Json schema() {
        return {{"type", "object"}, {"additionalProperties", Convert<T>::schema()}};
    }
    static Json write(std::map<std::string, T> const& values) {
        auto map = Json::object();
        for (auto const& [key, value] : values) map[key] = Convert<T>::write(value);
        return map;
    }
    static std::map<std::string, T> read(Json const& from, std::string const& pointer) {
        if (!from.is_object()) throw WrongShape(pointer, "must be a map");
        std::map<std::string, T> values;
        for (auto const& [key, value] : from.items())
            values.emplace(key, Convert<T>::read(value, pointer + "/" + key));
        return values;
    }
};
// The results of several branches, in their order.
template <class... T>
struct Convert<std::tuple<T...>> {
    static Json write(std::tuple<T...> const& values) {
        return std::apply(
            [](auto const&... value) { return Json::array({Convert<T>::write(value)...}); },
            values);
    }
    static std::tuple<T...> read(Json const& from, std::string const& pointer) {
        if (!from.is_array() || from.size() != sizeof...(T))
            throw WrongShape(pointer, "must be a list of " + std::to_string(sizeof...(T)));
        return read_each(from, pointer, std::index_sequence_for<T...>());
    }

  private:
    template <std::size_t... I>
    static std::tuple<T...> read_each(Json const& from, std::string const& pointer,
                                      std::index_sequence<I...>) {
        return {Convert<T>::read(from[I], pointer + "/" + std::to_string(I))...};
    }
};
template <Shaped T>
struct Convert<T> {
    static constexpr auto shape = shape_of(static_cast<T const*>(nullptr));

    static Json schema() {
        Json properties = Json::object();
        auto required = Json::array();
        auto add = [&]<class M>(Member<T, M> const& field) {
            properties[field.name] = Convert<M>::schema();
            if (!is_optional<M>) required.push_back(field.name);
        };
        std::apply([&](auto const&... field) { (add(field), ...); }, shape);
        return {{"type", "object"},
                {"properties", properties},
                {"required", required},
                {"additionalProperties", OpenShape<T>}};
    }
    // What an optional does not hold is left out.
    static Json write(T const& value) {
        Json object = Json::object();
        auto add = [&]<class M>(Member<T, M> const& field) {
            auto member = Convert<M>::write(value.*field.member);
            if (!is_optional<M> || !member.is_null()) object[field.name] = std::move(member);
        };
        std::apply([&](auto const&... field) { (add(field), ...); }, shape);
        return object;
    }
    static T read(Json const& from, std::string const& pointer) {
        if (!from.is_object()) throw WrongShape(pointer, "must be a map");
        T value{};
        std::size_t found = 0;
        auto take = [&]<class M>(Member<T, M> const& field) {
            auto const member = from.find(field.name);
            if (member != from.end()) {
                ++found;
                value.*field.member = Convert<M>::read(*member, pointer + "/" + field.name);
            } else if (!is_optional<M>) {
                throw WrongShape(pointer + "/" + field.name, "is missing");
            }
        };
        std::apply([&](auto const&... field) { (take(field), ...); }, shape);
        if (!OpenShape<T> && found != from.size()) refuse_unknown(from, pointer);
        return value;
    }

  private:
    [[noreturn]] static void refuse_unknown(Json const& from, std::string const& pointer) {
        auto is_known = [](std::string const& key) {
            return std::apply([&](auto const&... field) { return ((key == field.name) || ...); },
                              shape);
        };
        for (auto const& [key, value] : from.items())
            if (!is_known(key)) throw WrongShape(pointer + "/" + key, "is not known");
        throw WrongShape(pointer, "has members that are not known");
    }
};

}  // namespace detail

template <class T>
Json schema_of() {
    return detail::Convert<T>::schema();
}
template <class T>
Json to_value(T const& value) {
    return detail::Convert<T>::write(value);
}
// Throws WrongShape.
template <class T>
T from_value(Json const& from) {
    return detail::Convert<T>::read(from, "");
}

}  // namespace resolute::sdk
