// Random expressions and random values to evaluate them on.
//
// The same seed gives the same sequence with every compiler: whatever draws stands in a braced
// list, whose elements are evaluated in order.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/random.h"

namespace resolute::workflow {

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seeded_random(seed)) {}

    // Expressions of the part of jq that is evaluated natively; not all of them are valid jq.
    std::string native(int depth) {
        if (depth <= 0) return pick({literal(), path(), path()});
        auto sub = [&] { return native(depth - 1); };
        switch (random_->below(14)) {
            case 0: return literal();
            case 1: return path();
            case 2:
                return all({sub(), pick({" == ", " != ", " < ", " <= ", " > ", " >= "}), sub()});
            case 3: return all({sub(), pick({" and ", " or "}), sub()});
            case 4: return all({sub(), " // ", sub()});
            case 5: return all({sub(), pick({" + ", " - ", " * ", " / "}), sub()});
            case 6: return all({sub(), " | ", pick({"not", "length", "type", ".", path(), sub()})});
            case 7: return all({"(", sub(), ")", pick({"", "", ".a", "[0]", ".a?"})});
            case 8:
                return all({"if ", sub(), " then ", sub(), " elif ", sub(), " then 1 else ", sub(),
                            " end"});
            case 9: return all({"[", sub(), ", ", sub(), "]", pick({"", "[1]", "[-1]"})});
            case 10:
                return all(
                    {"{a: ", path(), ", \"b c\": (", sub(), "), b}", pick({"", ".a", ".b"})});
            case 11:
                return all(
                    {"\"v=\\(", sub(), ") ", pick({"", "\\u00e9", "\\\\"}), "\\(", path(), ")\""});
            case 12: return all({"if ", sub(), " then ", sub(), " else ", sub(), " end"});
            default: return all({"(", sub(), ")"});
        }
    }

    // Expressions that use more of jq: iteration, bindings, folds, functions.
    std::string any(int depth) {
        if (depth <= 0) return pick({literal(), path(), path(), "."});
        auto sub = [&] { return any(depth - 1); };
        switch (random_->below(16)) {
            case 0: return all({"[", path(), "[]?] | ", sub()});
            case 1: return all({sub(), " | ", sub()});
            case 2: return all({"map(", sub(), ")"});
            case 3: return all({path(), " as $x | [", sub(), ", $x]"});
            case 4:
                return all({"reduce ", path(), "[]? as $x (", sub(), "; [., $x, ", sub(), "])"});
            case 5: return all({"{a: (", sub(), "), b, c: .d}"});
            case 6: return all({"[limit(3; ", path(), "[]?, ", sub(), ")]"});
            case 7: return all({"(", path(), " = ", literal(), ")"});
            case 8: return all({"(", path(), " |= ", sub(), ")"});
            case 9: return all({"\"\\(", sub(), ")\""});
            case 10: return all({"[foreach ", path(), "[]? as $x (0; . + 1; [., $x])]"});
            // What jq 1.6 catches may be a break of its own, with a number that differs from run to
            // run.
            case 11: return all({"try (", sub(), ") catch \"caught\""});
            case 12:
                return all(
                    {"if (", sub(), ") then ", sub(), " else (", sub(), " | ", sub(), ") end"});
            case 13: return all({"def f: ", sub(), "; [", sub(), ", f]"});
            case 14: return all({"[", path(), ", (", sub(), " | ", sub(), "), ", path(), "]"});
            default:
                return all({"label $out | [", sub(), ", ",
                            pick({"keys?", "length?", "type", "tojson", ".. | numbers"}), "]"});
        }
    }

    // Positive numbers are small, because a text times a number is that many texts.
    Json value(int depth) {
        switch (random_->below(depth > 0 ? 12 : 7)) {
            case 0: return nullptr;
            case 1: return random_->below(2) == 0;
            case 2: return static_cast<std::int64_t>(random_->below(7)) - 2;
            case 3: return choose<double>({0.5, -1.25, -1e10, -100000.75, 3.0});
            case 4:
            case 5:
            case 6: return choose<std::string>({"", "a", "b", "gold", "\u00e9\u20ac\U0001f600"});
            case 7: return Json::array({value(depth - 1), value(depth - 1), value(depth - 1)});
            case 8: return Json::array();
            default: return object(depth);
        }
    }

    Json object(int depth) {
        Json made = Json::object();
        for (auto const* key : {"a", "b", "c", "d", "b c"})
            if (random_->below(4) != 0) made[key] = value(depth - 1);
        return made;
    }

  private:
    static std::string all(std::initializer_list<std::string> parts) {
        std::string joined;
        for (auto const& part : parts) joined += part;
        return joined;
    }
    template <class T>
    T choose(std::initializer_list<T> choices) {
        return choices.begin()[random_->below(choices.size())];
    }
    std::string pick(std::initializer_list<std::string> choices) { return choose(choices); }

    std::string literal() {
        return pick({"0", "1", "2", "-1", "1.5", "-0.25", "\"a\"", "\"gold\"", "\"\"", "true",
                     "false", "null", "[]", "{}"});
    }
    std::string path() {
        auto const made = pick({".", ".a", ".b", ".c", "$context.a", "$context", "$context.b",
                                ".[\"b c\"]", "$context[\"d\"]"});
        if (made == ".") return pick({".a.b", ".[0]", ".", ".b[0]", ".a[-1]", ".c?", ".[.a]?"});
        // A `?` belongs to the index before it; a variable has none.
        return all({made, pick({"", "", ".a", ".b.c", "[0]", "[-1]", ".a?", "[\"a\"]?"})});
    }

    std::unique_ptr<Random> random_;
};

}  // namespace resolute::workflow
