// What went wrong, in the shape of RFC 9457 problem details, as workflows catch it.
#pragma once

#include <string>

#include "base/payload.h"

namespace resolute {

struct Failure {
    std::string type;      // URI whose last segment names the kind: …/errors/communication
    int status = 0;        // as in HTTP
    std::string title;     // the same for every failure of this kind
    std::string detail;    // this failure, in one sentence
    std::string instance;  // pointer to the step, such as /do/0/pay
    std::string code;      // our stable code when the engine made it, see base/error_codes.h

    bool operator==(Failure const&) const = default;
};

inline constexpr char error_base[] = "https://serverlessworkflow.io/spec/1.0.0/errors/";

Failure configuration_failure(std::string detail, std::string code = {});
Failure validation_failure(std::string detail, std::string code = {});
Failure expression_failure(std::string detail, std::string code = {});
Failure authentication_failure(std::string detail, std::string code = {});
Failure authorization_failure(std::string detail, std::string code = {});
Failure timeout_failure(std::string detail, std::string code = {});
Failure communication_failure(std::string detail, std::string code = {});
Failure runtime_failure(std::string detail, std::string code = {});

Json to_json(Failure const& failure);  // RFC 9457 members; `code` when there is one

}  // namespace resolute
