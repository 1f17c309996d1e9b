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
set_tests_properties(npm PROPERTIES ENVIRONMENT "TWINSOCKET_TEST_MESSAGES=${CMAKE_CURRENT_BINARY_DIR}/npm/test-messages")
