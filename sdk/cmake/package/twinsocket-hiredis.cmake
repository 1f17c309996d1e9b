# twinsocket::hiredis, the client library of Redis that redis_broker() uses. hiredis 0.14 has no CMake package.
find_path(TWINSOCKET_HIREDIS_INCLUDE_DIR hiredis/hiredis.h)
find_library(TWINSOCKET_HIREDIS_LIBRARY hiredis)
mark_as_advanced(TWINSOCKET_HIREDIS_INCLUDE_DIR TWINSOCKET_HIREDIS_LIBRARY)
if(TWINSOCKET_HIREDIS_INCLUDE_DIR AND TWINSOCKET_HIREDIS_LIBRARY AND NOT TARGET twinsocket::hiredis)
  add_library(twinsocket::hiredis UNKNOWN IMPORTED)
  set_target_properties(twinsocket::hiredis PROPERTIES
    IMPORTED_LOCATION "${TWINSOCKET_HIREDIS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${TWINSOCKET_HIREDIS_INCLUDE_DIR}")
endif()
