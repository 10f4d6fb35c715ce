// The payments service of the refund example as a program of its own.
#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <future>
#include <iostream>

#include "examples/refund/services/payments/service.h"

namespace {

resolute::Json read_json_file(std::string const& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error(path + " cannot be read");
    std::string const text((std::istreambuf_iterator<char>(in)), {});
    auto json = resolute::parse_json(text, path);
    if (!json) throw std::runtime_error(resolute::to_string(json.diagnostics()));
    return *json;
}

void add_faults(refund::payments::Faults& faults, std::string const& path) {
    auto const all = read_json_file(path);
    if (!all.is_array()) throw std::runtime_error(path + ": faults are a list");
    for (auto const& fault : all)
        if (auto const why = faults.add(fault)) throw std::runtime_error(path + ": " + *why);
}

int serve(std::string const& seed, std::string const& ledger_path, std::string const& faults_path,
          std::uint16_t port) {
    namespace net = resolute::net;
    refund::payments::Ledger ledger(ledger_path);
    if (ledger.was_torn())
        std::cerr << "the ledger ended in the middle of a line, which was never answered and is "
                     "cut off\n";
    refund::payments::Faults faults;
    if (!faults_path.empty()) add_faults(faults, faults_path);
    net::Runtime runtime;
    refund::payments::Service service(runtime, ledger, faults, read_json_file(seed));
    std::promise<int> stopped;
    runtime.on_signal({SIGINT, SIGTERM}, [&](int signal) { stopped.set_value(signal); });
    runtime.start();
    net::HttpServer server(runtime, {.port = port},
                           [&](net::ServerRequest const& request, net::Responder responder) {
                               service.handle(request, std::move(responder));
                           });
    std::cout << resolute::Json{{"listening", server.url()}}.dump() << std::endl;
    stopped.get_future().wait();
    server.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "The payments service of the refund example: refunds with idempotency keys, and failures "
        "on demand.\n"
        "Prints one line {\"listening\": URL} when it is ready. Loopback only."};
    std::string seed;
    std::string ledger;
    std::string faults;
    std::uint16_t port = 0;
    app.add_option("--seed", seed, "JSON file with the payments that exist")->required();
    app.add_option("--ledger", ledger, "file that keeps every effect, made when missing")
        ->required();
    app.add_option("--faults", faults, "JSON file with failures to make");
    app.add_option("--port", port, "port to listen on; 0 = any free one")->take_last();
    CLI11_PARSE(app, argc, argv);
    try {
        return serve(seed, ledger, faults, port);
    } catch (std::exception const& error) {
        std::cerr << "refund_payments: " << error.what() << "\n";
        return 1;
    }
}
