// Reads a map key by key and then reports what it did not ask for: unknown keys are errors.
#pragma once

#include <optional>
#include <set>

#include "workflow/problems.h"

namespace resolute::workflow {

class Fields {
  public:
    // `what` is for messages: "a `wait` step". A node that is no map is reported once and reads as
    // empty.
    Fields(Node const& node, std::string what, Problems& problems);

    Node const* find(std::string_view key);  // nothing when absent
    Node const* require(std::string_view key);  // reported when absent
    std::optional<std::string> text(std::string_view key);  // reported when it is no text
    std::optional<std::string> required_text(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most);
    Node::Member const* member(std::string_view key);
    void finish();  // reports every key that was not asked for

    Node const& node() const { return node_; }
    std::string const& what() const { return what_; }
    Problems& problems() { return problems_; }

  private:
    Node const& node_;
    std::string what_;
    Problems& problems_;
    std::vector<std::string> known_;
};

// The node's text; reported when it is something else.
std::optional<std::string> read_text(Node const& node, std::string const& what, Problems& problems);

// Reports and returns false when the node is not of this kind.
bool expect(Node const& node, Node::Kind kind, std::string const& what, Problems& problems);

}  // namespace resolute::workflow
