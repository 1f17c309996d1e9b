# find_package(twinsocket COMPONENTS sdk native), or with Emscripten sdk and wasm. Without COMPONENTS: all installed components.
include(CMakeFindDependencyMacro)

set(twinsocket_wanted ${twinsocket_FIND_COMPONENTS})
if(NOT twinsocket_wanted)
  set(twinsocket_wanted sdk)
  foreach(twinsocket_component native wasm)
    if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/twinsocket-${twinsocket_component}-targets.cmake")
      list(APPEND twinsocket_wanted ${twinsocket_component})
    endif()
  endforeach()
elseif("native" IN_LIST twinsocket_wanted OR "wasm" IN_LIST twinsocket_wanted)
  list(REMOVE_ITEM twinsocket_wanted sdk)
  list(PREPEND twinsocket_wanted sdk) # they depend on it
endif()

foreach(twinsocket_component IN LISTS twinsocket_wanted)
  set(twinsocket_${twinsocket_component}_FOUND FALSE)
  if(twinsocket_component MATCHES "^(sdk|native|wasm)$"
      AND EXISTS "${CMAKE_CURRENT_LIST_DIR}/twinsocket-${twinsocket_component}-targets.cmake")
    include("${CMAKE_CURRENT_LIST_DIR}/twinsocket-${twinsocket_component}.cmake" OPTIONAL)
    if(DEFINED twinsocket_FOUND AND NOT twinsocket_FOUND)
      return() # a dependency is missing, which find_dependency() has reported
    endif()
    include("${CMAKE_CURRENT_LIST_DIR}/twinsocket-${twinsocket_component}-targets.cmake")
    set(twinsocket_${twinsocket_component}_FOUND TRUE)
  elseif(twinsocket_FIND_REQUIRED_${twinsocket_component})
    set(twinsocket_FOUND FALSE)
    set(twinsocket_NOT_FOUND_MESSAGE "twinsocket is installed without component \"${twinsocket_component}\"; possible components are sdk and native, or with Emscripten sdk and wasm")
    return()
  endif()
endforeach()
include("${CMAKE_CURRENT_LIST_DIR}/twinsocket-emscripten.cmake" OPTIONAL)
include("${CMAKE_CURRENT_LIST_DIR}/npm/twinsocket-npm.cmake" OPTIONAL) # twinsocket_add_npm_package
