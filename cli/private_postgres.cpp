#include "cli/private_postgres.h"

#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <system_error>

namespace resolute::cli {
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
namespace {

fs::path fresh_folder(std::string pattern, std::optional<Account> const& owner, mode_t mode) {
    if (!mkdtemp(pattern.data())) fail("cannot make a folder like " + pattern);
    if (chmod(pattern.c_str(), mode) != 0) fail("cannot set the mode of " + pattern);
    if (owner) give_to(*owner, pattern);
    return pattern;
}

// The folder that the data goes to: `wanted`, unless the server's account cannot reach it because a
// folder above it is closed, as root's home is. Then a folder of its own, which `wanted/server`
// points to, so that removing `wanted` really starts afresh.
fs::path reachable_folder(fs::path const& wanted, std::optional<Account> const& account) {
    if (!account || can_reach(*account, wanted)) return wanted;
    auto const pointer = wanted / "server";
    if (fs::is_symlink(pointer) && fs::is_directory(pointer)) return fs::read_symlink(pointer);
    fs::path const apart = "/var/lib/resolute";
    fs::create_directories(apart);
    auto made = fresh_folder((apart / "XXXXXX").string(), std::nullopt, 0755);
    fs::remove(pointer);
    fs::create_directory_symlink(made, pointer);
    return made;
}

bool is_ours(fs::path const& folder, std::optional<Account> const& account) {
    struct stat found{};
    return lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
           found.st_uid == (account ? account->user : geteuid());
}

// The folder of the socket: beside the data, or under /tmp when that path is too long for a socket.
// A link remembers the latter, so that the address stays the same for the next owner.
fs::path socket_folder(fs::path const& home, std::optional<Account> const& account) {
    auto beside = home / "socket";
    if ((beside / ".s.PGSQL.5432").string().size() <= limits::socket_path_bytes) {
        if (fs::create_directory(beside)) fs::permissions(beside, fs::perms::owner_all);
        if (account) give_to(*account, beside);
        return beside;
    }
    if (fs::is_symlink(beside) && is_ours(fs::read_symlink(beside), account))
        return fs::read_symlink(beside);
    auto made = fresh_folder("/tmp/resolute-XXXXXX", account, 0700);
    fs::remove(beside);
    fs::create_directory_symlink(made, beside);
    return made;
}

// The process that holds the data directory, going by its lock file.
std::optional<pid_t> holder_of(fs::path const& data) {
    std::ifstream lock(data / "postmaster.pid");
    pid_t pid = 0;
    if (!(lock >> pid)) return std::nullopt;
    std::ifstream name_of("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    if (!(name_of >> name) || name != "postgres") return std::nullopt;  // a stale file
    return pid;
}

}  // namespace

PrivatePostgres::PrivatePostgres(PrivatePostgresOptions options) : options_(std::move(options)) {
    try {
        options_.folder = fs::absolute(options_.folder);
        fs::create_directories(options_.folder);
        account_ = server_account(options_.folder / "data");
        auto const home = reachable_folder(options_.folder, account_);
        data_ = home / "data";
        account_ = server_account(data_);
        log_ = options_.folder / "postgres.log";
        programs_ = choose_postgres(installed_postgres(), data_version(data_));
        if (!fs::exists(data_)) make_data();
        wait_for_predecessor();
        socket_ = socket_folder(home, account_);
        start();
    } catch (PostgresUnavailable const&) {
        throw;
    } catch (std::exception const& e) {
        throw PostgresUnavailable("cannot start a private PostgreSQL in " +
                                  options_.folder.string() + ": " + e.what());
    }
}

PrivatePostgres::~PrivatePostgres() { stop(); }

std::string PrivatePostgres::connection_string(std::string const& database) const {
    return "postgresql://postgres@/" + database + "?host=" + socket_.string() + "&port=5432";
}

// Made beside its place and moved there when complete, so that data that exists is whole.
void PrivatePostgres::make_data() {
    auto const unfinished = data_.string() + ".new";
    fs::remove_all(unfinished);
    fs::create_directory(unfinished);
    if (account_) give_to(*account_, unfinished);
    auto const initdb = (programs_.folder / "initdb").string();
    ChildProgram program({.command = {initdb, "-D", unfinished, "-U", "postgres", "-A", "trust",
                                      "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                          .account = account_,
                          .output = log_,
                          .on_parent_death = SIGKILL});
    auto const status = program.wait(milliseconds(limits::postgres_start_ms));
    if (status != 0)
        throw PostgresUnavailable("initdb could not make " + data_.string() + last_words());
    fs::rename(unfinished, data_);
}

std::vector<std::string> PrivatePostgres::server_command() const {
    std::vector<std::string> command{(programs_.folder / "postgres").string(), "-D", data_.string(),
                                     "-k", socket_.string()};
    auto set = [&](std::string const& setting) {
        command.push_back("-c");
        command.push_back(setting);
    };
    set("listen_addresses=");
    set("port=5432");  // names the socket only; said aloud because PGPORT would change it
    for (auto const& setting : options_.settings) set(setting);
    return command;
}

void PrivatePostgres::start() {
    if (is_running()) return;
    server_ = std::make_unique<ChildProgram>(ChildOptions{.command = server_command(),
                                                          .account = account_,
                                                          .output = log_,
                                                          .on_parent_death = SIGINT});
    wait_until_ready();
}

// After our own kill -9 the last server may still be shutting down; give it the time it needs.
void PrivatePostgres::wait_for_predecessor() {
    auto const holder = holder_of(data_);
    if (!holder || has_ended(*holder, milliseconds(options_.predecessor_ms))) return;
    auto const pid = std::to_string(*holder);
    throw PostgresUnavailable("another PostgreSQL (process " + pid + ") runs on " + data_.string() +
                              ": stop whatever started it, or `kill -INT " + pid + "`");
}

void PrivatePostgres::wait_until_ready() {
    auto const target = connection_string();
    auto const deadline = Clock::now() + milliseconds(limits::postgres_start_ms);
    while (PQping(target.c_str()) != PQPING_OK) {
        // Waiting for its end is the pause between two attempts, and an early end is seen at once.
        bool const ended = server_->wait(milliseconds(limits::postgres_ping_ms)).has_value();
        if (!ended && Clock::now() < deadline) continue;
        server_.reset();
        throw PostgresUnavailable("PostgreSQL did not start on " + data_.string() + last_words());
    }
}

void PrivatePostgres::stop() {
    if (!server_) return;
    milliseconds const grace(limits::postgres_stop_ms);
    server_->signal(SIGINT);
    if (!server_->wait(grace)) server_->signal(SIGQUIT);
    server_->wait(grace);
    server_.reset();  // kills it if even that did not help
}

void PrivatePostgres::stop_immediate() {
    if (!server_) return;
    server_->signal(SIGQUIT);
    server_->wait(milliseconds(limits::postgres_stop_ms));
    server_.reset();
}

bool PrivatePostgres::is_running() {
    if (server_ && server_->wait(milliseconds(0))) server_.reset();
    return server_ != nullptr;
}

pid_t PrivatePostgres::pid() const { return server_->pid(); }

std::string PrivatePostgres::last_words() const {
    std::ifstream log(log_);
    std::deque<std::string> lines;
    for (std::string line; std::getline(log, line);) {
        lines.push_back(line);
        if (lines.size() > limits::postgres_log_lines) lines.pop_front();
    }
    std::string text = "; the end of " + log_.string() + ":";
    for (auto const& line : lines) text += "\n  " + line;
    return text;
}

}  // namespace resolute::cli
