// The store of events of the database without a disk.
//
// Callers hold the database's mutex.
#pragma once

#include "engine/store/memory_database.h"

namespace resolute::store {

void change_events(MemoryTables& tables, Append const& append, EventChange const& change);
bool add_event(MemoryTables& tables, std::string const& tenant, Json const& event);
std::size_t match_events(MemoryTables& tables, Random& random, Timestamp now);

// Places of runs under their keys (memory_places.cpp).
void await_place(MemoryTables& tables, Append const& append, Json const& wanted);
std::size_t give_places(MemoryTables& tables, Random& random, Timestamp now);

}  // namespace resolute::store
