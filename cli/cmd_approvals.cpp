// approvals, approve, reject: the reviewer's inbox in a terminal.
#include <unistd.h>
#include <algorithm>
#include <iostream>
#include <thread>

#include "approvals/inbox.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "engine/store/inbox.h"
#include "engine/store/read_model.h"

namespace resolute::cli {
namespace {

std::optional<ApprovalStatus> status_named(std::string const& text) {
    for (auto const status :
         {ApprovalStatus::pending, ApprovalStatus::approved, ApprovalStatus::rejected,
          ApprovalStatus::expired, ApprovalStatus::revoked, ApprovalStatus::consumed})
        if (approvals::shown_status(status) == text) return status;
    return std::nullopt;
}

void print_card(Json const& card) {
    say(toned(Tone::bold, card["sentence"].get<std::string>()));
    say("why     " + card["why"].get<std::string>() + "  (risk " + card["risk"].get<std::string>() +
        ")");
    for (auto const& field : card["fields"])
        say("        " + field["label"].get<std::string>() + ": " +
            field["display"].get<std::string>());
    say("exact   " + card["argumentsText"].get<std::string>());
    if (card["key"].is_string()) say("key     " + card["key"].get<std::string>());
    for (auto const& evidence : card["evidence"])
        say("seen    " + evidence["title"].get<std::string>() + ": " +
            evidence["quote"].get<std::string>() + "  [" + evidence["trust"].get<std::string>() +
            "]");
    say("digest  " + card["digest"].get<std::string>());
}

bool confirmed(std::string const& decision) {
    if (::isatty(STDIN_FILENO) == 0) {
        complain("Nobody can be asked here; say --yes to decide without a question.");
        return false;
    }
    std::cout << decision << "? Type yes: " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

// Waits until the engine has taken or refused the answer.
int report(store::ReadModel& reads, ApprovalId id, std::string const& decision_id,
           std::string const& by, std::size_t refused_before, bool json) {
    for (int waited = 0; waited < limits::decision_wait_ms; waited += limits::wait_poll_ms) {
        auto const detail = reads.approval(tenant, id);
        auto const& decisions = detail->decisions;
        auto const taken = [&](ApprovalDecisionRow const& row) {
            return row.decision_id == decision_id;
        };
        if (std::ranges::any_of(decisions, taken)) {
            if (json)
                print_json(approvals::detail_json(detail->approval, decisions));
            else
                say("Recorded; the approval is " +
                    std::string(approvals::shown_status(detail->approval.status)) + ".");
            return exit_ok;
        }
        std::vector<ApprovalDecisionRow> refused;
        std::ranges::copy_if(decisions, std::back_inserter(refused),
                             [&](auto const& row) { return !row.refused.empty() && row.by == by; });
        if (refused.size() > refused_before) {
            complain("Refused: " + refused.back().refused);
            return exit_failed;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(limits::wait_poll_ms));
    }
    complain(
        "The decision is in the inbox and nobody has taken it yet; is `resolute serve` running?");
    return exit_waiting;
}

}  // namespace

int approvals(Config const& config, std::string const& status, bool json) {
    store::ApprovalFilter filter{.tenant = tenant, .status = {}, .run = {}};
    if (status != "all") {
        filter.status = status_named(status);
        if (!filter.status) {
            complain(
                "`" + status +
                "` is no status: pending, approved, rejected, expired, revoked, consumed, all.");
            return exit_bad_input;
        }
    }
    auto const database = open_database(config, MayStart::no);
    store::ReadModel reads(database.url);
    std::vector<std::vector<std::string>> rows;
    for (auto const& row : reads.approvals(filter, limits::list_page).approvals) {
        auto const shown = resolute::approvals::summary_json(row);
        if (json) {
            print_json(shown);
            continue;
        }
        rows.push_back({to_string(row.approval), row.case_id.empty() ? "-" : row.case_id,
                        shown["risk"], shown["status"], shown["sentence"]});
    }
    if (!json && rows.empty())
        say("Nothing waits for a person.");
    else if (!json)
        print_table({"approval", "case", "risk", "status", "what"}, rows);
    return exit_ok;
}

int decide(Config const& config, DecideOptions const& options, bool json) {
    auto const id = ApprovalId::parse(options.approval);
    auto const database = open_database(config, MayStart::no);
    store::ReadModel reads(database.url);
    auto const detail = id ? reads.approval(tenant, *id) : std::nullopt;
    if (!detail) {
        complain("There is no approval " + options.approval + "; `resolute approvals` lists them.");
        return exit_bad_input;
    }
    auto const card = resolute::approvals::detail_json(detail->approval, detail->decisions);
    if (!json) print_card(card);
    if (!options.yes && !confirmed(options.decision)) return exit_bad_input;
    auto random = system_random();
    SystemClock clock;
    auto const decision_id = to_string(uuid_v7(clock.now(), *random));
    Json const body{{"decision", options.decision},
                    {"digest", card["digest"]},
                    {"decisionId", decision_id},
                    {"by", options.by},
                    {"comment", options.comment}};
    auto decision = resolute::approvals::read_decision(body, detail->approval);
    if (!decision) {
        print_diagnostics(decision.diagnostics(), false);
        return exit_bad_input;
    }
    decision->groups = groups_of(config, options.by);
    auto const refused_before =
        static_cast<std::size_t>(std::ranges::count_if(detail->decisions, [&](auto const& row) {
            return !row.refused.empty() && row.by == options.by;
        }));
    store::Inbox(database.url)
        .post({MessageId::make(clock.now(), *random), detail->approval.run, *std::move(decision)});
    return report(reads, *id, decision_id, options.by, refused_before, json);
}

}  // namespace resolute::cli
