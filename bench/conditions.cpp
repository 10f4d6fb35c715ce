#include "bench/conditions.h"

#include <chrono>
#include <stdexcept>

#include "bench/bare.h"
#include "workflow/expression.h"

namespace resolute::bench {
namespace {

using workflow::Expression;

// A case as `$context` has it after some steps.
Json state_of_one_kilobyte() {
    Json items = Json::array();
    for (int i = 0; i < 9; ++i)
        items.push_back({{"sku", "SKU-" + std::to_string(1000 + i)},
                         {"quantity", i + 1},
                         {"price", {{"amount", 1999 + i}, {"currency", "EUR"}}},
                         {"returned", i % 2 == 0}});
    return {{"order",
             {{"id", "ORD-20417"}, {"total", 11'994}, {"status", "delivered"}, {"items", items}}},
            {"customer", {{"id", "C-7781"}, {"tier", "gold"}, {"flags", Json::array()}}},
            {"proposal",
             {{"action", "refund"},
              {"amount", 4'500},
              {"reason", "The parcel arrived with two items broken."}}}};
}

struct Condition {
    char const* what;
    char const* text;
    bool is_native;
};

void measure(Report& report, Condition const& condition, Json const& state, int times) {
    auto const expression = Expression::compile(condition.text, {"context"}).value();
    if (expression.is_native() != condition.is_native)
        throw std::runtime_error(std::string(condition.text) +
                                 " is not evaluated where it is said to be");
    workflow::Scope const scope{&state, {{"context", &state}}};
    std::vector<double> took;
    took.reserve(static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) {
        auto const began = std::chrono::steady_clock::now();
        auto const value = expression.evaluate(scope);
        took.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began)
                .count());
        if (!value || *value != true)
            throw std::runtime_error(std::string(condition.text) + " does not hold");
    }
    std::string const name = std::string("condition on 1 KB, ") + condition.what;
    std::optional<Target> target;
    if (condition.is_native) target = Target{Target::Side::at_most, 5};
    report.add({name + ", p50", "us", target}, quantile(took, 0.5));
    report.add({name + ", p99", "us"}, quantile(took, 0.99));
}

}  // namespace

void measure_conditions(Report& report, int times) {
    auto const state = state_of_one_kilobyte();
    measure(report, {"one comparison", "$context.proposal.amount <= 5000", true}, state, times);
    measure(report,
            {"three comparisons",
             "$context.order.status == \"delivered\" and $context.customer.tier == \"gold\" and "
             ".order.total > $context.proposal.amount",
             true},
            state, times);
    measure(report,
            {"by libjq",
             "[$context.order.items[] | select(.returned) | .price.amount] | add > 5000", false},
            state, times / 10);
}

}  // namespace resolute::bench
