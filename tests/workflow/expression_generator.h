// Random expressions and random values to evaluate them on.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/random.h"

namespace resolute::workflow {

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seeded_random(seed)) {}

    // Expressions of the part of jq that is evaluated natively; not all of them are valid jq.
    std::string native(int depth) {
        if (depth <= 0) return one_of({literal(), path(), path()});
        auto sub = [&] { return native(depth - 1); };
        auto spaced = [&](std::vector<std::string> const& signs) {
            auto left = sub();
            auto sign = pick(signs);
            return left + " " + sign + " " + sub();
        };
        switch (random_->below(14)) {
            case 0: return literal();
            case 1: return path();
            case 2: return spaced({"==", "!=", "<", "<=", ">", ">="});
            case 3: return spaced({"and", "or"});
            case 4: return spaced({"//"});
            case 5: return spaced({"+", "-", "*", "/"});
            case 6: return sub() + " | " + pick({"not", "length", "type", ".", path(), sub()});
            case 7: return "(" + sub() + ")" + pick({"", "", ".a", "[0]", ".a?"});
            case 8: return "if " + sub() + " then " + sub() + " elif " + sub() + " then 1 else " + sub() + " end";
            case 9: return "[" + sub() + ", " + sub() + "]" + pick({"", "[1]", "[-1]"});
            case 10: return "{a: " + path() + ", \"b c\": (" + sub() + "), b}" + pick({"", ".a", ".b"});
            case 11: return "\"v=\\(" + sub() + ") " + pick({"", "\\u00e9", "\\\\"}) + "\\(" + path() + ")\"";
            case 12: return "if " + sub() + " then " + sub() + " else " + sub() + " end";
            default: return "(" + sub() + ")";
        }
    }

    // Expressions that use more of jq: iteration, bindings, folds, functions.
    std::string any(int depth) {
        if (depth <= 0) return one_of({literal(), path(), path(), "."});
        auto sub = [&] { return any(depth - 1); };
        switch (random_->below(16)) {
            case 0: return "[" + path() + "[]?] | " + sub();
            case 1: return sub() + " | " + sub();
            case 2: return "map(" + sub() + ")";
            case 3: return path() + " as $x | [" + sub() + ", $x]";
            case 4: return "reduce " + path() + "[]? as $x (" + sub() + "; [., $x, " + sub() + "])";
            case 5: return "{a: (" + sub() + "), b, c: .d}";
            case 6: return "[limit(3; " + path() + "[]?, " + sub() + ")]";
            case 7: return "(" + path() + " = " + literal() + ")";
            case 8: return "(" + path() + " |= " + sub() + ")";
            case 9: return "\"\\(" + sub() + ")\"";
            case 10: return "[foreach " + path() + "[]? as $x (0; . + 1; [., $x])]";
            case 11: return "try (" + sub() + ") catch (" + sub() + ")";
            case 12: return "if (" + sub() + ") then " + sub() + " else (" + sub() + " | " + sub() + ") end";
            case 13: return "def f: " + sub() + "; [" + sub() + ", f]";
            case 14: return "[" + path() + ", (" + sub() + " | " + sub() + "), " + path() + "]";
            default: return "label $out | [" + sub() + ", " + pick({"keys?", "length?", "type", "tojson", ".. | numbers"}) + "]";
        }
    }

    Json value(int depth) {
        switch (random_->below(depth > 0 ? 12 : 7)) {
            case 0: return nullptr;
            case 1: return random_->below(2) == 0;
            case 2: return static_cast<std::int64_t>(random_->below(7)) - 2;
            case 3: return pick(std::vector<Json>{0.5, -1.25, 1e10, 100000.75, 3.0});
            case 4:
            case 5:
            case 6: return pick(std::vector<Json>{"", "a", "b", "gold", "\u00e9\u20ac\U0001f600"});
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
    template <class T>
    T pick(std::vector<T> const& choices) {
        return choices[random_->below(choices.size())];
    }
    std::string pick(std::initializer_list<std::string> choices) { return pick(std::vector<std::string>(choices)); }
    std::string one_of(std::initializer_list<std::string> choices) { return pick(choices); }

    std::string literal() {
        return pick({"0", "1", "2", "-1", "1.5", "-0.25", "\"a\"", "\"gold\"", "\"\"", "true", "false", "null", "[]", "{}"});
    }
    std::string path() {
        auto made = pick({".", ".a", ".b", ".c", "$context.a", "$context", "$context.b", ".[\"b c\"]", "$context[\"d\"]"});
        if (made == ".") return pick({".a.b", ".[0]", ".", ".b[0]", ".a[-1]", ".c?", ".[.a]?"});
        // A `?` belongs to the index before it; a variable has none.
        return made + pick({"", "", ".a", ".b.c", "[0]", "[-1]", ".a?", "[\"a\"]?"});
    }

    std::unique_ptr<Random> random_;
};

}  // namespace resolute::workflow
