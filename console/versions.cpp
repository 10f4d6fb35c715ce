#include "console/versions.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "console/run_view.h"
#include "engine/codec.h"
#include "engine/names.h"
#include "workflow/interpreter.h"

namespace resolute::console {
namespace {

using Status = RunRow::Status;

constexpr std::array open_statuses{Status::running, Status::waiting, Status::quarantined};

// Where a list of open runs goes on: in the list of one status, after a run.
struct Place {
    std::size_t status = 0;  // of open_statuses
    std::optional<RunId> before;
};

std::string to_cursor(Place const& place) {
    std::string text(name(open_statuses.at(place.status)));
    return place.before ? text + "." + to_string(*place.before) : text;
}

std::optional<Place> place_of(std::string const& cursor) {
    if (cursor.empty()) return Place{};
    auto const dot = cursor.find('.');
    auto const status = parse_name<Status>(cursor.substr(0, dot));
    auto const found = std::ranges::find(open_statuses, status);
    if (found == open_statuses.end()) return std::nullopt;
    Place place{static_cast<std::size_t>(found - open_statuses.begin()), {}};
    if (dot == std::string::npos) return place;
    place.before = RunId::parse(cursor.substr(dot + 1));
    return place.before ? std::optional(place) : std::nullopt;
}

Checked check(store::ReadModel& reads, RunRow const& run, Orchestrator const& workflow) {
    Comparison comparison(workflow, run.run);
    Checked checked;
    while (!checked.first) {
        auto const page = reads.history(run.run, checked.sequence, limits::list_page);
        if (page.empty()) break;
        for (auto const& event : page) {
            checked.sequence = event.sequence;
            checked.first = comparison.follow(decode(event));
            if (checked.first) break;
        }
    }
    // Of a run that moves, what it asks for next may be on its way.
    if (!checked.first && run.status == Status::waiting) checked.first = comparison.missing();
    checked.compared = comparison.compared();
    workflow.forget(run.run);
    return checked;
}

}  // namespace

std::string_view name(Fate fate) {
    switch (fate) {
        case Fate::illegal: return "illegal";
        case Fate::legal: return "legal";
        case Fate::migrated: return "migrated";
        case Fate::moved_on: return "moved_on";
        case Fate::untaken: return "untaken";
    }
    return "illegal";
}

Checked Versions::replay(RunRow const& run, Definition const& against) const {
    return check(reads_, run, workflow::Interpreter(against));
}

Candidate Versions::judge(Orchestrator const& workflow, RunRow const& row) const {
    Candidate candidate{row, {}, row.sequence};
    if (row.status == Status::quarantined)
        candidate.difference = {row.sequence, {}, "It is set aside; release it first."};
    else if (is_code(row.workflow.digest))
        candidate.difference = {row.sequence, {}, "It follows code."};
    else {
        auto const checked = check(reads_, row, workflow);
        candidate.difference = checked.first;
        candidate.sequence = checked.sequence;
        if (!checked.first) candidate.fate = Fate::legal;
    }
    return candidate;
}

std::optional<CandidatePage> Versions::candidates(Definition const& to, std::string const& cursor,
                                                  std::size_t limit) const {
    auto place = place_of(cursor);
    if (!place) return std::nullopt;
    workflow::Interpreter const interpreter(to);
    CandidatePage page;
    while (place->status < open_statuses.size() && limit > 0) {
        store::RunFilter const filter{.status = open_statuses.at(place->status),
                                      .workflow = to->ref.name};
        auto const found = reads_.runs(filter, limit, place->before);
        for (auto const& row : found.runs)
            if (row.workflow.digest != to->ref.digest) page.all.push_back(judge(interpreter, row));
        limit -= found.runs.size();
        place->before = found.next;
        if (!found.next) ++place->status;
    }
    if (place->status < open_statuses.size()) page.next = to_cursor(*place);
    return page;
}

Json to_json(std::optional<Difference> const& difference) {
    if (!difference) return nullptr;
    return {{"sequence", difference->sequence},
            {"step", difference->step.path},
            {"sentence", difference->sentence}};
}

Json replayed_json(RunRow const& run, WorkflowRef const& against, Checked const& checked) {
    return {{"run", to_string(run.run)},    {"workflow", workflow_json(against)},
            {"fits", !checked.first},       {"events", checked.sequence},
            {"compared", checked.compared}, {"difference", to_json(checked.first)}};
}

Json candidate_json(Candidate const& candidate) {
    auto const& row = candidate.row;
    return {{"run", to_string(row.run)},
            {"caseId", row.case_id.empty() ? Json() : Json(row.case_id)},
            {"follows", workflow_json(row.workflow)},
            {"sequence", candidate.sequence},
            {"verdict", name(candidate.fate)},
            {"difference", to_json(candidate.difference)}};
}

}  // namespace resolute::console
