#include "console/run_reading.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "console/shortening.h"
#include "engine/codec.h"
#include "engine/corrupt_history.h"
#include "engine/shell/loader.h"

namespace resolute::console {
namespace {

constexpr std::uint64_t half = limits::steps_shown / 2;

// Windows begin at multiples of their half, so that most of those who look at a growing run find
// the window before theirs where they left it.
std::uint64_t first_of_window(std::uint64_t last) {
    return last <= 2 * half ? 1 : (last - half - 1) / half * half + 1;
}

// Folds what `resume` gave and what follows it, page by page; returns the page that was folded
// last.
std::vector<EncodedEvent> fold_into(RunReading& reading, StoredRun stored,
                                    store::ReadModel& reads) {
    auto const id = reading.row.run;
    auto run = shell::restored(stored);
    if (!run && stored.snapshot) stored.events = reads.history(id, 0, limits::list_page);
    reading.state = run ? *std::move(run) : Run{.id = id};
    auto page = std::move(stored.events);
    while (!page.empty()) {
        reading.sequence = page.back().sequence;
        reading.updated_at = page.back().at;
        try {
            for (auto const& event : page)
                if (event.sequence > reading.state->sequence) apply(*reading.state, decode(event));
        } catch (CorruptHistory const&) {  // the causes say so
            reading.state.reset();
            reading.sequence = std::max(reading.sequence, reading.row.sequence);
            return page;
        }
        if (!shell::may_have_more(page, limits::list_page)) return page;
        auto next = reads.history(id, reading.sequence, limits::list_page);
        if (next.empty()) return page;
        page = std::move(next);
    }
    return page;
}

// However large its events are, a window must not be.
void shorten(std::vector<EncodedEvent>& events) {
    for (auto& event : events) event = shortened(std::move(event)).event;
}

// What is left of a run when its events cannot be read; the causes say why.
std::optional<RunReading> read_row(store::ReadModel& reads, RunId run) {
    auto const row = reads.run(run);
    if (!row) return std::nullopt;
    return RunReading{.row = *row,
                      .state = {},
                      .sequence = row->sequence,
                      .updated_at = row->updated_at,
                      .related = reads.related(run),
                      .case_record = {},
                      .window = {}};
}

std::optional<RunReading> read_events(store::ReadModel& reads, RunId run,
                                      std::optional<std::uint64_t> before) {
    auto stored = reads.resume(run);
    if (!stored) return std::nullopt;
    RunReading reading{.row = stored->row,
                       .state = {},
                       .sequence = 0,
                       .updated_at = {},
                       .related = reads.related(run),
                       .case_record = {},
                       .window = {}};
    auto const& row = reading.row;
    if (!row.case_id.empty()) reading.case_record = reads.case_record(row.tenant, row.case_id);
    auto page = fold_into(reading, *std::move(stored), reads);
    auto const last = before ? std::min(*before - 1, reading.sequence) : reading.sequence;
    auto const first = first_of_window(last);
    auto const is_outside = [&](EncodedEvent const& event) {
        return event.sequence < first || event.sequence > last;
    };
    if (page.empty() || page.front().sequence > first)
        page = reads.history(run, first - 1, limits::list_page);
    shorten(page);
    while (!page.empty() && page.back().sequence < last) {
        auto next = reads.history(run, page.back().sequence, limits::list_page);
        if (next.empty()) break;
        shorten(next);
        std::ranges::move(next, std::back_inserter(page));
    }
    if (reading.state && reading.state->listening.contains(StepId{}))
        reading.place = reads.place_queue(run);
    std::erase_if(page, is_outside);
    reading.window = std::move(page);
    return reading;
}

}  // namespace

std::optional<RunReading> read_run(store::ReadModel& reads, RunId run,
                                   std::optional<std::uint64_t> before) {
    try {
        return read_events(reads, run, before);
    } catch (CorruptHistory const& error) {
        log::error("run=" + to_string(run) + " " + error.what());
        return read_row(reads, run);
    }
}

}  // namespace resolute::console
