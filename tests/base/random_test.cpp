#include "base/random.h"

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("the same seed gives the same sequence on every machine") {
    auto random = seeded_random(1234567);
    CHECK(random->next() == 6457827717110365317ull);  // published values of SplitMix64
    CHECK(random->next() == 3203168211198807973ull);
    CHECK(random->next() == 9817491932198370423ull);
}

TEST_CASE("bounded draws stay within their bounds") {
    auto random = seeded_random(1);
    for (int i = 0; i < 1000; ++i) {
        CHECK(random->below(7) < 7);
        auto const unit = random->unit();
        CHECK((unit >= 0 && unit < 1));
    }
    CHECK(random->below(0) == 0);
}

TEST_CASE("two system generators do not repeat each other") {
    CHECK(system_random()->next() != system_random()->next());
}
