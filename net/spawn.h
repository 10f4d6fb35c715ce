// fork and exec, done right for a program with threads. Internal to Process; no Asio here.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace resolute::net {

struct SpawnRequest {
    std::vector<std::string> command;
    std::vector<std::pair<std::string, std::string>> environment;
    bool inherits_environment = true;
    std::string directory;
};

// Descriptors belong to the caller, who also reaps the child.
struct Spawned {
    int pid = -1;
    int pid_descriptor = -1;  // readable when the child has ended (pidfd_open(2))
    int input = -1;           // we write
    int output = -1;          // we read
    int error = -1;           // we read
};

// The child gets its own process group, default signals and SIGKILL when the calling *thread* ends,
// so call it from a thread that lives long. Throws CannotStart (net/process.h), also when exec
// fails in the child.
Spawned spawn(SpawnRequest const& request);

}  // namespace resolute::net
