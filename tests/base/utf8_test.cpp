#include "base/utf8.h"

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("well-formed text of every length of sequence is accepted") {
    for (auto text :
         {"", "plain", "\u00e9", "\u20ac", "\xef\xbf\xbf", "\U0001f600", "\xf4\x8f\xbf\xbf"})
        CHECK(is_utf8(text));
}

TEST_CASE("ill-formed bytes are found where they begin") {
    CHECK(valid_utf8_prefix("ab\xff") == 2);
    CHECK(valid_utf8_prefix("\xc0\xaf") == 0);          // overlong
    CHECK(valid_utf8_prefix("\xe0\x80\xaf") == 0);      // overlong
    CHECK(valid_utf8_prefix("a\xed\xa0\x80") == 1);     // a surrogate
    CHECK(valid_utf8_prefix("\xf4\x90\x80\x80") == 0);  // beyond U+10FFFF
    CHECK(valid_utf8_prefix("\xe2\x82") == 0);          // cut off
    CHECK(valid_utf8_prefix("\x80") == 0);
}

TEST_CASE("ill-formed bytes are replaced one by one and the rest is kept") {
    CHECK(to_valid_utf8("a\xff\xfe"
                        "b") == "a\ufffd\ufffdb");
    CHECK(to_valid_utf8("\u20ac") == "\u20ac");
}
