// Everything that is wrong, or looks wrong, with one file, collected while it is read.
#pragma once

#include "base/error_codes.h"
#include "base/result.h"
#include "workflow/yaml.h"

namespace resolute::workflow {

// Where something stands in the file; kept by what is made of a node, so that later checks can
// point at it.
struct Place {
    int line = 0;
    int column = 0;
    std::string pointer;
};

inline Place place_of(Node const& node) { return {node.line, node.column, node.pointer}; }
inline Place place_of(Node::Member const& member) {
    return {member.line, member.column, member.value.pointer};
}

class Problems {
  public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    // One sentence each: what is wrong, and how to mend it.
    void error(Place const& at, char const* code, std::string message, std::string remedy = {});
    void warn(Place const& at, char const* code, std::string message, std::string remedy = {});
    void error(Node const& at, char const* code, std::string message, std::string remedy = {}) {
        error(place_of(at), code, std::move(message), std::move(remedy));
    }
    void unsupported(Place const& at, std::string const& construct, std::string remedy = {});

    std::string const& file() const { return file_; }
    bool has_errors() const { return has_errors_; }
    Diagnostics in_order();  // by line and column

  private:
    void add(Severity severity, Place const& at, char const* code, std::string message,
             std::string remedy);

    std::string file_;
    Diagnostics all_;
    bool has_errors_ = false;
};

}  // namespace resolute::workflow
