#include "net/url.h"

#include "base/error_codes.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::net;

TEST_CASE("a URL is taken apart, with the default port of its scheme") {
    auto const url = parse_url("HTTPS://Api.Example.COM/v1/x?y=1&z=%20").value();
    CHECK(url == Url{"https", "api.example.com", 443, "/v1/x?y=1&z=%20"});
    CHECK(parse_url("http://127.0.0.1:8080").value() == Url{"http", "127.0.0.1", 8080, "/"});
    CHECK(parse_url("http://h?q=1").value().target == "/?q=1");
    CHECK(parse_url("http://[::1]:99/a").value() == Url{"http", "::1", 99, "/a"});
}

TEST_CASE("a URL can be written again") {
    for (std::string text : {"http://h/", "https://h:8443/a?b=c", "http://[fe80::1]:81/x"})
        CHECK(to_string(parse_url(text).value()) == text);
    CHECK(authority(parse_url("https://h:443/").value()) == "h");
}

TEST_CASE("odd URLs are refused with a reason") {
    auto const text = GENERATE(
        "", "h", "//h/", "ftp://h/", "http://", "http:///x", "http://h:0/", "http://h:65536/",
        "http://h:x/", "http://h:/", "http://user:secret@h/", "http://h/a b", "http://h/#part",
        "http://h/\xc3\xa9", "http://h/%2", "http://h/%zz", "http://h/\n", "http://h\\x/",
        "http://[::1", "http://[zz]/", "http://ho st/", "http://h/a|b", "http://[::1]x/");
    CAPTURE(text);
    auto const url = parse_url(text);
    REQUIRE_FALSE(url);
    CHECK(url.diagnostics().front().code == codes::malformed_url);
}

TEST_CASE("a refused URL never shows the password in its message") {
    auto const url = parse_url("http://user:secret@h/");
    CHECK(to_string(url.diagnostics()).find("secret") == std::string::npos);
}

TEST_CASE("percent-encoding is undone exactly") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    CHECK(percent_decode(percent_encode(all)) == all);
    CHECK(percent_encode("a/b c~") == "a%2Fb%20c~");
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%4"));
    CHECK_FALSE(percent_decode("%4g"));
    CHECK(percent_decode("a+b") == "a+b");
}

TEST_CASE("a query is a list of decoded pairs") {
    auto const query = Query::parse("key=a%2Fb&empty=&flag&key=second&text=x+y&").value();
    CHECK(query.all().size() == 5);
    CHECK(query.find("key") == "a/b");
    CHECK(query.find("empty") == "");
    CHECK(query.find("flag") == "");
    CHECK(query.find("text") == "x y");
    CHECK_FALSE(query.find("nothing"));
    CHECK_FALSE(Query::parse("a=%"));
}

TEST_CASE("a target keeps an encoded slash inside its segment") {
    auto const target = parse_target("/payments/p%2F1//refunds?key=k").value();
    CHECK(target.segments == std::vector<std::string>{"payments", "p/1", "refunds"});
    CHECK(target.path == "/payments/p/1//refunds");
    CHECK(target.query.find("key") == "k");
    CHECK(parse_target("/").value().segments.empty());
}

TEST_CASE("a malformed target is refused") {
    auto const text = GENERATE("", "x", "*", "/%", "/%00", "/a%0ab", "/?a=%g1", "host:443");
    CAPTURE(text);
    CHECK_FALSE(parse_target(text));
}
