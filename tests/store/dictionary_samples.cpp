// Not a test: writes what rows of a database's histories hold into files, one for each row, from
// which `zstd --train` makes a dictionary (engine/store/compression.h).
//
//   dictionary_samples DATABASE_URL FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/store/connection.h"
#include "engine/store/run_rows.h"

using namespace resolute::store;

namespace {

Query const all_rows{"all_rows",
                     "select sequence, at, kinds, body, chain from resolute.history "
                     "order by run_id, sequence"};

void write_samples(std::string const& url, std::filesystem::path const& folder) {
    Connection connection({.url = url, .application = "dictionary samples"});
    auto const rows = connection.run(all_rows);
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::ofstream file(folder / std::to_string(i));
        // Of bodies alone, so it does not matter whose they are.
        for (auto const& event : unpacked({}, history_row_at(rows, i))) file << event.body;
    }
    std::printf("%zu samples\n", rows.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: dictionary_samples DATABASE_URL FOLDER\n");
        return 2;
    }
    try {
        write_samples(argv[1], argv[2]);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "dictionary_samples: %s\n", error.what());
        return 1;
    }
}
