#include "net/line_splitter.h"

#include <vector>

#include "tests/catch.h"

using resolute::net::LineSplitter;

namespace {

struct Lines {
    std::vector<std::string> all;
    void operator()(LineSplitter::Line line) {
        all.push_back(std::string(line.text) + (line.is_cut ? " (cut)" : ""));
    }
};

}  // namespace

TEST_CASE("lines are found wherever the stream is cut") {
    std::string const stream = "one\r\ntwo\n\nlast";
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        LineSplitter splitter(100);
        Lines lines;
        splitter.feed(std::string_view(stream).substr(0, cut), lines);
        splitter.feed(std::string_view(stream).substr(cut), lines);
        splitter.finish(lines);
        CHECK(lines.all == std::vector<std::string>{"one", "two", "", "last"});
    }
}

TEST_CASE("a line over the bound arrives once, cut, and the next one is whole again") {
    std::string const stream = "12345678901234567890\nshort\n";
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        LineSplitter splitter(10);
        Lines lines;
        for (std::size_t at = 0; at < stream.size(); at += step)
            splitter.feed(std::string_view(stream).substr(at, step), lines);
        splitter.finish(lines);
        CHECK(lines.all == std::vector<std::string>{"1234567890 (cut)", "short"});
    }
}

TEST_CASE("a line of exactly the bound is not cut") {
    LineSplitter splitter(5);
    Lines lines;
    splitter.feed("12345\n", lines);
    CHECK(lines.all == std::vector<std::string>{"12345"});
}
