#include "cli/private_postgres.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/catch.h"

using namespace resolute::cli;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string pattern = "/tmp/resolute-test-XXXXXX";
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path = pattern;
        fs::permissions(path, fs::perms(0711));
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
};

std::string ask(std::string const& target, std::string const& sql) {
    auto* connection = PQconnectdb(target.c_str());
    auto* answer = PQexec(connection, sql.c_str());
    std::string const error = PQerrorMessage(connection);
    std::string const text = PQntuples(answer) > 0 ? PQgetvalue(answer, 0, 0) : error;
    PQclear(answer);
    PQfinish(connection);
    return text;
}

std::string refusal(PrivatePostgresOptions options) {
    try {
        PrivatePostgres server(std::move(options));
    } catch (PostgresUnavailable const& e) {
        return e.what();
    }
    return "";
}

}  // namespace

SCENARIO("a private server answers on a socket that only its owner can reach") {
    Folder folder;
    PrivatePostgres server({.folder = folder.path / "deep" / "folder", .settings = {"fsync=off"}});
    auto const target = server.connection_string();
    REQUIRE(ask(target, "select 1 + 1") == "2");
    REQUIRE(ask(target, "show listen_addresses").empty());
    REQUIRE(ask(target, "show fsync") == "off");

    fs::path const socket = ask(target, "show unix_socket_directories");
    struct stat found {};
    REQUIRE(stat(socket.c_str(), &found) == 0);
    REQUIRE((found.st_mode & 0777) == 0700);
}

SCENARIO("what was committed is there after a stop and after a power cut, at the same address") {
    Folder folder;
    PrivatePostgres server({.folder = folder.path, .settings = {}});
    auto const target = server.connection_string();
    ask(target, "create table kept as select 7 as value");

    server.stop();
    REQUIRE_FALSE(server.is_running());
    server.start();
    REQUIRE(server.connection_string() == target);
    REQUIRE(ask(target, "select value from kept") == "7");

    ask(target, "update kept set value = 8");
    server.stop_immediate();
    REQUIRE_FALSE(server.is_running());
    server.start();
    REQUIRE(ask(target, "select value from kept") == "8");
}

SCENARIO("a server that dies by itself is noticed and can be started again") {
    Folder folder;
    PrivatePostgres server({.folder = folder.path, .settings = {"fsync=off"}});
    kill(server.pid(), SIGQUIT);
    REQUIRE(has_ended(server.pid(), std::chrono::seconds(10)));
    REQUIRE_FALSE(server.is_running());
    server.start();
    REQUIRE(ask(server.connection_string(), "select 1") == "1");
}

SCENARIO("a new owner finds the data that the last one left, at the same address") {
    Folder folder;
    std::string address;
    {
        PrivatePostgres first({.folder = folder.path, .settings = {}});
        address = first.connection_string();
        ask(address, "create table kept as select 7 as value");
    }
    PrivatePostgres second({.folder = folder.path, .settings = {}});
    REQUIRE(second.connection_string() == address);
    REQUIRE(ask(address, "select value from kept") == "7");
}

SCENARIO("a folder whose path is too long for a socket has its socket elsewhere") {
    Folder folder;
    auto const deep = folder.path / std::string(90, 'x');
    std::string address;
    {
        PrivatePostgres first({.folder = deep, .settings = {"fsync=off"}});
        address = first.connection_string();
        REQUIRE(ask(address, "select 1") == "1");
    }
    {
        PrivatePostgres second({.folder = deep, .settings = {"fsync=off"}});
        REQUIRE(second.connection_string() == address);
    }
    fs::remove_all(fs::read_symlink(deep / "socket"));
}

SCENARIO("the server goes when its owner is killed, and the next owner starts it again") {
    Folder folder;
    { PrivatePostgres prepared({.folder = folder.path, .settings = {}}); }
    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    pid_t const owner = fork();
    if (owner == 0) {
        PrivatePostgres server({.folder = folder.path, .settings = {}});
        pid_t const pid = server.pid();
        if (write(pipe_ends[1], &pid, sizeof pid) != sizeof pid) _exit(1);
        pause();
        _exit(0);
    }
    pid_t server = 0;
    REQUIRE(read(pipe_ends[0], &server, sizeof server) == sizeof server);
    kill(owner, SIGKILL);
    waitpid(owner, nullptr, 0);
    REQUIRE(has_ended(server, std::chrono::seconds(20)));
    PrivatePostgres next({.folder = folder.path, .settings = {}});
    REQUIRE(ask(next.connection_string(), "select 1") == "1");
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

SCENARIO("a second owner of one folder is told who holds it") {
    Folder folder;
    PrivatePostgres first({.folder = folder.path, .settings = {}});
    auto const why = refusal({.folder = folder.path, .settings = {}, .predecessor_ms = 1});
    auto const holder = "another PostgreSQL (process " + std::to_string(first.pid());
    REQUIRE_THAT(why, ContainsSubstring(holder));
    REQUIRE_THAT(why, ContainsSubstring("kill -INT"));
}

SCENARIO("a server that cannot start says so in its own last words") {
    Folder folder;
    auto const why = refusal({.folder = folder.path, .settings = {"no_such_setting=1"}});
    REQUIRE_THAT(why, ContainsSubstring("did not start"));
    REQUIRE_THAT(why, ContainsSubstring("no_such_setting"));
}

SCENARIO("a folder that cannot be made is an error with the place in it") {
    Folder folder;
    std::ofstream(folder.path / "file") << "not a folder";
    auto const why = refusal({.folder = folder.path / "file" / "below", .settings = {}});
    REQUIRE_THAT(why, ContainsSubstring("cannot start a private PostgreSQL in"));
    REQUIRE_THAT(why, ContainsSubstring("below"));
}

SCENARIO("root keeps the data apart when the server's account cannot reach the folder") {
    if (geteuid() != 0) return;
    Folder folder;
    auto const closed = folder.path / "home";
    fs::create_directory(closed);
    fs::permissions(closed, fs::perms(0700));
    fs::path apart;
    {
        PrivatePostgres server({.folder = closed / "project", .settings = {"fsync=off"}});
        apart = fs::read_symlink(closed / "project" / "server");
        REQUIRE(ask(server.connection_string(), "show data_directory") == (apart / "data"));
        ask(server.connection_string(), "create table kept as select 7 as value");
    }
    {
        PrivatePostgres again({.folder = closed / "project", .settings = {"fsync=off"}});
        REQUIRE(ask(again.connection_string(), "select value from kept") == "7");
    }
    fs::remove_all(apart);
}

SCENARIO("the right version of PostgreSQL is chosen, or the reason says what to install") {
    std::vector<PostgresPrograms> const both{{"/newer", 17}, {"/older", 15}};
    CHECK(choose_postgres(both, std::nullopt).folder == "/newer");
    CHECK(choose_postgres(both, 15).folder == "/older");
    CHECK_THROWS_WITH(choose_postgres(both, 16), ContainsSubstring("install postgresql-16"));
    CHECK_THROWS_WITH(choose_postgres({}, std::nullopt), ContainsSubstring("./dev setup"));
    CHECK_THROWS_WITH(choose_postgres({{"/old", 13}}, std::nullopt), ContainsSubstring("too old"));
}
