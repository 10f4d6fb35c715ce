#include "base/log.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("log lines go to the chosen file from the chosen level on") {
    auto const path = "/tmp/resolute-log-test-" + std::to_string(getpid()) + ".log";
    log::to_file(path);
    log::set_level(log::Level::warn);
    log::info("quiet=1");
    log::warn("shard=3 event=taken_over");
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    std::remove(path.c_str());
    log::set_level(log::Level::off);
    CHECK_THAT(text.str(), ContainsSubstring("shard=3 event=taken_over"));
    CHECK_THAT(text.str(), !ContainsSubstring("quiet=1"));
}
