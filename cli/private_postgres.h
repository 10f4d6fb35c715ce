// A PostgreSQL server of our own in a folder: what `resolute dev` and the tests run on.
//
// It listens on a Unix socket in a folder that only its owner can enter, never on the network, and
// ends with the thread that started it. Not thread-safe. Every failure is PostgresUnavailable,
// whose message carries the server's own last words and a remedy.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "cli/account.h"
#include "cli/child_program.h"
#include "cli/postgres_programs.h"

namespace resolute::cli {

struct PrivatePostgresOptions {
    std::filesystem::path folder;       // made when missing; keeps the data and the log
    std::vector<std::string> settings;  // "name=value", as after `postgres -c`
    int predecessor_ms = limits::postgres_stop_ms;  // to wait for a server that still stops there
};

class PrivatePostgres {
  public:
    // Makes the data on first use (about 0.6 s), starts the server, returns when it answers.
    explicit PrivatePostgres(PrivatePostgresOptions options);
    PrivatePostgres(PrivatePostgres const&) = delete;
    PrivatePostgres& operator=(PrivatePostgres const&) = delete;
    ~PrivatePostgres();  // stop()

    // For libpq and libpqxx. The same for every owner of the folder, so that programs that were
    // given it find the server again after it was gone.
    std::string connection_string(std::string const& database = "postgres") const;

    void start();           // again, on the data that is there; nothing when it runs
    void stop();            // in good order: sessions are cut, everything is on disk
    void stop_immediate();  // like a power cut: the next start recovers from the log
    bool is_running();

    pid_t pid() const;  // of the server; it must run
    std::filesystem::path const& log_file() const { return log_; }

  private:
    void make_data();
    void wait_for_predecessor();
    void wait_until_ready();
    std::vector<std::string> server_command() const;
    std::string last_words() const;

    PrivatePostgresOptions options_;
    std::optional<Account> account_;
    std::filesystem::path data_;
    std::filesystem::path log_;
    std::filesystem::path socket_;
    PostgresPrograms programs_;
    std::unique_ptr<ChildProgram> server_;
};

}  // namespace resolute::cli
