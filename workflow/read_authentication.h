// Reads `authentication`: how a call proves who it is, inline or by the name of one in
// `use.authentications`.
//
// Internal to the loader. Every credential becomes {"text": VALUE}, or {"secret": EXPRESSION} when
// it reads `$secrets`: such an expression is evaluated by who sends the call and never before, so
// that no secret gets into a history. `use: NAME` of a secret stays what it is.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

// {"basic": {username, password}} and the like; nothing when it was reported.
// `named`: it stands in `use.authentications`, where one cannot refer to another.
enum class Standing { inline_, named };
std::optional<Template> read_authentication(Reading& reading, Node const& node,
                                            Standing standing = Standing::inline_);

}  // namespace resolute::workflow
