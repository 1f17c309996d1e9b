# Included after the targets of a twinsocket that was built with Emscripten: what the package cannot have installed itself, or
# knows only now.
include("${CMAKE_CURRENT_LIST_DIR}/twinsocket-headers.cmake")
twinsocket_link_headers(twinsocket_private_includes)
target_include_directories(twinsocket::headers SYSTEM INTERFACE "${twinsocket_private_includes}")
if(TARGET twinsocket::wasm)
  set(twinsocket_js_library "${CMAKE_CURRENT_LIST_DIR}/library_twinsocket.js")
  target_link_options(twinsocket::wasm INTERFACE "SHELL:--js-library ${twinsocket_js_library}")
  set_property(TARGET twinsocket::wasm APPEND PROPERTY INTERFACE_LINK_DEPENDS "${twinsocket_js_library}")
endif()
