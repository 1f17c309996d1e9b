# The dependencies of sdk/: the headers of Boost and nlohmann_json, and tinyxml2. A native build uses the system's
# packages. With Emscripten the headers are linked into a directory of the build, and tinyxml2 is compiled from source: the
# source that `run.sh setup` took from the same distribution as the native library, or else the release below.

if(EMSCRIPTEN)
  include("${CMAKE_CURRENT_LIST_DIR}/package/twinsocket-headers.cmake")
  twinsocket_link_headers(private_includes)

  set(tinyxml2_source "${TWINSOCKET_THIRD_PARTY}/tinyxml2")
  if(NOT EXISTS "${tinyxml2_source}/tinyxml2.cpp")
    include(FetchContent)
    FetchContent_Declare(tinyxml2_sources
      URL https://github.com/leethomason/tinyxml2/archive/refs/tags/9.0.0.tar.gz
      URL_HASH SHA256=cc2f1417c308b1f6acc54f88eb70771a0bf65f76282ce5c40e54cfe52952702c
      SOURCE_SUBDIR resources) # a folder without CMakeLists.txt: only the sources are needed, not their targets
    FetchContent_MakeAvailable(tinyxml2_sources)
    set(tinyxml2_source "${tinyxml2_sources_SOURCE_DIR}")
  endif()

  add_library(twinsocket_headers INTERFACE)
  target_include_directories(twinsocket_headers SYSTEM INTERFACE "$<BUILD_INTERFACE:${private_includes}>")
  add_library(twinsocket_tinyxml2 STATIC "${tinyxml2_source}/tinyxml2.cpp")
  target_include_directories(twinsocket_tinyxml2 SYSTEM PUBLIC "$<BUILD_INTERFACE:${tinyxml2_source}>")

  include(CheckIncludeFileCXX)
  check_include_file_cxx(coroutine TWINSOCKET_HAVE_COROUTINE_HEADER)
else()
  find_package(Boost 1.81 CONFIG REQUIRED)
  find_package(nlohmann_json 3.10 REQUIRED)
  find_package(tinyxml2 REQUIRED) # without a version, because tinyxml2's package accepts only version 9 for "9"
  add_library(twinsocket_headers INTERFACE)
  target_link_libraries(twinsocket_headers INTERFACE Boost::boost nlohmann_json::nlohmann_json)
  add_library(twinsocket_tinyxml2 ALIAS tinyxml2::tinyxml2)
  set(TWINSOCKET_HAVE_COROUTINE_HEADER ON)
endif()
