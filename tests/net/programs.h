// Where the programs of this build lie, for tests that run them as real processes.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace resolute::net {

// Tests are in <build>/tests, programs in <build>/bin.
inline std::string program(std::string const& name) {
    auto const self = std::filesystem::read_symlink("/proc/self/exe");
    return (self.parent_path().parent_path() / "bin" / name).string();
}

// A directory that is gone when the test case is.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "resolute-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error("no temporary directory");
        path_ = pattern;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;  // nothing depends on it being gone
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(TemporaryDirectory const&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;

    std::string file(std::string const& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace resolute::net
