// The refund example is a project as `resolute` reads it: sound, and its parts fit together.
#include <cstdlib>

#include "base/error_codes.h"
#include "cli/project.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::cli;

namespace {

Result<Compiled> example(tools::Environment environment) {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    auto sources = read_project(std::string(root ? root : ".") + "/examples/refund");
    return compile(std::move(sources).value(),
                   {.environment = std::move(environment), .models = {"*"}});
}

}  // namespace

TEST_CASE("the tools of the refund example load and fit together") {
    auto const project = example({{"PAYMENTS_URL", "http://127.0.0.1:9"},
                                  {"RESOLUTE_BIN", "/opt/resolute/bin"},
                                  {"ORDERS_DATA", "/opt/resolute/orders.json"}});
    if (!project) FAIL(to_string(project.diagnostics()));
    auto const& tools = *project->registry;
    CHECK(tools.names() == std::vector<std::string>{"customers.find_notice", "customers.notify",
                                                    "orders.customer_history", "orders.get_order",
                                                    "payments.find_refund", "payments.get_payment",
                                                    "payments.refund"});
    CHECK(tools.find("payments.refund")->effect == resolute::Effect::write);
    CHECK(tools.find("payments.refund")->terms.can_verify);
    CHECK(tools.find("customers.notify")->terms.can_verify);
    for (auto const* read : {"orders.get_order", "orders.customer_history", "payments.get_payment"})
        CHECK(tools.find(read)->is_read());
}

TEST_CASE("without the environment, every missing variable is named where it stands") {
    auto const project = example({});
    REQUIRE_FALSE(project);
    int count = 0;
    for (auto const& problem : project.diagnostics()) {
        if (problem.code != codes::unknown_variable) continue;
        ++count;
        CHECK(problem.line > 0);
        CHECK(problem.file.find("examples/refund/") != std::string::npos);
    }
    CHECK(count > 0);
}
