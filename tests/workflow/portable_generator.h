// Random workflows that read outputs of steps and the context from everywhere: what is portable of
// them has to do the same.
//
// The same seed gives the same text. Every run comes to an end, with an output or with an error.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"

namespace resolute::testing {

class PortableGenerator {
  public:
    explicit PortableGenerator(std::uint64_t seed) : random_(seeded_random(seed)) {}

    std::string workflow() {
        exports_ = maybe(2);
        text_ = "document: { dsl: '1.0.3', namespace: test, name: w, version: '1.0.0' }\n";
        if (maybe(2)) text_ += "input: { schema: { document: { type: object } } }\n";
        text_ += "do:\n";
        block(0, 1, 3 + random_->below(3));
        text_ += "output:\n  as:\n    last: '${ . }'\n    kept: '${ $context.k }'\n";
        if (maybe(2)) text_ += "    read: '${ $tasks.@.n }'\n";
        for (auto at = text_.find('@'); at != std::string::npos; at = text_.find('@'))
            text_.replace(at, 1, names_[random_->below(names_.size())]);
        return std::move(text_);
    }

  private:
    bool maybe(std::uint64_t of) { return random_->below(of) == 0; }
    void line(int indent, std::string const& text) {
        text_ += std::string(static_cast<std::size_t>(indent) * 2, ' ') + text + "\n";
    }

    void block(int depth, int indent, std::uint64_t count) {
        std::vector<std::string> names;
        for (std::uint64_t i = 0; i < count; ++i) names.push_back("s" + std::to_string(++named_));
        if (depth > 0 && maybe(8)) names.front() = names_[random_->below(names_.size())];
        names_.insert(names_.end(), names.begin(), names.end());
        for (std::size_t i = 0; i < names.size(); ++i) {
            line(indent, "- " + names[i] + ":");
            step(depth, indent + 2,
                 std::vector(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, names.end()));
        }
    }

    void step(int depth, int indent, std::vector<std::string> const& later) {
        if (maybe(8)) line(indent, "if: $tasks.@.n != 3");
        if (!in_fork_ && exports_ && maybe(3)) line(indent, exported());
        if (!later.empty() && !is_branch_ && maybe(10))
            line(indent, "then: " + later[random_->below(later.size())]);
        else if (maybe(20))
            line(indent, maybe(2) ? "then: exit" : "then: end");
        auto const kind = depth < 3 ? random_->below(10) : 0;
        if (kind < 4) return set(indent);
        if (kind == 4) return raise_or_set(indent);
        if (kind == 5) return inner(indent, depth, "do:");
        if (kind == 6) return loop(indent, depth);
        if (kind == 7) return attempt(indent, depth);
        fork(indent, depth);
    }

    std::string exported() {
        switch (random_->below(4)) {
            case 0: return "export: { as: '${ {k: .n, old: $context.k} }' }";
            case 1: return "export: { as: { k: '${ $tasks.@.n }', was: '${ $context }' } }";
            case 2: return "export: { as: .n }  # it is a number now";
            default:
                return "export:\n" + std::string(60, ' ') + "as:\n" + std::string(62, ' ') +
                       "k: '${ $context.k }'";
        }
    }

    void set(int indent) {
        line(indent, "set:");
        line(indent + 1,
             in_loop_ && maybe(2) ? "n: '${ $item }'" : "n: " + std::to_string(random_->below(9)));
        if (maybe(2)) line(indent + 1, "read: \"${ $tasks.@.n }\"");
        if (maybe(3)) line(indent + 1, "also: ${ $tasks.@ == null }");
        if (maybe(4)) line(indent + 1, "kept: ${ $context.k }");
        if (maybe(9)) line(indent + 1, "all: '${ $context }'");
    }

    void raise_or_set(int indent) {
        if (!guarded_) return set(indent);
        line(indent, "raise: { error: { type: 'https://test/e', status: 418, title: T } }");
    }

    void inner(int indent, int depth, std::string const& key) {
        bool const was_branch = std::exchange(is_branch_, false);
        line(indent, key);
        block(depth + 1, indent + 1, 1 + random_->below(3));
        is_branch_ = was_branch;
    }

    void loop(int indent, int depth) {
        line(indent, "for: { in: '[1, 2, 3]' }");
        bool const was_in_loop = std::exchange(in_loop_, true);
        inner(indent, depth, "do:");
        in_loop_ = was_in_loop;
    }

    void attempt(int indent, int depth) {
        bool const was_guarded = std::exchange(guarded_, true);
        inner(indent, depth, "try:");
        guarded_ = was_guarded;
        line(indent, "catch:");
        if (maybe(2)) line(indent + 1, "retry: { limit: { attempt: { count: 1 } } }");
        inner(indent + 1, depth, "do:");
    }

    void fork(int indent, int depth) {
        if (maybe(4)) line(indent, "output: { as: '.[0]' }");
        bool const was_in_fork = std::exchange(in_fork_, true);
        bool const was_branch = std::exchange(is_branch_, true);
        line(indent, "fork:");
        if (maybe(8)) line(indent + 1, "compete: true");
        line(indent + 1, "branches:");
        block(depth + 1, indent + 2, 1 + random_->below(3));
        in_fork_ = was_in_fork;
        is_branch_ = was_branch;
    }

    std::unique_ptr<Random> random_;
    std::string text_;
    std::vector<std::string> names_;
    int named_ = 0;
    bool exports_ = false;
    bool in_fork_ = false;
    bool is_branch_ = false;
    bool in_loop_ = false;
    bool guarded_ = false;
};

}  // namespace resolute::testing
