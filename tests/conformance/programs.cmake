# The client and the server of the conformance suite, and their paths.
if(NOT TARGET twinsocket_program)
  return()
endif()
foreach(name echo_client echo_server)
  add_executable(conformance_${name} ${CMAKE_CURRENT_LIST_DIR}/${name}.cpp)
  target_link_libraries(conformance_${name} PRIVATE twinsocket::native twinsocket_options)
  set_target_properties(conformance_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endforeach()
set_tests_properties(hostile PROPERTIES ENVIRONMENT
  "TWINSOCKET_BIN=$<TARGET_FILE:twinsocket_program>;TWINSOCKET_ECHO_SERVER=$<TARGET_FILE:conformance_echo_server>;TWINSOCKET_SANITIZED=${TWINSOCKET_SANITIZE}")
set_tests_properties(conformance PROPERTIES ENVIRONMENT
  "TWINSOCKET_BIN=$<TARGET_FILE:twinsocket_program>;TWINSOCKET_ECHO_CLIENT=$<TARGET_FILE:conformance_echo_client>;TWINSOCKET_ECHO_SERVER=$<TARGET_FILE:conformance_echo_server>")
