// What the API says of runs that belong together, and of runs against other versions.
#pragma once

#include "tests/cli/described_server.h"

namespace resolute::testing {

inline std::string const nobody = "00000000-0000-7000-8000-000000000000";

inline cli::Source flow(std::string const& name, std::string const& steps,
                 std::string const& version = "1.0.0") {
    return {"workflow",
            name + ".yaml",
            "document: { dsl: '1.0.3', namespace: t, name: " + name + ", version: '" + version +
                "' }\n" + steps,
            {},
            {}};
}

inline void about_relations(DescribedServer& server) {
    auto const listed = [&](std::string const& query) {
        return server.call("GET", "/api/v1/runs", {}, 200, {}, query)["items"];
    };
    auto const parent = server.start("starts", "C-9");
    auto const waiting = server.until_step(parent, "/do/1/one");
    CHECK(waiting["parent"].is_null());
    CHECK(waiting["steps"][0]["items"] == 2);
    CHECK(waiting["steps"][1]["items"].is_null());
    std::string const child = waiting["steps"][1]["run"];
    auto const first = server.until(child, "waiting");
    CHECK(first["parent"] == Json{{"run", parent}, {"step", "/do/1/one"}});
    CHECK(server.get("/api/v1/runs/{id}", parent)["counts"]["children"] == 3);
    CHECK(listed("?parent=" + parent).size() == 3);
    CHECK(listed("?status=completed&parent=" + parent).size() == 2);
    CHECK(listed("?parent=" + parent)[0]["id"] == child);
    CHECK(listed("?parent=" + child).empty());
    server.call("GET", "/api/v1/runs", {}, 400, {}, "?parent=me");
    server.call("GET", "/api/v1/runs", {}, 400, {}, "?forkedFrom=me");

    auto const fork = server.call("POST", "/api/v1/runs/{id}/fork", {child}, 201,
                                  {{"at", "/do/0/nap"}, {"by", "ann"}})["run"]["id"];
    auto const forked = server.until(fork, "waiting");
    CHECK(forked["forkedFrom"]["run"] == child);
    CHECK(forked["forkedFrom"]["sequence"] == 2);
    CHECK(forked["parent"].is_null());
    CHECK(server.get("/api/v1/runs/{id}", child)["counts"]["forks"] == 1);
    CHECK(listed("?forkedFrom=" + child)[0]["id"] == fork);

    Json const why{{"by", "ann"}, {"reason", "the bank is down"}};
    server.call("POST", "/api/v1/runs/{id}/pause", {child}, 202, why);
    CHECK(server.get("/api/v1/runs/{id}", child)["paused"] == why);
    for (auto const& run : {child, fork.get<std::string>()})
        server.call("POST", "/api/v1/runs/{id}/cancel", {run}, 202, why);
    server.until(parent, "faulted");
}

inline void about_versions(DescribedServer& server) {
    std::vector<std::string> open;
    for (int i = 0; i < 3; ++i) server.until(open.emplace_back(server.start("waits")), "waiting");
    server.publish(
        {flow("waits", "do:\n  - nap: { wait: PT1H }\n  - b: { set: { n: 2 } }\n", "2.0.0"),
         flow("waits", "do:\n  - nap: { wait: PT2H }\n", "3.0.0")});
    std::string const replay = "/api/v1/runs/{id}/replay";
    CHECK(server.call("POST", replay, {open[0]}, 200, {{"against", "2.0.0"}})["fits"] == true);
    auto const differs = server.call("POST", replay, {open[0]}, 200, {{"against", "3.0.0"}});
    CHECK(differs["fits"] == false);
    CHECK(differs["difference"]["step"] == "/do/0/nap");
    CHECK(server.call("POST", replay, {open[0]}, 404, {{"against", "9"}})["code"] ==
          "unknown_workflow");
    server.call("POST", replay, {nobody}, 404, {{"against", "2.0.0"}});
    server.call("POST", replay, {open[0]}, 400, {{"against", 2}});
    server.call("POST", replay, {open[0]}, 400, Json::object());

    std::string const migrate = "/api/v1/migrations";
    Json wish{{"workflow", "t/waits"}, {"to", "3.0.0"}, {"by", "ann"}, {"reason", "more to do"}};
    auto verdicts = [&](int status) { return server.call("POST", migrate, {}, status, wish); };
    auto const refused = verdicts(200)["items"];
    REQUIRE(refused.size() == 3);
    for (auto const& one : refused) CHECK(one["verdict"] == "illegal");
    wish["to"] = "2.0.0";
    wish["dryRun"] = true;
    auto const dry = verdicts(200);
    for (auto const& one : dry["items"]) CHECK(one["verdict"] == "legal");
    CHECK(server.get("/api/v1/runs/{id}", open[0])["workflow"]["version"] == "1.0.0");
    wish.erase("dryRun");
    wish["limit"] = 2;
    std::size_t migrated = 0;
    for (int pages = 0; pages < 9; ++pages) {
        auto const page = verdicts(200);
        CHECK(page["items"].size() <= 2);
        for (auto const& one : page["items"]) migrated += one["verdict"] == "migrated";
        if (page["next"].is_null()) break;
        wish["cursor"] = page["next"];
    }
    CHECK(migrated == 3);
    for (auto const& run : open)
        CHECK(server.get("/api/v1/runs/{id}", run)["workflow"]["version"] == "2.0.0");
    for (char const* cursor : {"asleep", "waiting.me", "completed"}) {
        wish["cursor"] = cursor;
        verdicts(400);
    }
    wish.erase("cursor");
    wish["limit"] = 501;
    verdicts(400);
    wish.erase("limit");
    wish["to"] = "9";
    CHECK(verdicts(404)["code"] == "unknown_workflow");
    wish.erase("by");
    verdicts(400);
}

}  // namespace resolute::testing
