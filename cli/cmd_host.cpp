// serve, dev, postgres, migrate, config: the commands that keep something running or prepare it.
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/host.h"
#include "cli/output.h"
#include "engine/store/schema.h"

namespace resolute::cli {
namespace {

namespace fs = std::filesystem;

// The built console lies beside the program, or where the build put it.
std::string assets_folder() {
    auto const here = fs::read_symlink("/proc/self/exe").parent_path();
    for (auto const& candidate :
         {here / "console", here / "../share/resolute/console", here / "../../../console/web/dist"})
        if (fs::exists(candidate / "index.html")) return fs::canonical(candidate).string();
    return {};
}

void announce(Host const& host, std::string const& database, bool json) {
    if (json) return print_json({{"listening", host.url()}, {"database", database}});
    say("resolute is at " + toned(Tone::bold, host.url()) +
        ", open to everyone on this machine and to nobody else");
}


// What a folder's definitions looked like when they were last read.
std::map<std::string, fs::file_time_type> stamps(std::string const& folder) {
    std::map<std::string, fs::file_time_type> all;
    for (char const* part : {"workflows", "tools", "servers", "policies"}) {
        auto const place = fs::path(folder) / part;
        if (!fs::is_directory(place)) continue;
        for (auto const& entry : fs::directory_iterator(place))
            all[entry.path().string()] = entry.last_write_time();
    }
    return all;
}

bool publish_folder(Config const& config, std::string const& database) {
    auto sources = read_project(config.project);
    auto compiled = sources ? compile(*std::move(sources), compile_options(config))
                            : Result<Compiled>(sources.diagnostics());
    if (!compiled) {
        print_diagnostics(compiled.diagnostics(), false);
        return false;
    }
    print_diagnostics(compiled->warnings, false);
    Library library(database);
    library.publish(compiled->sources, Library::Extent::whole, "dev", SystemClock().now());
    return true;
}

}  // namespace

int serve(Config const& config, bool json) {
    auto const database = open_database(config, MayStart::no);
    Host host(config, database.url, {.mode = "serve", .console = true, .assets = assets_folder()});
    announce(host, database.url, json);
    host.wait_for_signal();
    host.stop();
    return exit_ok;
}

int dev(Config const& config, bool json) {
    auto const database = open_database(config, MayStart::yes);
    if (!database.own) store::migrate(database.url);
    leave_note(config, database.url);
    if (!publish_folder(config, database.url))
        complain("The project has errors; mend them and they are read again.");
    Host host(config, database.url, {.mode = "dev", .console = true, .assets = assets_folder()});
    announce(host, database.url, json);
    auto seen = stamps(config.project);
    std::jthread watching([&](std::stop_token const& stopping) {
        while (!stopping.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(limits::watch_poll_ms));
            auto const now = stamps(config.project);
            if (now == seen) continue;
            seen = now;
            if (publish_folder(config, database.url)) complain("read again: " + config.project);
        }
    });
    host.wait_for_signal();
    watching.request_stop();
    host.stop();
    remove_note(config);
    return exit_ok;
}

// SIGTERM and SIGINT stop it in good order, SIGQUIT like a power cut.
int postgres(std::string const& folder, bool json) {
    sigset_t set;
    sigemptyset(&set);
    for (int const signal : {SIGINT, SIGTERM, SIGQUIT}) sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    PrivatePostgres server({.folder = folder, .settings = {}});
    if (json) print_json({{"database", server.connection_string()}, {"pid", server.pid()}});
    else say("PostgreSQL is up: " + server.connection_string());
    int which = 0;
    sigwait(&set, &which);
    if (which == SIGQUIT) server.stop_immediate();
    else server.stop();
    return exit_ok;
}

int migrate(Config const& config, bool json) {
    auto const database = open_database(config, MayStart::no);
    auto const report = store::migrate(database.url);
    if (json) print_json({{"applied", report.applied}, {"version", report.version}});
    else
        say(report.applied == 0
                ? "The schema is up to date (version " + std::to_string(report.version) + ")."
                : "Applied " + std::to_string(report.applied) +
                      " migrations; the schema is at version " + std::to_string(report.version) +
                      ".");
    return exit_ok;
}

int show_config(Config const& config, bool json) {
    std::vector<std::vector<std::string>> rows;
    Json all = Json::array();
    for (auto const& setting : config.settings) {
        auto const shown =
            setting.secret && !setting.value.empty() ? std::string("(set)") : setting.value;
        rows.push_back({setting.name, shown, setting.source});
        all.push_back({{"name", setting.name}, {"value", shown}, {"source", setting.source}});
    }
    if (json) print_json(all);
    else print_table({"setting", "value", "from"}, rows);
    return exit_ok;
}

}  // namespace resolute::cli
