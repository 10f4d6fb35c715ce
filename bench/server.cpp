#include "bench/server.h"

#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include "bench/allocations.h"
#include "bench/queries.h"
#include "engine/store/schema.h"

namespace resolute::bench {
namespace fs = std::filesystem;
namespace {

double seconds_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

fs::path fresh_folder() {
    auto pattern = (fs::temp_directory_path() / "resolute-bench-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        throw std::system_error(errno, std::generic_category(), "cannot make " + pattern);
    fs::permissions(pattern, fs::perms(0711));  // the server may run under another account
    return pattern;
}

// CPU ticks of a process that is `wanted` or its child; the name of a process may hold spaces, so
// fields count from its closing bracket (proc(5)).
std::optional<double> ticks_of(fs::path const& process, pid_t wanted) {
    std::ifstream file(process / "stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;  // it ended meanwhile
    auto const bracket = line.rfind(')');
    if (bracket == std::string::npos) return std::nullopt;
    std::istringstream fields(line.substr(bracket + 1));
    std::string state;
    pid_t parent = 0;
    fields >> state >> parent;
    if (parent != wanted && process.filename() != std::to_string(wanted)) return std::nullopt;
    std::string skipped;
    for (int field = 5; field < 14; ++field) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return user + system;
}

}  // namespace

double seconds_now() { return seconds_of(CLOCK_MONOTONIC); }

Server::Server() : folder_(fresh_folder()) {
    postgres_ = std::make_unique<cli::PrivatePostgres>(cli::PrivatePostgresOptions{
        .folder = folder_,
        .settings = {"fsync=on", "synchronous_commit=on", "full_page_writes=on",
                     "shared_buffers=512MB", "max_wal_size=4GB", "min_wal_size=2GB"}});
    store::migrate(url());
    watch_ = std::make_unique<store::Connection>(
        store::ConnectionOptions{.url = url(), .application = "bench watch"});
}

Server::~Server() {
    watch_.reset();
    postgres_.reset();
    std::error_code kept;  // what cannot be removed is a temporary file
    fs::remove_all(folder_, kept);
}

void Server::wear_in() {
    constexpr int files = 100;  // of 16 MiB each: fewer than `min_wal_size` keeps
    for (int i = 0; i < files; ++i) watch_->run(queries::next_log_file);
    checkpoint();
}

void Server::checkpoint() { watch_->run_script("checkpoint"); }

std::map<std::string, std::string> Server::settings() {
    std::map<std::string, std::string> settings;
    auto const rows = watch_->run(queries::server_settings);
    for (std::size_t i = 0; i < rows.size(); ++i)
        settings[rows.at(i, 0).text()] = rows.at(i, 1).text();
    return settings;
}

Usage Server::usage() {
    auto const wal = watch_->run(queries::wal_position).at(0, 0).integer();
    auto const work = watch_->run(queries::server_work);
    return {.wall_s = seconds_now(),
            .engine_cpu_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID),
            .server_cpu_s = cpu_seconds(),
            .wal_bytes = wal,
            .allocations = allocations(),
            .transactions = work.at(0, 0).integer(),
            .dead_rows = work.at(0, 1).integer(),
            .dead_entries = work.at(0, 2).integer()};
}

double Server::cpu_seconds() const {
    double ticks = 0;
    for (auto const& entry : fs::directory_iterator("/proc")) {
        auto const name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        ticks += ticks_of(entry.path(), postgres_->pid()).value_or(0);
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace resolute::bench
