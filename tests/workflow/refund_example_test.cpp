// The example that the demo runs, with everything outside of it scripted.
#include <fstream>
#include <sstream>

#include "tests/workflow/driver.h"
#include "workflow/lint.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string example(std::string const& path) {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    std::ifstream file(std::string(root ? root : ".") + "/examples/refund/" + path);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Json const input = {{"case_id", "R-1"},
                    {"customer_id", "C-1"},
                    {"order_id", "A-1"},
                    {"channel", "email"},
                    {"customer_message", "Broken."}};

// A case in which everything goes well, to be varied.
Driver fresh() {
    Driver driver(workflow::load(example("workflows/refund.yaml"), "refund.yaml").value());
    auto& answers = driver.outside.answers;
    answers["classifier"] = {
        good({{"kind", "refund"}, {"summary", "A mug is broken."}, {"reply", ""}})};
    answers["orders.get_order"] = {
        good({{"found", true}, {"order_id", "A-1"}, {"payment_id", "pay_1"}})};
    answers["payments.get_payment"] = {
        good({{"id", "pay_1"}, {"currency", "EUR"}, {"refundable", 3700}})};
    answers["orders.customer_history"] = {good({{"found", true}, {"fraud_flag", false}})};
    answers["recall"] = {good({{"items", {{{"key", "case R-0"}}}}})};
    answers["reasoner"] = {good({{"amount", 1850},
                                 {"reason", "One of two mugs is broken."},
                                 {"message", "You get EUR 18.50 back."}})};
    answers["payments.refund"] = {good({{"id", "re_1"}, {"amount", 1850}})};
    answers["customers.notify"] = {good({{"id", "no_1"}})};
    answers["remember"] = {good({{"id", "m_1"}})};
    return driver;
}

// What the step of this name asked for.
Json request_of(Driver const& driver, std::string const& name) {
    for (auto const& proposal : driver.outside.proposals)
        if (name_of(proposal.step) == name) return proposal.request.json();
    return Json::object();
}
Json arguments_of(Driver const& driver, std::string const& name) {
    return request_of(driver, name).value("arguments", Json());
}

}  // namespace

TEST_CASE("refund example: a small refund is paid, told, remembered and closed") {
    auto driver = fresh();
    driver.start(input);
    CHECK(
        driver.output() ==
        Json::parse(
            R"({"case_id":"R-1","resolution":"refunded","amount":1850,
                          "currency":"EUR","summary":"A mug is broken."})"));
    CHECK(
        arguments_of(driver, "pay") ==
        Json::parse(
            R"({"payment_id":"pay_1","amount":1850,"currency":"EUR",
                          "reason":"One of two mugs is broken.","reference":"R-1"})"));
    CHECK(arguments_of(driver, "notify") ==
          Json::parse(R"({"customer_id":"C-1","case_id":"R-1","text":"You get EUR 18.50 back."})"));
    auto const asked = request_of(driver, "propose")["input"];
    CHECK(asked["order"]["payment_id"] == "pay_1");
    CHECK(asked["payment"]["refundable"] == 3700);
    CHECK(asked["history"]["fraud_flag"] == false);
    CHECK(asked["remembered"][0]["key"] == "case R-0");
    auto const kept = request_of(driver, "remember");
    CHECK(kept["key"] == "case R-1");
    CHECK(kept["value"] ==
          Json::parse(R"({"resolution":"refunded","amount":1850,"summary":"A mug is broken."})"));
}

TEST_CASE("refund example: the policy's facts have the names that the policy uses") {
    auto driver = fresh();
    driver.outside.answers.erase("payments.refund");
    driver.start(input);
    auto const& tasks = driver.run().frames.at(StepId{}).tasks;
    for (auto const* name : {"order", "payment", "history", "propose"}) CHECK(tasks.contains(name));
}

TEST_CASE("refund example: another wish is answered and no order is looked up") {
    auto driver = fresh();
    driver.outside.answers["classifier"] = {
        good({{"kind", "other"}, {"summary", "Wants an invoice."}, {"reply", "Here it is."}})};
    driver.start(input);
    CHECK(driver.output()["resolution"] == "answered");
    CHECK(driver.output()["amount"] == 0);
    CHECK(arguments_of(driver, "notify")["text"] == "Here it is.");
    CHECK(driver.outside.proposals.size() == 3);
}

TEST_CASE("refund example: an unknown order asks the customer, without a proposal") {
    auto driver = fresh();
    driver.outside.answers["orders.get_order"] = {good({{"found", false}, {"order_id", "A-1"}})};
    driver.start(input);
    CHECK(driver.output()["resolution"] == "needs_information");
    for (auto const& proposal : driver.outside.proposals) {
        CHECK(ScriptedOutside::target_of(proposal) != "payments.get_payment");
        CHECK(ScriptedOutside::target_of(proposal) != "reasoner");
    }
}

TEST_CASE("refund example: nothing is due") {
    auto driver = fresh();
    driver.outside.answers["reasoner"] = {
        good({{"amount", 0}, {"reason", "Used."}, {"message", "Sorry."}})};
    driver.start(input);
    CHECK(driver.output()["resolution"] == "not_refundable");
    CHECK(arguments_of(driver, "notify")["text"] == "Sorry.");
}

TEST_CASE(
    "refund example: denied by the policy, rejected by a person, approved by a person, forgotten") {
    auto denied = fresh();
    denied.outside.denied["payments.refund"] = "The customer has a fraud flag.";
    denied.start(input);
    CHECK(denied.output()["resolution"] == "denied");
    CHECK(denied.output()["amount"] == 0);
    auto const decided = [](std::string const& decision) {
        auto driver = fresh();
        driver.outside.needs_approval["payments.refund"] = {{"sentence", "Refund?"}};
        driver.start(input);
        CHECK(driver.status() == "running");
        driver.decide(decision, "rita");
        return driver.output()["resolution"];
    };
    CHECK(decided("reject") == "rejected");
    CHECK(decided("approve") == "refunded");
}

TEST_CASE("refund example: without an order number the one in the message is used") {
    auto driver = fresh();
    auto without = input;
    without.erase("order_id");
    driver.outside.answers["classifier"] = {
        good({{"kind", "refund"}, {"summary", "s"}, {"reply", ""}, {"order_id", "A-7"}})};
    driver.start(without);
    CHECK(arguments_of(driver, "order")["order_id"] == "A-7");
}

TEST_CASE("refund example: other failures of the payment fault the run, so that a person looks") {
    auto driver = fresh();
    driver.outside.answers["payments.refund"] = {
        bad(validation_failure("More than is left.", "refused"))};
    driver.start(input);
    CHECK(driver.error()["instance"] == "/do/9/refund/try/0/pay");
}
