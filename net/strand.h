// The Asio executor inside a Serial; only for the files of this folder that speak Asio.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include "net/runtime.h"

namespace resolute::net {

struct Serial::Strand {
    boost::asio::strand<boost::asio::io_context::executor_type> executor;
};

}  // namespace resolute::net
