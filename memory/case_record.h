// What is known of a case: the team's own matter, which several runs may serve.
//
// Pure values. A record changes by four steps and in no other way; each leaves an entry that is
// never edited (memory/case_handler.h stores both).
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/json.h"
#include "engine/failure.h"
#include "engine/names.h"

namespace resolute::memory {

enum class CaseOp { open, assign, note, close };

// {op, case?, title?, assignee?, note?, resolution?, facts?} of a `call: case`, checked: what
// belongs to the operation is there and nothing else is.
struct CaseChange {
    CaseOp op = CaseOp::open;
    std::string case_id;  // the run's own when the step names none
    Json says;  // the request without op and case
};
std::variant<CaseChange, Failure> read_case_change(Json const& request,
                                                   std::string const& run_case);

// The record after the change: {case, status, title, assignee, resolution, facts, openedAt,
// updatedAt, closedAt}; or why it cannot be: only what is open is assigned or closed, and only what
// exists has notes. Opening what is open keeps it as it is, and what is closed is opened again.
std::variant<Json, Failure> changed_case(std::optional<Json> const& record,
                                         CaseChange const& change, Timestamp at);

}  // namespace resolute::memory

namespace resolute {
template <> struct Names<memory::CaseOp> {
    static constexpr std::array list{"open", "assign", "note", "close"};
};
}  // namespace resolute
