#include "approvals/reveal.h"

#include "approvals/fields.h"
#include "approvals/money.h"
#include "tests/approvals/fixtures.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::approvals;

TEST_CASE("hidden characters are shown by their code") {
    CHECK(reveal("abc\u202Edef", Lines::keep) == "abc⟨U+202E⟩def");
    CHECK(reveal("a\u200Bb\u200Dc\uFEFFd\u00ADe", Lines::keep) ==
          "a⟨U+200B⟩b⟨U+200D⟩c⟨U+FEFF⟩d⟨U+00AD⟩e");
    CHECK(reveal("a\u2066b\u2069", Lines::keep) == "a⟨U+2066⟩b⟨U+2069⟩");
    CHECK(reveal(std::string("a\0b\x1b[31m", 8), Lines::keep) == "a⟨U+0000⟩b⟨U+001B⟩[31m");
    CHECK(reveal("a\U000E0041b", Lines::keep) == "a⟨U+E0041⟩b");
    CHECK(reveal("a\r\nb\tc", Lines::keep) == "a⟨U+000D⟩\nb\tc");
    CHECK(reveal("a\nb\tc", Lines::reveal) == "a⟨U+000A⟩b⟨U+0009⟩c");
    CHECK(reveal("Grüße, 你好, مرحبا, 🙂", Lines::reveal) == "Grüße, 你好, مرحبا, 🙂");
    CHECK(reveal("a\xff", Lines::keep) == "a\uFFFD");
}

TEST_CASE("a text without a faithful picture is named") {
    CHECK_FALSE(unrenderable("Grüße \u202E"));
    CHECK(unrenderable("\uE000") ==
          "the character U+E000 is private and looks different everywhere");
    CHECK(unrenderable("\U0010FFFD"));
    CHECK(unrenderable("\uFFFE") == "U+FFFE is not a character");
    CHECK(unrenderable("\xff") == "it is not well-formed UTF-8");
}

TEST_CASE("money is formatted by its currency, and an unknown currency is not guessed") {
    CHECK(format_money(48000, "EUR") == "EUR 480.00");
    CHECK(format_money(5, "EUR") == "EUR 0.05");
    CHECK(format_money(0, "EUR") == "EUR 0.00");
    CHECK(format_money(-123456789, "USD") == "USD -1,234,567.89");
    CHECK(format_money(48000, "JPY") == "JPY 48,000");
    CHECK(format_money(1234, "KWD") == "KWD 1.234");
    CHECK(format_money(std::numeric_limits<std::int64_t>::min(), "EUR") ==
          "EUR -92,233,720,368,547,758.08");
    CHECK_FALSE(format_money(1, "QQQ"));
    CHECK_FALSE(format_money(1, "eur"));
    CHECK_FALSE(format_money(1, "R U"));
    CHECK_FALSE(format_money(1, ""));
}

TEST_CASE("every value of the arguments is a field, formatted by its schema") {
    auto const form = form_of(Json{{"payment_id", "pay_1"},
                                   {"amount", 48000},
                                   {"currency", "EUR"},
                                   {"urgent", true},
                                   {"captured_at", "2026-10-07T12:12:00+02:00"},
                                   {"note", {{"customerName", "Ada"}, {"tags", {"a", "b"}}}},
                                   {"empty", Json::array()},
                                   {"nothing", nullptr}},
                              refund_schema());
    std::map<std::string, std::pair<std::string, std::string>> shown;
    for (auto const& field : form.fields)
        shown[field.pointer] = {field.label, field.render + ": " + field.display};
    CHECK(form.uninspectable.empty());
    CHECK(shown["/payment_id"] == std::pair<std::string, std::string>("Payment", "id: pay_1"));
    CHECK(shown["/amount"] == std::pair<std::string, std::string>("Amount", "money: EUR 480.00"));
    CHECK(shown["/captured_at"] ==
          std::pair<std::string, std::string>("Captured at", "date: 2026-10-07 10:12:00 UTC"));
    CHECK(shown["/urgent"].second == "text: yes");
    CHECK(shown["/note/customerName"] ==
          std::pair<std::string, std::string>("Customer name", "text: Ada"));
    CHECK(shown["/note/tags/1"] == std::pair<std::string, std::string>("Tags 2", "text: b"));
    CHECK(shown["/empty"].second == "text: (empty list)");
    CHECK(shown["/nothing"].second == "text: (nothing)");
    CHECK(form.fields.size() == 10);
}

TEST_CASE("what cannot be shown makes the form uninspectable") {
    CHECK(form_of(Json{{"amount", 1}, {"currency", "QQQ"}}, refund_schema()).uninspectable ==
          "`Amount` cannot be shown: it is an amount without a currency that is known.");
    CHECK(form_of(Json{{"amount", 1}}, refund_schema()).uninspectable != "");
    CHECK(form_of(Json{{"reason", "\uE000"}}, refund_schema()).uninspectable != "");
    CHECK(form_of(Json{{"blob", "QUJD"}},
                  Json::parse(
                      R"({"properties":{"blob":{"type":"string","contentEncoding":"base64"}}})"))
              .uninspectable == "`Blob` cannot be shown: it is encoded as base64.");
    Json many = Json::object();
    for (int i = 0; i < 300; ++i) many["f" + std::to_string(i)] = i;
    CHECK(form_of(many, Json::object()).uninspectable == "There are more than 200 values.");
}

TEST_CASE("the sentence is filled from the displayed fields") {
    auto const form = form_of(Json{{"amount", 48000},
                                   {"currency", "EUR"},
                                   {"reason", "a\nb\u202E"},
                                   {"to", {{"name", "Ada"}}}},
                              refund_schema());
    CHECK(fill_sentence("Refund {amount} to {to.name} for case {case}", form, "8812") ==
          "Refund EUR 480.00 to Ada for case 8812");
    CHECK(fill_sentence("Because {reason}", form, "") == "Because a⟨U+000A⟩b⟨U+202E⟩");
    CHECK(fill_sentence("For {nobody} in {case", form, "") == "For (not given) in {case");
    auto const lengthy = form_of(Json{{"reason", std::string(500, 'x')}}, refund_schema());
    CHECK(fill_sentence("{reason}", lengthy, "") == std::string(80, 'x') + "… (500 characters)");
}
