// The words by which enumerators are stored and shown. They are part of the history: never renamed.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "engine/append.h"
#include "engine/fact.h"

namespace resolute {

template <class E>
struct Names;

template <> struct Names<FrameKind> {
    static constexpr std::array list{"sequence", "parallel", "replayed", "sealed"};
};
template <> struct Names<Effect> {
    static constexpr std::array list{"read", "write", "irreversible"};
};
template <> struct Names<Verdict> {
    static constexpr std::array list{"applied", "absent", "undecided", "resend"};
};
template <> struct Names<ChildEnd> {
    static constexpr std::array list{"completed", "faulted", "cancelled"};
};
template <> struct Names<ApprovalKind> {
    static constexpr std::array list{"tool", "question", "resolution"};
};
template <> struct Names<ApprovalStatus> {
    static constexpr std::array list{"pending", "approved", "rejected", "answered",
                                     "expired", "revoked",  "consumed"};
};
template <> struct Names<EventChange::Kind> {
    static constexpr std::array list{"emitted", "awaited", "ended", "returned"};
};
template <> struct Names<RunRow::Status> {
    static constexpr std::array list{"running", "waiting",   "completed",
                                     "faulted", "cancelled", "quarantined"};
};

template <class E>
concept Named = requires { Names<E>::list; };

template <Named E>
constexpr std::string_view name(E value) { return Names<E>::list[static_cast<std::size_t>(value)]; }

template <Named E>
constexpr std::optional<E> parse_name(std::string_view text) {
    for (std::size_t i = 0; i < Names<E>::list.size(); ++i)
        if (text == Names<E>::list[i]) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace resolute
