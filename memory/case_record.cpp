#include "memory/case_record.h"

#include <algorithm>

#include "base/spelling.h"

namespace resolute::memory {
namespace {

constexpr std::size_t most_id_bytes = 200;  // of a case, as the API has it

Failure no_case_step(std::string detail) {
    return validation_failure(std::move(detail), "malformed_call");
}

bool is_text(Json const& request, char const* member) {
    auto const found = request.find(member);
    return found != request.end() && found->is_string() &&
           !found->get_ref<std::string const&>().empty();
}

// What each operation needs and may have beside it.
struct Shape {
    char const* needed;  // a text that is not empty; none: nothing
    std::vector<std::string> members;
};
Shape shape_of(CaseOp op) {
    switch (op) {
        case CaseOp::open: return {nullptr, {"title", "assignee", "facts"}};
        case CaseOp::assign: return {"assignee", {"assignee"}};
        case CaseOp::note: return {"note", {"note", "facts"}};
        case CaseOp::close: return {nullptr, {"resolution", "facts"}};
    }
    return {};
}

std::optional<Failure> problem_with(CaseOp op, Json const& request) {
    auto const shape = shape_of(op);
    auto const named = "`" + std::string(name(op)) + "` of a case";
    if (shape.needed && !is_text(request, shape.needed))
        return no_case_step(named + " needs `" + shape.needed + "`, which is a text.");
    for (auto const& [member, value] : request.items()) {
        if (member == "op" || member == "case") continue;
        if (std::ranges::find(shape.members, member) == shape.members.end())
            return no_case_step(named + " has no `" + member + "`.");
        if (member != "facts" && !value.is_string())
            return no_case_step("`" + member + "` of a case must be a text.");
        if (member == "facts" && !value.is_object())
            return no_case_step("`facts` of a case must be an object.");
    }
    return std::nullopt;
}

Failure cannot(CaseChange const& change, std::string const& why) {
    return runtime_failure("The case `" + change.case_id + "` " + why, "case_not_open");
}

}  // namespace

std::variant<CaseChange, Failure> read_case_change(Json const& request,
                                                   std::string const& run_case) {
    if (!request.is_object()) return no_case_step("A case step needs an object.");
    std::vector<std::string> const known{"open", "assign", "note", "close"};
    auto const word = is_text(request, "op") ? request.at("op").get<std::string>() : "";
    auto const op = parse_name<CaseOp>(word);
    if (!op)
        return no_case_step("`" + word +
                            "` is nothing that a case step does: open, assign, note, close." +
                            did_you_mean(word, known));
    if (request.contains("case") && !is_text(request, "case"))
        return no_case_step("`case` must be a text that is not empty.");
    if (auto problem = problem_with(*op, request)) return *problem;
    CaseChange change{*op, request.value("case", run_case), request};
    if (change.case_id.empty())
        return no_case_step("The run serves no case, and the step names none in `case`.");
    if (change.case_id.size() > most_id_bytes)
        return no_case_step("The id of a case is longer than " + std::to_string(most_id_bytes) +
                            " bytes.");
    change.says.erase("op");
    change.says.erase("case");
    return change;
}

std::variant<Json, Failure> changed_case(std::optional<Json> const& record,
                                         CaseChange const& change, Timestamp at) {
    bool const is_open = record && record->at("status") == "open";
    if (change.op != CaseOp::open && !record)
        return cannot(change, "was never opened; open it first.");
    if ((change.op == CaseOp::assign || change.op == CaseOp::close) && !is_open)
        return cannot(change, "is closed.");
    Json next = record.value_or(Json{{"case", change.case_id},
                                     {"status", "open"},
                                     {"title", nullptr},
                                     {"assignee", nullptr},
                                     {"resolution", nullptr},
                                     {"facts", Json::object()},
                                     {"openedAt", to_string(at)},
                                     {"closedAt", nullptr}});
    for (char const* member : {"title", "assignee", "resolution"})
        if (change.says.contains(member)) next[member] = change.says.at(member);
    if (change.says.contains("facts")) next["facts"].update(change.says.at("facts"));
    if (change.op == CaseOp::open) {
        next["status"] = "open";
        next["closedAt"] = nullptr;
        if (!is_open) next["resolution"] = nullptr;
    }
    if (change.op == CaseOp::close) {
        next["status"] = "closed";
        next["closedAt"] = to_string(at);
    }
    next["updatedAt"] = to_string(at);
    return next;
}

}  // namespace resolute::memory
