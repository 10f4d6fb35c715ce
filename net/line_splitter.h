// Cuts a stream of bytes into lines, with a bound on how long one may grow.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resolute::net {

// Pure state. A line longer than the bound is delivered once, cut there and marked, and the rest of
// it is dropped: a child that prints without end costs a bounded amount of memory.
class LineSplitter {
  public:
    struct Line {
        std::string_view text;  // without "\n" or "\r\n"; valid during the call
        bool is_cut = false;
    };

    explicit LineSplitter(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    // Calls each(Line) for every line that is now complete.
    template <class F>
    void feed(std::string_view bytes, F&& each) {
        for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            add(bytes.substr(0, end), each);
            if (!is_dropping_) deliver(each, false);
            is_dropping_ = false;
            bytes.remove_prefix(end + 1);
        }
        add(bytes, each);
    }

    // At the end of the stream: what is left without a final newline.
    template <class F>
    void finish(F&& each) {
        if (!line_.empty()) deliver(each, false);
    }

  private:
    template <class F>
    void add(std::string_view bytes, F& each) {
        if (is_dropping_) return;
        auto const room = most_bytes_ - line_.size();
        line_ += bytes.substr(0, room);
        if (bytes.size() <= room) return;
        deliver(each, true);
        is_dropping_ = true;
    }

    template <class F>
    void deliver(F& each, bool is_cut) {
        std::string const line = std::move(line_);
        line_.clear();
        std::string_view text = line;
        if (text.ends_with('\r')) text.remove_suffix(1);
        each(Line{text, is_cut});
    }

    std::size_t most_bytes_;
    std::string line_;
    bool is_dropping_ = false;  // the rest of a line that was too long
};

}  // namespace resolute::net
