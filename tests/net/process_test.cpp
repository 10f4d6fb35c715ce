#include "net/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/catch.h"
#include "tests/net/awaited.h"

using namespace resolute;
using namespace resolute::net;
using std::chrono::milliseconds;

namespace {

struct Ended {
    Exit exit;
    std::string output;  // lines joined by '|', cut ones marked
    std::string error;
};

// Collects what a process says until it ends; shared with the callbacks.
struct Record {
    std::string output;
    std::string error;
    Awaited<Ended> ended;
};

ProcessOptions recorded(std::vector<std::string> command, std::shared_ptr<Record> record) {
    ProcessOptions options;
    options.command = std::move(command);
    options.on_output = [record](LineSplitter::Line line) {
        record->output += std::string(line.text) + (line.is_cut ? " (cut)|" : "|");
    };
    options.on_error = [record](LineSplitter::Line line) {
        record->error += std::string(line.text) + "|";
    };
    options.on_exit = [record](Exit exit) {
        record->ended.set({exit, record->output, record->error});
    };
    return options;
}

std::vector<std::string> shell(std::string script) { return {"/bin/sh", "-c", std::move(script)}; }

Ended run(std::vector<std::string> command) {
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    Process process(runtime, recorded(std::move(command), record));
    return record->ended.get();
}

// From /proc: 'Z' for a zombie, none when there is no such process.
std::optional<char> state_of(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    auto const end = text.rfind(')');
    if (end == std::string::npos) return std::nullopt;
    return text[end + 2];
}

void wait_until_gone(int pid) {
    int const watch = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (watch < 0) return;
    pollfd ended{watch, POLLIN, 0};
    int const ready = ::poll(&ended, 1, 10'000);
    ::close(watch);
    if (ready != 1) FAIL("process " << pid << " is still alive");
}

}  // namespace

TEST_CASE("a child's lines arrive, then its exit code") {
    auto const ended = run(shell("echo one; echo problem >&2; printf 'two\\nno newline'; exit 3"));
    CHECK(ended.output == "one|two|no newline|");
    CHECK(ended.error == "problem|");
    CHECK(ended.exit.code == 3);
    CHECK(to_string(ended.exit) == "exited with code 3");
}

TEST_CASE("what is written reaches the child in order") {
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    Process process(runtime, recorded({"cat"}, record));
    std::string expected;
    for (int i = 0; i < 2000; ++i) {
        REQUIRE(process.write(std::to_string(i) + "\n") == Process::Written::queued);
        expected += std::to_string(i) + "|";
    }
    process.close_input();
    CHECK(process.write("late\n") == Process::Written::closed);
    CHECK(record->ended.get().output == expected);
}

TEST_CASE("a child that does not read fills a bounded queue") {
    Runtime runtime;
    runtime.start();
    auto options = recorded({"sleep", "1000"}, std::make_shared<Record>());
    options.max_queued_bytes = 200'000;
    Process process(runtime, options);
    auto written = Process::Written::queued;
    for (int i = 0; i < 1000 && written == Process::Written::queued; ++i)
        written = process.write(std::string(10'000, 'x'));
    CHECK(written == Process::Written::full);
}

TEST_CASE("writing to a child that is gone says so") {
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    Process process(runtime, recorded({"true"}, record));
    record->ended.get();
    CHECK(process.write("x") == Process::Written::closed);
}

TEST_CASE("an endless line is cut") {
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    auto options =
        recorded(shell("head -c 100000 /dev/zero | tr '\\0' x; echo; echo next"), record);
    options.max_line_bytes = 10;
    Process process(runtime, options);
    CHECK(record->ended.get().output == "xxxxxxxxxx (cut)|next|");
}

TEST_CASE("a program that does not exist is an exception with its name") {
    Runtime runtime;
    runtime.start();
    auto const command = GENERATE("no-such-program-anywhere", "/no/such/program", "/etc/passwd");
    try {
        Process process(runtime, recorded({command}, std::make_shared<Record>()));
        FAIL("it started");
    } catch (CannotStart const& error) {
        CHECK_THAT(error.what(), ContainsSubstring(command));
    }
    CHECK_THROWS_AS(Process(runtime, {}), CannotStart);
}

TEST_CASE("a polite child ends on SIGTERM, a stubborn one on SIGKILL") {
    bool const is_stubborn = GENERATE(false, true);
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    Awaited<bool> ready;
    auto options =
        recorded(shell(is_stubborn ? "trap '' TERM; echo ready; while :; do sleep 1000; done"
                                   : "echo ready; exec sleep 1000"),
                 record);
    options.on_output = [ready](LineSplitter::Line) { ready.set(true); };
    options.kill_grace = milliseconds(30);
    Process process(runtime, options);
    ready.get();
    process.kill();
    CHECK(record->ended.get().exit.signal == (is_stubborn ? SIGKILL : SIGTERM));
}

TEST_CASE("grandchildren do not outlive the child") {
    auto const ended = run(shell("sleep 1000 & echo $!"));
    wait_until_gone(std::stoi(ended.output));
}

TEST_CASE("dropping the handle kills the child and calls nobody back") {
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    int pid = 0;
    {
        Process process(runtime, recorded({"sleep", "1000"}, record));
        pid = process.pid();
    }
    wait_until_gone(pid);
    runtime.stop();
    CHECK(record->ended.deliveries() == 0);
}

TEST_CASE("a runtime that stops takes its children with it and leaves no zombie") {
    int pid = 0;
    {
        Runtime runtime;
        runtime.start();
        Process process(runtime, recorded({"sleep", "1000"}, std::make_shared<Record>()));
        pid = process.pid();
    }
    CHECK_FALSE(state_of(pid));
}

TEST_CASE("the child inherits no descriptor and no blocked signal, and leads its own group") {
    int const leak = ::open("/etc/passwd", O_RDONLY);  // without O_CLOEXEC on purpose
    REQUIRE(leak > 2);
    auto const ended =
        run(shell("ls /proc/$$/fd | tr '\\n' ' '; grep -E 'SigBlk|SigIgn' /proc/self/status; "
                  "ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat; echo $$"));
    ::close(leak);
    CHECK(ended.output.starts_with("0 1 2 "));
    CHECK_THAT(ended.output, ContainsSubstring("SigBlk:\t0000000000000000"));
    CHECK_THAT(ended.output, ContainsSubstring("SigIgn:\t0000000000000000"));
    std::istringstream lines(ended.output);
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line, '|');) all.push_back(line);
    REQUIRE(all.size() == 4);
    CHECK(std::stoi(all[2]) == std::stoi(all[3]));
}

TEST_CASE("environment and directory are as asked") {
    Runtime runtime;
    runtime.start();
    auto const record = std::make_shared<Record>();
    auto options = recorded({"/bin/sh", "-c", "echo $COLOUR $HOME; pwd"}, record);
    options.environment = {{"COLOUR", "green"}, {"HOME", "/nowhere"}};
    options.directory = "/proc";
    Process process(runtime, options);
    CHECK(record->ended.get().output == "green /nowhere|/proc|");
}

TEST_CASE("a child needs a runtime that has been started") {
    Runtime runtime;
    CHECK_THROWS_AS(Process(runtime, recorded({"true"}, std::make_shared<Record>())),
                    std::logic_error);
}
