#include <algorithm>
#include <cmath>

#include "base/limits.h"
#include "workflow/json_order.h"
#include "workflow/native_expression.h"

namespace resolute::workflow::native {
namespace {

// What a part of an expression comes to: a value that lies in the scope, a value that was made on
// the way, or the reason why there is none.
class Outcome {
  public:
    Outcome(Json made) : made_(std::move(made)) {}
    Outcome(Ending ending) : ending_(ending) {}
    static Outcome in_scope(Json const& found) {
        Outcome outcome{Json()};
        outcome.found_ = &found;
        return outcome;
    }

    bool has_value() const { return !ending_; }
    Ending ending() const { return *ending_; }
    bool is_made() const { return found_ == nullptr; }
    Json const& get() const { return found_ ? *found_ : made_; }
    Json take() && { return found_ ? *found_ : std::move(made_); }

    // A part of the value, which lives as long as the value itself did.
    Outcome part(Json const& inside) const {
        return is_made() ? Outcome(Json(inside)) : in_scope(inside);
    }

  private:
    Json const* found_ = nullptr;
    Json made_;
    std::optional<Ending> ending_;
};

Json const null_value;

bool is_exact(Json const& number) {
    if (number.is_number_float()) return true;
    if (number.is_number_unsigned()) return number.get<std::uint64_t>() <= limits::exact_integer;
    auto const limit = static_cast<std::int64_t>(limits::exact_integer);
    auto const value = number.get<std::int64_t>();
    return -limit <= value && value <= limit;
}

Outcome whole_or_double(double value) {
    if (!std::isfinite(value)) return Ending::unsure;
    if (std::trunc(value) != value) return Json(value);
    double const magnitude = std::fabs(value);
    if (magnitude <= static_cast<double>(limits::exact_integer))
        return Json(static_cast<std::int64_t>(value));
    if (magnitude < 0x1p64) return Ending::inexact;
    return Json(value);
}

Outcome calculate(char sign, Json const& a, Json const& b) {
    if (!is_exact(a) || !is_exact(b)) return Ending::inexact;
    if (a.is_number_integer() && b.is_number_integer() && sign != '/') {
        auto const x = a.get<std::int64_t>();
        auto const y = b.get<std::int64_t>();
        std::int64_t made = 0;
        bool const overflows = sign == '+'   ? __builtin_add_overflow(x, y, &made)
                               : sign == '-' ? __builtin_sub_overflow(x, y, &made)
                                             : __builtin_mul_overflow(x, y, &made);
        if (overflows || !is_exact(made)) return Ending::inexact;
        return Json(made);
    }
    auto const x = a.get<double>();
    auto const y = b.get<double>();
    switch (sign) {
        case '+': return whole_or_double(x + y);
        case '-': return whole_or_double(x - y);
        case '*': return whole_or_double(x * y);
        default: return y == 0 ? Outcome(Ending::failed) : whole_or_double(x / y);
    }
}

Outcome add(Outcome a, Outcome b) {
    if (a.get().is_null()) return b;
    if (b.get().is_null()) return a;
    if (a.get().type() != b.get().type()) return Ending::failed;
    auto sum = std::move(a).take();
    if (sum.is_string()) {
        sum.get_ref<std::string&>() += b.get().get_ref<std::string const&>();
    } else if (sum.is_array()) {
        sum.insert(sum.end(), b.get().begin(), b.get().end());
    } else if (sum.is_object()) {
        sum.update(b.get());
    } else {
        return Ending::failed;
    }
    return sum;
}

Outcome element_of(Outcome const& of, Json const& at) {
    auto const& value = of.get();
    if (at.is_string()) {
        if (value.is_null()) return Outcome::in_scope(null_value);
        if (!value.is_object()) return Ending::failed;
        auto const found = value.find(at.get_ref<std::string const&>());
        if (found == value.end()) return Outcome::in_scope(null_value);
        return of.part(*found);
    }
    if (at.is_number_integer()) {
        if (value.is_null()) return Outcome::in_scope(null_value);
        if (!value.is_array() || !is_exact(at))
            return value.is_array() ? Ending::unsure : Ending::failed;
        auto const size = static_cast<std::int64_t>(value.size());
        auto const wanted = at.get<std::int64_t>();
        auto const index = wanted < 0 ? wanted + size : wanted;
        if (index < 0 || index >= size) return Outcome::in_scope(null_value);
        return of.part(value[static_cast<std::size_t>(index)]);
    }
    return Ending::unsure;
}

Outcome length_of(Json const& value) {
    switch (value.type()) {
        case Json::value_t::null: return Json(0);
        case Json::value_t::string: {
            auto const& text = value.get_ref<std::string const&>();
            auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
            return Json(std::count_if(text.begin(), text.end(), is_start));
        }
        case Json::value_t::array:
        case Json::value_t::object: return Json(value.size());
        default: return Ending::unsure;
    }
}

// What "\(…)" writes; only forms that every jq writes alike.
std::optional<std::string> text_of(Json const& value) {
    if (value.is_string()) return value.get_ref<std::string const&>();
    if (value.is_null() || value.is_boolean() || (value.is_number_integer() && is_exact(value)))
        return value.dump();
    return std::nullopt;
}

// jq evaluates the operands in an order of its own; where both end without a value, it decides.
std::optional<Ending> ending_of(Outcome const& a, Outcome const& b) {
    if (a.has_value() && b.has_value()) return std::nullopt;
    if (a.has_value()) return b.ending();
    if (b.has_value()) return a.ending();
    return a.ending() == b.ending() ? a.ending() : Ending::unsure;
}

class Evaluator {
  public:
    Evaluator(Scope const& scope, Json const& dot) : scope_(scope), dot_(dot) {}

    Outcome operator()(Node const& node) const { return std::visit(*this, node.form); }

    Outcome operator()(Input) const { return Outcome::in_scope(dot_); }
    Outcome operator()(Constant const& constant) const { return Outcome::in_scope(constant.value); }
    Outcome operator()(Variable const& variable) const {
        auto const* found = scope_.find(variable.name);
        return Outcome::in_scope(found ? *found : null_value);
    }

    Outcome operator()(Index const& index) const {
        auto const of = (*this)(*index.of);
        auto const at = (*this)(*index.at);
        if (auto const ending = ending_of(of, at)) return *ending;
        auto element = element_of(of, at.get());
        if (index.is_optional && !element.has_value() && element.ending() == Ending::failed)
            return Ending::none;
        return element;
    }

    Outcome operator()(Pipe const& pipe) const {
        auto const left = (*this)(*pipe.left);
        if (!left.has_value()) return left;
        auto right = Evaluator(scope_, left.get())(*pipe.right);
        // What was found inside of a value that was made must not outlive it.
        if (right.has_value() && left.is_made() && !right.is_made()) return Json(right.get());
        return right;
    }

    Outcome operator()(Alternative const& alternative) const {
        auto left = (*this)(*alternative.left);
        if (left.has_value() && is_truthy(left.get())) return left;
        // The versions of jq differ in what becomes of an error.
        if (!left.has_value() && left.ending() != Ending::none)
            return left.ending() == Ending::failed ? Ending::unsure : left.ending();
        return (*this)(*alternative.right);
    }

    Outcome operator()(Logic const& logic) const {
        auto const left = (*this)(*logic.left);
        if (!left.has_value()) return left;
        if (is_truthy(left.get()) != logic.is_and) return Json(!logic.is_and);
        auto const right = (*this)(*logic.right);
        if (!right.has_value()) return right;
        return Json(is_truthy(right.get()));
    }

    Outcome operator()(Comparison const& comparison) const {
        auto const left = (*this)(*comparison.left);
        auto const right = (*this)(*comparison.right);
        if (auto const ending = ending_of(left, right)) return *ending;
        auto const order = compare_json(left.get(), right.get());
        auto const& sign = comparison.sign;
        if (sign == "==") return Json(order == 0);
        if (sign == "!=") return Json(order != 0);
        if (sign == "<") return Json(order < 0);
        if (sign == "<=") return Json(order <= 0);
        return Json(sign == ">" ? order > 0 : order >= 0);
    }

    Outcome operator()(Arithmetic const& arithmetic) const {
        auto left = (*this)(*arithmetic.left);
        auto right = (*this)(*arithmetic.right);
        if (auto const ending = ending_of(left, right)) return *ending;
        if (left.get().is_number() && right.get().is_number())
            return calculate(arithmetic.sign, left.get(), right.get());
        if (arithmetic.sign != '+') return Ending::unsure;
        return add(std::move(left), std::move(right));
    }

    Outcome operator()(Condition const& condition) const {
        auto const test = (*this)(*condition.test);
        if (!test.has_value()) return test;
        return (*this)(is_truthy(test.get()) ? *condition.then : *condition.otherwise);
    }

    Outcome operator()(ArrayOf const& array) const {
        Json made = Json::array();
        for (auto const& item : array.items) {
            auto outcome = (*this)(*item);
            if (outcome.has_value())
                made.push_back(std::move(outcome).take());
            else if (outcome.ending() != Ending::none)
                return unsure_unless_inexact(outcome);
        }
        return made;
    }

    Outcome operator()(ObjectOf const& object) const {
        Json made = Json::object();
        for (auto const& [key, value] : object.members) {
            auto const name = (*this)(*key);
            auto outcome = (*this)(*value);
            if (!name.has_value()) return unsure_unless_inexact(name);
            if (!outcome.has_value()) return unsure_unless_inexact(outcome);
            if (!name.get().is_string()) return Ending::unsure;
            made[name.get().get_ref<std::string const&>()] = std::move(outcome).take();
        }
        return made;
    }

    Outcome operator()(TextOf const& text) const {
        std::string made;
        for (auto const& part : text.parts) {
            auto const outcome = (*this)(*part);
            if (!outcome.has_value()) return unsure_unless_inexact(outcome);
            auto const written = text_of(outcome.get());
            if (!written) return Ending::unsure;
            made += *written;
        }
        return Json(std::move(made));
    }

    Outcome operator()(Builtin builtin) const {
        switch (builtin) {
            case Builtin::negation: return Json(!is_truthy(dot_));
            case Builtin::length: return length_of(dot_);
            case Builtin::type: return Json(dot_.type_name());
        }
        return Ending::unsure;
    }

  private:
    // Which of several endings wins depends on the order in which jq goes.
    static Ending unsure_unless_inexact(Outcome const& outcome) {
        return outcome.ending() == Ending::inexact ? Ending::inexact : Ending::unsure;
    }

    Scope const& scope_;
    Json const& dot_;
};

}  // namespace

std::variant<Json, Ending> evaluate(Node const& node, Scope const& scope) {
    auto outcome = Evaluator(scope, scope.input ? *scope.input : null_value)(node);
    if (!outcome.has_value()) return outcome.ending();
    return std::move(outcome).take();
}

}  // namespace resolute::workflow::native
