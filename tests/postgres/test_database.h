// A fresh database for one scenario, on one private server that the whole test program shares.
//
// The server starts with the first database (about 1 s) and stops with the program. Databases are
// copies of a template, so that each scenario gets the schema without running the migrations.
// Throws resolute::cli::PostgresUnavailable when there is no server. One thread at a time.
#pragma once

#include <functional>
#include <string>

#include "cli/private_postgres.h"

namespace resolute::testing {

// The server itself, for tests that stop it, start it again or read its log.
cli::PrivatePostgres& shared_server();

class TestDatabase {
  public:
    TestDatabase();  // empty

    // A copy of the template `name`; `prepare` fills the template the first time that the program
    // asks for it, given its connection string, and must have closed its connections on return.
    TestDatabase(std::string const& name, std::function<void(std::string const&)> const& prepare);

    TestDatabase(TestDatabase const&) = delete;
    TestDatabase& operator=(TestDatabase const&) = delete;
    ~TestDatabase();  // drops it, cutting what is still connected; none if the server is down

    std::string const& connection_string() const { return connection_string_; }

    // Runs statements and returns the first column of the first row, or "" when there is none.
    std::string run(std::string const& sql) const;

  private:
    std::string name_;
    std::string connection_string_;
};

}  // namespace resolute::testing
