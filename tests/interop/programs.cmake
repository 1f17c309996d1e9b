# The paths of the programs that the interop suite runs.
if(NOT TARGET twinsocket_program)
  return()
endif()
set(interop_environment "TWINSOCKET_BIN=$<TARGET_FILE:twinsocket_program>")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  add_executable(smallest_server_on_any_port
    ${PROJECT_SOURCE_DIR}/native/examples/smallest_server.cpp ${CMAKE_CURRENT_LIST_DIR}/any_port.cpp)
  target_link_libraries(smallest_server_on_any_port PRIVATE twinsocket::native twinsocket_options)
  target_link_options(smallest_server_on_any_port PRIVATE -Wl,--wrap=bind,--wrap=listen)
  set_target_properties(smallest_server_on_any_port PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  list(APPEND interop_environment "TWINSOCKET_SMALLEST_SERVER=$<TARGET_FILE:smallest_server_on_any_port>")
endif()
add_executable(herd ${CMAKE_CURRENT_LIST_DIR}/herd.cpp)
target_link_libraries(herd PRIVATE twinsocket::native twinsocket_options)
set_target_properties(herd PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
list(APPEND interop_environment "TWINSOCKET_HERD=$<TARGET_FILE:herd>")
add_executable(compressed_client ${CMAKE_CURRENT_LIST_DIR}/compressed_client.cpp)
target_link_libraries(compressed_client PRIVATE twinsocket::native twinsocket_options)
set_target_properties(compressed_client PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
list(APPEND interop_environment "TWINSOCKET_COMPRESSED_CLIENT=$<TARGET_FILE:compressed_client>")
set_tests_properties(interop PROPERTIES ENVIRONMENT "${interop_environment}")

# The Go peers are built from the libraries' Debian packages; nothing is downloaded.
find_program(GO go)
set(go_libraries /usr/share/gocode)
if(GO AND EXISTS ${go_libraries}/src/golang.org/x/net/websocket AND EXISTS ${go_libraries}/src/github.com/gorilla/websocket)
  set(go_peers)
  foreach(name peer xnet_tutorial gorilla_tutorial)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/go/${name}/*.go)
    add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/go/${name} DEPENDS ${sources}
      COMMAND ${CMAKE_COMMAND} -E env GO111MODULE=off GOPATH=${go_libraries} GOFLAGS= GOCACHE=${CMAKE_BINARY_DIR}/go/cache
        ${GO} build -o ${CMAKE_BINARY_DIR}/go/${name} .
      WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/go/${name} VERBATIM)
    list(APPEND go_peers ${CMAKE_BINARY_DIR}/go/${name})
  endforeach()
  add_custom_target(go_peers ALL DEPENDS ${go_peers})
  list(APPEND interop_environment TWINSOCKET_GO_PEERS=${CMAKE_BINARY_DIR}/go
    "TWINSOCKET_ECHO_CLIENT=${CMAKE_BINARY_DIR}/conformance_echo_client")
  set_tests_properties(interop PROPERTIES ENVIRONMENT "${interop_environment}")
endif()
