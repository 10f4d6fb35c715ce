#include "engine/store/blobs.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/corrupt_history.h"

namespace resolute::store {
namespace {

constexpr std::string_view stand_in = "null";
// No payload is nested deeper, and a fact adds little; what is deeper is taken as one value.
constexpr int walked_depth = limits::json_depth + 16;

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
};

// Goes through JSON text once and finds what is large in it.
class LargeValues {
  public:
    explicit LargeValues(std::string_view body) : body_(body) {}

    // In order; none when the text is not in the form that the engine writes.
    std::optional<std::vector<Span>> find() {
        if (body_.empty() || body_.front() != '{' || !container('}', 0) || at_ != body_.size())
            return std::nullopt;
        return std::move(found_);
    }

  private:
    bool take(char expected) {
        if (at_ == body_.size() || body_[at_] != expected) return false;
        ++at_;
        return true;
    }

    bool value(int depth) {
        auto const begin = at_;
        auto const first = found_.size();
        if (at_ == body_.size()) return false;
        switch (body_[at_]) {
            case '"':
                if (!string()) return false;
                break;
            case '{':
            case '[':
                if (depth > walked_depth ? !skip()
                                         : !container(body_[at_] == '{' ? '}' : ']', depth))
                    return false;
                break;
            default: return plain();
        }
        if (at_ - begin - taken_since(first) >= limits::blob_bytes) {
            found_.resize(first);
            found_.push_back({begin, at_});
        }
        return true;
    }

    bool container(char closing, int depth) {
        ++at_;
        if (take(closing)) return true;
        do {
            if (closing == '}' && (!string() || !take(':'))) return false;
            if (!value(depth + 1)) return false;
        } while (take(','));
        return take(closing);
    }

    bool string() {
        if (!take('"')) return false;
        while (true) {
            auto const end = body_.find('"', at_);
            if (end == body_.npos) return false;
            auto escapes = end;
            while (escapes > at_ && body_[escapes - 1] == '\\') --escapes;
            at_ = end + 1;
            if ((end - escapes) % 2 == 0) return true;
        }
    }

    bool plain() {  // a number or a word
        auto const end = std::min(body_.find_first_of(",}] \t\r\n\"", at_), body_.size());
        if (end == at_) return false;
        at_ = end;
        return true;
    }

    bool skip() {
        JsonText rest(body_.substr(at_));
        auto const whole = rest.value();
        if (whole) at_ += whole->size();
        return whole.has_value();
    }

    std::size_t taken_since(std::size_t first) const {
        std::size_t bytes = 0;
        for (auto i = first; i < found_.size(); ++i) bytes += found_[i].size() - stand_in.size();
        return bytes;
    }

    std::string_view body_;
    std::size_t at_ = 0;
    std::vector<Span> found_;
};

// The table keeps text.
bool can_be_kept(std::string_view content) {
    return content.find('\0') == content.npos && is_utf8(content);
}

struct Place {
    std::size_t at = 0;
    std::size_t bytes = 0;
    Digest digest;
};
struct Parsed {
    std::vector<Place> places;
    std::string_view remains;
};

std::optional<std::size_t> size_in(JsonText& text) {
    auto const number = text.number();
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::size_t>(*number);
}

std::optional<Place> place_in(JsonText& text) {
    if (!text.take('[')) return std::nullopt;
    auto const at = size_in(text);
    if (!at || !text.take(',')) return std::nullopt;
    auto const bytes = size_in(text);
    if (!bytes || !text.take(',')) return std::nullopt;
    auto const hex = text.plain_string();
    auto const digest = hex ? parse_digest(*hex) : std::nullopt;
    if (!digest || !text.take(']')) return std::nullopt;
    return Place{*at, *bytes, *digest};
}

std::optional<Parsed> parse(std::string_view stored) {
    JsonText text(stored);
    Parsed parsed;
    if (!text.take("[[")) return std::nullopt;
    do {
        auto const place = place_in(text);
        if (!place) return std::nullopt;
        parsed.places.push_back(*place);
    } while (text.take(','));
    if (!text.take("],")) return std::nullopt;
    auto const remains = text.value();
    if (!remains || !text.take(']') || !text.is_at_end()) return std::nullopt;
    parsed.remains = *remains;
    std::size_t end = 0;
    for (auto const& place : parsed.places) {
        if (place.at < end || place.at > remains->size() ||
            !remains->substr(place.at).starts_with(stand_in))
            return std::nullopt;
        end = place.at + stand_in.size();
    }
    return parsed;
}

[[noreturn]] void corrupt(EncodedEvent const& event, std::string const& what) {
    throw CorruptHistory("event " + std::to_string(event.sequence) + ": " + what);
}

Parsed parsed_body(EncodedEvent const& event) {
    auto parsed = parse(event.body);
    if (!parsed) corrupt(event, "what says where its large values are kept cannot be read");
    return *std::move(parsed);
}

std::string_view content_of(EncodedEvent const& event, Place const& place, Blobs const& blobs) {
    auto const named = [&] {
        return "its value of " + std::to_string(place.bytes) + " bytes, the blob " +
               to_string(place.digest) + ", ";
    };
    auto const found = blobs.find(place.digest);
    if (found == blobs.end()) corrupt(event, named() + "is missing");
    if (found->second.size() != place.bytes) corrupt(event, named() + "is not what was stored");
    return found->second;
}

std::string whole_body(EncodedEvent const& event, Blobs const& blobs) {
    auto const parsed = parsed_body(event);
    std::string whole;
    auto size = parsed.remains.size();
    for (auto const& place : parsed.places) size += place.bytes;
    whole.reserve(size);
    std::size_t end = 0;
    for (auto const& place : parsed.places) {
        whole.append(parsed.remains, end, place.at - end);
        whole += content_of(event, place, blobs);
        end = place.at + stand_in.size();
    }
    return whole.append(parsed.remains, end);
}

}  // namespace

Digest blob_digest(RunId run, std::string_view content) {
    std::string_view const id(reinterpret_cast<char const*>(run.value.data()), run.value.size());
    return sha256({"resolute blob 1", id, content});
}

std::optional<ApartBody> without_large_values(RunId run, std::string_view body) {
    auto const large = LargeValues(body).find();
    if (!large || large->empty()) return std::nullopt;
    ApartBody apart;
    std::string places, remains;
    std::size_t end = 0;
    for (auto const& span : *large) {
        auto const content = body.substr(span.begin, span.size());
        if (!can_be_kept(content)) return std::nullopt;
        apart.values.push_back({blob_digest(run, content), content});
        remains.append(body, end, span.begin - end);
        places += (places.empty() ? "[" : ",[") + std::to_string(remains.size()) + "," +
                  std::to_string(span.size()) + ",\"" + to_string(apart.values.back().digest) +
                  "\"]";
        remains += stand_in;
        end = span.end;
    }
    apart.text = "[[" + places + "]," + remains.append(body, end) + "]";
    return apart;
}

bool is_apart(std::string_view stored) { return stored.starts_with('['); }

void make_whole(RunId run, std::vector<EncodedEvent>& events, std::size_t most_bytes,
                FindBlobs const& find) {
    if (std::ranges::none_of(events, is_apart, &EncodedEvent::body)) return;
    std::vector<Digest> wanted;
    std::size_t kept = 0;
    for (std::size_t bytes = 0; kept < events.size() && bytes < most_bytes; ++kept) {
        auto const& event = events[kept];
        bytes += event.body.size();
        if (!is_apart(event.body)) continue;
        for (auto const& place : parsed_body(event).places) {
            bytes += place.bytes;
            wanted.push_back(place.digest);
        }
    }
    events.resize(kept);
    std::ranges::sort(wanted);
    wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
    auto blobs = wanted.empty() ? Blobs() : find(wanted);
    for (auto& [digest, content] : blobs)
        if (blob_digest(run, content) != digest) content.clear();  // no large value is empty
    for (auto& event : events)
        if (is_apart(event.body)) event.body = whole_body(event, blobs);
}

}  // namespace resolute::store
