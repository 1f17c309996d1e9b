#pragma once

#include "twinsocket/detail/cxx20.hpp"

#include "twinsocket/log.hpp"
