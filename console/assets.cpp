#include "console/assets.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace resolute::console {
namespace {

namespace fs = std::filesystem;

constexpr char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string type_of(fs::path const& path) {
    static std::map<std::string, std::string> const types{{".html", "text/html; charset=utf-8"},
                                                          {".js", "text/javascript; charset=utf-8"},
                                                          {".css", "text/css; charset=utf-8"},
                                                          {".svg", "image/svg+xml"},
                                                          {".woff2", "font/woff2"},
                                                          {".json", "application/json"},
                                                          {".txt", "text/plain; charset=utf-8"},
                                                          {".png", "image/png"},
                                                          {".ico", "image/x-icon"}};
    auto const found = types.find(path.extension().string());
    return found == types.end() ? "application/octet-stream" : found->second;
}

net::Response file(std::string body, std::string type, bool forever) {
    return {200,
            {{"Content-Type", std::move(type)},
             {"Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache"},
             {"Content-Security-Policy", policy},
             {"X-Content-Type-Options", "nosniff"},
             {"Referrer-Policy", "no-referrer"},
             {"Cross-Origin-Opener-Policy", "same-origin"}},
            std::move(body)};
}

std::string read(fs::path const& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

Assets::Assets(std::string const& folder) {
    page_ = file(
        "<!doctype html><title>Resolute</title><p>The engine runs and its API answers under "
        "/api/v1. The web console was not built: run <code>./dev build</code>.\n",
        "text/html; charset=utf-8", false);
    if (folder.empty() || !fs::is_directory(folder)) return;
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        auto const name = "/" + fs::relative(entry.path(), folder).generic_string();
        auto response =
            file(read(entry.path()), type_of(entry.path()), name.starts_with("/assets/"));
        if (name == "/index.html") page_ = response;
        files_.emplace(name, std::move(response));
    }
}

std::optional<net::Response> Assets::find(net::ServerRequest const& request) const {
    if (request.method != "GET") return std::nullopt;
    if (auto const found = files_.find(request.path); found != files_.end()) return found->second;
    auto const first = request.segments.empty() ? std::string() : request.segments.front();
    if (first == "api" || first == "assets" || first == "healthz" || first == "readyz" ||
        first == "metrics")
        return std::nullopt;
    return page_;
}

}  // namespace resolute::console
