#include "base/digest.h"

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("SHA-256 gives the values of FIPS 180-4") {
    CHECK(to_string(sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_string(sha256("")) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(to_string(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("the digest of parts is the digest of their concatenation") {
    CHECK(sha256({"a", "", "bc"}) == sha256("abc"));
}

TEST_CASE("a digest is read back from its text and from its bytes") {
    auto const digest = sha256("abc");
    CHECK(parse_digest(to_string(digest)) == digest);
    CHECK(digest_from_bytes(digest.view()) == digest);
    CHECK(short_form(digest) == "ba7816bf8f01");
    CHECK_FALSE(digest.is_zero());
    CHECK(Digest{}.is_zero());
}

TEST_CASE("a text that is no digest is refused") {
    auto const text = to_string(sha256("abc"));
    CHECK_FALSE(parse_digest(text.substr(1)));
    CHECK_FALSE(parse_digest(text + "0"));
    CHECK_FALSE(parse_digest("g" + text.substr(1)));
    CHECK_FALSE(digest_from_bytes("short"));
}
