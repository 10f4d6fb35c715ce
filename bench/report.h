// What was measured, as a table for people and as JSON for programs: medians over the rounds, with
// the lowest and the highest, next to what is to be reached.
//
// Ratios are taken within a round, between measurements that follow each other, and only then the
// median: a neighbour that comes and goes slows both sides.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace resolute::bench {

struct Target {
    enum class Side { at_least, at_most };
    Side side = Side::at_least;
    double value = 0;
};

class Report {
  public:
    // What a figure is, before its first value comes; figures are shown in this order.
    struct Kind {
        std::string name;             // "chain10-read events"
        std::string unit;             // "1/s"
        std::optional<Target> target;
        std::string versus;           // what the ratio is taken to; "" = no ratio
        std::optional<Target> ratio_target;
    };

    void add(Kind const& kind, double value, std::optional<double> ratio = {});
    void note(std::string const& name, std::string const& value);  // a condition of the measurement

    Json json() const;
    std::string table() const;

  private:
    struct Figure {
        Kind kind;
        std::vector<double> values;
        std::vector<double> ratios;
    };
    std::vector<Figure> figures_;
    std::map<std::string, std::string> notes_;
};

}  // namespace resolute::bench
