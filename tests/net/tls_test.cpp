// HTTPS against a real TLS server with a certificate that is made on the spot.
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>

#include "net/http_client.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"
#include "tests/net/scripted_server.h"

using namespace resolute;
using namespace resolute::net;

namespace {

// A self-signed certificate for "localhost", and where its PEM text lies.
struct Certificate {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* x509 = X509_new();
    std::string file =
        (std::filesystem::temp_directory_path() / ("tls_test_" + std::to_string(::getpid())))
            .string();

    Certificate() {
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -60);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_set_pubkey(x509, key);
        auto* name = X509_get_subject_name(x509);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<unsigned char const*>("test"), -1, -1, 0);
        X509_set_issuer_name(x509, name);
        add(NID_subject_alt_name, "DNS:localhost");
        add(NID_basic_constraints, "critical,CA:TRUE");
        X509_sign(x509, key, EVP_sha256());
        auto* out = BIO_new_file(file.c_str(), "w");
        PEM_write_bio_X509(out, x509);
        BIO_free(out);
    }
    ~Certificate() {
        X509_free(x509);
        EVP_PKEY_free(key);
        std::filesystem::remove(file);
    }
    void add(int kind, char const* value) const {
        auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        X509_add_ext(x509, extension, -1);
        X509_EXTENSION_free(extension);
    }
};

// The server's side of one TLS connection, blocking.
class TlsPeer {
  public:
    TlsPeer(Certificate const& certificate, Peer& peer)
        : context_(SSL_CTX_new(TLS_server_method())) {
        SSL_CTX_use_certificate(context_, certificate.x509);
        SSL_CTX_use_PrivateKey(context_, certificate.key);
        ssl_ = SSL_new(context_);
        SSL_set_fd(ssl_, peer.socket());
        is_open_ = SSL_accept(ssl_) == 1;
    }
    ~TlsPeer() {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
    }
    bool is_open() const { return is_open_; }
    std::string server_name() const {
        auto const* name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
        return name ? name : "";
    }
    std::string read() const {
        char buffer[4096];
        int const got = SSL_read(ssl_, buffer, sizeof buffer);
        return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : "";
    }
    void send(std::string const& text) const {
        SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    }
    void say_goodbye() const { SSL_shutdown(ssl_); }

  private:
    SSL_CTX* context_;
    SSL* ssl_ = nullptr;
    bool is_open_ = false;
};

Reply post(Runtime& runtime, HttpClient& client, std::string const& host, std::uint16_t port) {
    ClientRequest request;
    request.method = "POST";
    request.url = parse_url("https://" + host + ":" + std::to_string(port) + "/").value();
    request.body = "x";
    Awaited<Reply> reply;
    client.send(request, [reply](Reply got) { reply.set(std::move(got)); });
    if (!runtime.is_running()) runtime.start();
    return reply.get();
}

}  // namespace

TEST_CASE("a trusted server is asked by its name, and the connection is kept") {
    Certificate const certificate;
    Runtime runtime;
    HttpClient client(runtime, {.ca_file = certificate.file});
    Awaited<std::string> name;
    ScriptedServer server([&](Peer& peer, int) {
        TlsPeer const tls(certificate, peer);
        name.set(tls.server_name());
        while (!tls.read().empty()) tls.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    for (int i = 0; i < 3; ++i) {
        auto const reply = post(runtime, client, "localhost", server.port());
        REQUIRE(std::holds_alternative<Response>(reply));
        CHECK(std::get<Response>(reply).body == "ok");
    }
    CHECK(name.get() == "localhost");
    CHECK(server.connections() == 1);
}

TEST_CASE("a server that we do not trust, or with another name, gets no byte of the request") {
    Certificate const certificate;
    bool const is_trusted = GENERATE(true, false);
    Runtime runtime;
    HttpClientOptions options;
    if (is_trusted) options.ca_file = certificate.file;
    HttpClient client(runtime, options);
    Awaited<std::string> received;
    ScriptedServer server([&](Peer& peer, int) {
        TlsPeer const tls(certificate, peer);
        received.set(tls.is_open() ? tls.read() : "");
    });
    auto const reply = post(runtime, client, is_trusted ? "127.0.0.1" : "localhost", server.port());
    REQUIRE(std::holds_alternative<NotSent>(reply));
    CHECK(std::get<NotSent>(reply).cause == Cause::tls);
    CHECK(received.get().empty());
}

TEST_CASE("an answer that could have been cut by an attacker is no answer") {
    Certificate const certificate;
    Runtime runtime;
    HttpClient client(runtime, {.ca_file = certificate.file});
    bool const says_goodbye = GENERATE(true, false);
    ScriptedServer server([&](Peer& peer, int) {
        TlsPeer const tls(certificate, peer);
        tls.read();
        tls.send(
            "HTTP/1.1 200 OK\r\n\r\nuntil the end");  // no length: only a proper goodbye ends it
        if (says_goodbye) tls.say_goodbye();
    });
    auto const reply = post(runtime, client, "localhost", server.port());
    CHECK(std::holds_alternative<Response>(reply) == says_goodbye);
    CHECK(std::holds_alternative<SentNoAnswer>(reply) == !says_goodbye);
}

TEST_CASE("a certificate file that cannot be read is an exception at once") {
    Runtime runtime;
    CHECK_THROWS(HttpClient(runtime, {.ca_file = "/no/such/file"}));
}
