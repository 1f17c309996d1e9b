# Compile options of our own targets. They do not propagate to users of the library.
add_library(twinsocket_options INTERFACE)
if(MSVC)
  target_compile_options(twinsocket_options INTERFACE /W4 /bigobj $<$<BOOL:${TWINSOCKET_WERROR}>:/WX>)
else()
  target_compile_options(twinsocket_options INTERFACE
    -Wall -Wextra -Wpedantic -Wold-style-cast -Wcast-qual -Wunused-result $<$<BOOL:${TWINSOCKET_WERROR}>:-Werror>)
endif()
target_compile_options(twinsocket_options INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>
  # g++ 12 reports overlaps in std::string's operator+ that do not exist (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-stringop-overflow>)
if(TWINSOCKET_SANITIZE)
  target_compile_options(twinsocket_options INTERFACE -fsanitize=${TWINSOCKET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(twinsocket_options INTERFACE -fsanitize=${TWINSOCKET_SANITIZE})
  if(TWINSOCKET_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang 14 cannot place the check of function types before the parts of a coroutine.
    target_compile_options(twinsocket_options INTERFACE -fno-sanitize=function)
  endif()
  if(TWINSOCKET_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ warns about Asio's fences, which the sanitizer does not see.
    target_compile_options(twinsocket_options INTERFACE -Wno-tsan)
  endif()
endif()

# Compiles the files of each folder as one: the headers of Asio and of the standard library take more time than our sources.
function(twinsocket_compile_folders_together target)
  if(NOT TWINSOCKET_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # g++ takes a file that another one includes for a header, whose types should have linkage. And it lets a large unit grow by
  # less than several small ones: it would inline less.
  target_compile_options(${target} PRIVATE
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage;--param=inline-unit-growth=400>")
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(folder "${source}" DIRECTORY)
    string(MAKE_C_IDENTIFIER "folder_${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()

# Settings of the libraries that are installed: static, or shared with -DBUILD_SHARED_LIBS=ON. Static ones can be linked
# into a shared library, unless -DCMAKE_POSITION_INDEPENDENT_CODE=OFF is given.
set(exports ${PROJECT_SOURCE_DIR}/sdk/cmake/exports.map)
if(BUILD_SHARED_LIBS)
  include(CheckLinkerFlag)
  check_linker_flag(CXX "-Wl,--version-script=${exports}" TWINSOCKET_LINKER_HAS_VERSION_SCRIPTS)
endif()
function(twinsocket_library target)
  twinsocket_compile_folders_together(${target})
  if(EMSCRIPTEN)
    return()
  endif()
  # Binary compatibility between versions is not promised, so the name of a shared library has the whole version.
  set_target_properties(${target} PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION} DEFINE_SYMBOL "" INSTALL_RPATH "$ORIGIN")
  if(BUILD_SHARED_LIBS AND TWINSOCKET_LINKER_HAS_VERSION_SCRIPTS)
    target_link_options(${target} PRIVATE "LINKER:--version-script=${exports}")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${exports})
  endif()
  if(DEFINED CMAKE_POSITION_INDEPENDENT_CODE AND NOT BUILD_SHARED_LIBS)
    return()
  endif()
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  # Without this option g++ does not inline functions that a shared library exports, and the code is slower.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
endfunction()
