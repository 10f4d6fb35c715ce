#include "tests/postgres/test_database.h"

#include <libpq-fe.h>

#include <filesystem>
#include <memory>
#include <set>
#include <stdexcept>

#include "base/log.h"

namespace resolute::testing {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string execute(std::string const& target, std::string const& sql) {
    Connection connection(PQconnectdb(target.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        throw std::runtime_error(PQerrorMessage(connection.get()));
    Answer answer(PQexec(connection.get(), sql.c_str()), &PQclear);
    auto const status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

std::string administer(std::string const& sql) {
    return execute(shared_server().connection_string(), sql);
}

// The folder under /tmp that the server of this program lives in.
class Folder {
  public:
    Folder() {
        std::string pattern = "/tmp/resolute-test-XXXXXX";
        if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
        std::filesystem::permissions(pattern, std::filesystem::perms(0711));
        path = pattern;
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    ~Folder() {
        std::error_code kept;
        std::filesystem::remove_all(path, kept);
    }
    std::filesystem::path path;
};

std::string fresh_name() {
    static int count = 0;
    return "scenario_" + std::to_string(++count);
}

std::string template_called(std::string const& name,
                            std::function<void(std::string const&)> const& prepare) {
    static std::set<std::string> ready;
    auto const database = "template_" + name;
    if (ready.contains(name)) return database;
    administer("create database " + database);
    prepare(shared_server().connection_string(database));
    ready.insert(name);
    return database;
}

}  // namespace

cli::PrivatePostgres& shared_server() {
    static Folder folder;
    // A test kills processes and never cuts the power: there is no need to wait for the disk.
    static cli::PrivatePostgres server({.folder = folder.path,
                                        .settings = {"fsync=off", "full_page_writes=off",
                                                     "max_connections=60"}});
    return server;
}

TestDatabase::TestDatabase() : name_(fresh_name()) {
    administer("create database " + name_);
    connection_string_ = shared_server().connection_string(name_);
}

TestDatabase::TestDatabase(std::string const& name,
                           std::function<void(std::string const&)> const& prepare)
    : name_(fresh_name()) {
    administer("create database " + name_ + " template " + template_called(name, prepare));
    connection_string_ = shared_server().connection_string(name_);
}

TestDatabase::~TestDatabase() {
    if (!shared_server().is_running()) return;
    try {
        administer("drop database if exists " + name_ + " with (force)");
    } catch (std::exception const& e) {  // the server is going down, and the database with it
        log::warn("database=" + name_ + " not_dropped=" + e.what());
    }
}

std::string TestDatabase::run(std::string const& sql) const {
    return execute(connection_string_, sql);
}

}  // namespace resolute::testing
