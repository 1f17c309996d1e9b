# The types of the codec tests as an npm package: its JavaScript is tested with the same vectors.
twinsocket_add_npm_package(NAME test-messages VERSION 1.2.3
  HEADERS unit/codec/messages.hpp
  TYPES messages::person messages::numbers messages::house messages::article messages::letter messages::tree
    messages::chain messages::any_shape messages::drawing messages::lists messages::strict messages::position
    messages::names messages::bytes messages::times messages::defaults
  CLIENT "${PROJECT_SOURCE_DIR}/build/npm/twinsocket"
  OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/npm"
  EXCLUDE_FROM_ALL)
if(TARGET npm_packages)
  add_dependencies(npm_packages test-messages)
endif()

# Prints wasm/js/abi.ts, which the tests compare with that file. To write it: build/release/print_abi >wasm/js/abi.ts
add_executable(print_abi "${PROJECT_SOURCE_DIR}/wasm/src/print_abi.cpp")
set_target_properties(print_abi PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
target_include_directories(print_abi PRIVATE "${PROJECT_SOURCE_DIR}/wasm/src" "${PROJECT_SOURCE_DIR}/sdk/src")
target_link_libraries(print_abi PRIVATE twinsocket::sdk twinsocket_options)

# Prints the types of wasm/js/channel-protocol.ts, which the tests compare with that file. To write it:
# build/release/print_channel_protocol | node wasm/npm/print_channel_protocol.mjs >wasm/js/channel-protocol.ts
add_executable(print_channel_protocol "${PROJECT_SOURCE_DIR}/wasm/src/print_channel_protocol.cpp")
set_target_properties(print_channel_protocol PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
target_include_directories(print_channel_protocol PRIVATE "${PROJECT_SOURCE_DIR}/wasm/npm")
target_link_libraries(print_channel_protocol PRIVATE twinsocket::sdk twinsocket_options)

set_tests_properties(npm PROPERTIES ENVIRONMENT
  "TWINSOCKET_TEST_MESSAGES=${CMAKE_CURRENT_BINARY_DIR}/npm/test-messages;TWINSOCKET_PRINT_ABI=$<TARGET_FILE:print_abi>;TWINSOCKET_PRINT_CHANNEL_PROTOCOL=$<TARGET_FILE:print_channel_protocol>")
