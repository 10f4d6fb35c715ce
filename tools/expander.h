// Replaces `${NAME}` in the texts of one file, reports unknown names where they stand, and
// remembers the secrets.
#pragma once

#include <map>

#include "tools/environment.h"
#include "tools/reading.h"

namespace resolute::tools {

class Expander {
  public:
    Expander(Environment const& environment, Problems& problems)
        : environment_(environment), problems_(problems) {}

    std::string text(Node const& node, std::string const& written);
    std::vector<std::string> texts(Fields& fields, std::string_view key);
    // A map whose values may be secrets, such as headers: what is put in is remembered and never
    // shown.
    std::map<std::string, std::string> secret_texts(Fields& fields, std::string_view key);
    Environment const& environment() const { return environment_; }
    std::vector<std::string> take_secrets() { return std::move(secrets_); }

  private:
    std::string secret_text(Node const& node, std::string const& written);

    Environment const& environment_;
    Problems& problems_;
    std::vector<std::string> secrets_;
};

}  // namespace resolute::tools
