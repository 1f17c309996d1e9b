# The files that cmake --install installs: the native libraries, their public headers, a CMake package with the
# components sdk and native, and a pkg-config file for each. Each component finds its dependencies in a file of its own,
# so that a program that uses only the codecs does not need OpenSSL.
#
# With Emscripten the components are sdk and wasm. Their libraries and the package are in a folder of that platform, where
# find_package looks first, so that a native twinsocket can have the same prefix.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_files "${CMAKE_CURRENT_LIST_DIR}/package")
if(EMSCRIPTEN)
  string(APPEND CMAKE_INSTALL_LIBDIR "/${CMAKE_LIBRARY_ARCHITECTURE}")
endif()
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/twinsocket")
# cmake --install may be given another prefix. The pkg-config files derive it from their own location.
file(RELATIVE_PATH prefix_from_pkgconfig "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" prefix_from_pkgconfig "${prefix_from_pkgconfig}")

set_target_properties(twinsocket_headers PROPERTIES EXPORT_NAME headers)
install(TARGETS twinsocket_sdk twinsocket_headers EXPORT twinsocket_sdk
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT sdk
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT sdk
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
set(components sdk)
if(TARGET twinsocket_native)
  list(APPEND components native)
  install(TARGETS twinsocket_native EXPORT twinsocket_native
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT native
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT native
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  get_target_property(has_hiredis twinsocket_native TWINSOCKET_HAS_HIREDIS)
  if(has_hiredis)
    set(native_requires_hiredis " hiredis")
    install(FILES "${package_files}/twinsocket-hiredis.cmake" DESTINATION "${package_folder}" COMPONENT native)
  endif()
endif()
if(EMSCRIPTEN)
  list(APPEND components wasm)
  install(TARGETS twinsocket_wasm EXPORT twinsocket_wasm
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT wasm
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  get_target_property(js_library twinsocket_wasm TWINSOCKET_JS_LIBRARY)
  install(FILES "${js_library}" DESTINATION "${package_folder}" COMPONENT wasm)
  # tinyxml2 is compiled here, and its header is one of those that a program may include.
  set_target_properties(twinsocket_tinyxml2 PROPERTIES EXPORT_NAME tinyxml2)
  install(TARGETS twinsocket_tinyxml2 EXPORT twinsocket_sdk
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT sdk
    INCLUDES DESTINATION "${package_folder}/include")
  install(FILES "${tinyxml2_source}/tinyxml2.h" DESTINATION "${package_folder}/include" COMPONENT sdk)
  install(FILES "${package_files}/twinsocket-headers.cmake" "${package_files}/twinsocket-emscripten.cmake"
    DESTINATION "${package_folder}" COMPONENT sdk)
  if(NOT TWINSOCKET_HAVE_COROUTINE_HEADER)
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/sdk/compat/" DESTINATION "${package_folder}/compat" COMPONENT sdk)
    target_include_directories(twinsocket_sdk PUBLIC "$<INSTALL_INTERFACE:${package_folder}/compat>")
  endif()
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT sdk)

foreach(component IN LISTS components)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${component}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    COMPONENT ${component} FILES_MATCHING PATTERN "*.hpp")
  install(EXPORT twinsocket_${component} FILE twinsocket-${component}-targets.cmake NAMESPACE twinsocket::
    DESTINATION "${package_folder}" COMPONENT ${component})
  if(EMSCRIPTEN)
    continue() # no package of the system, and no pkg-config
  endif()
  install(FILES "${package_files}/twinsocket-${component}.cmake" DESTINATION "${package_folder}" COMPONENT ${component})
  configure_file("${package_files}/twinsocket-${component}.pc.in" twinsocket-${component}.pc @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/twinsocket-${component}.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT ${component})
endforeach()

# Before 1.0 a minor version may change the API.
write_basic_package_version_file(twinsocket-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${package_files}/twinsocket-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/twinsocket-config-version.cmake"
  DESTINATION "${package_folder}" COMPONENT sdk)

# twinsocket_add_npm_package, and the client that it bundles, if that was built before (run.sh package).
set(npm_tools checks.mjs describe_types.hpp emit_checks.mjs emit_scalars.mjs make_package.mjs print_types.cpp.in readme.mjs source.mjs
  twinsocket-npm.cmake typescript.mjs)
list(TRANSFORM npm_tools PREPEND "${PROJECT_SOURCE_DIR}/wasm/npm/")
install(FILES ${npm_tools} DESTINATION "${package_folder}/npm" COMPONENT npm)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/build/npm/twinsocket/" DESTINATION "${package_folder}/npm/client"
  COMPONENT npm OPTIONAL)

if(EMSCRIPTEN)
  return() # those of the native build
endif()
if(TARGET twinsocket_program)
  if(BUILD_SHARED_LIBS)
    file(RELATIVE_PATH libraries_from_bin "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
    set_target_properties(twinsocket_program PROPERTIES INSTALL_RPATH "$ORIGIN/${libraries_from_bin}")
  endif()
  install(TARGETS twinsocket_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
  # The demo page, if it was built before (run.sh build): the program serves it by default.
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/build/demo-site/"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/twinsocket/demo-site" COMPONENT program OPTIONAL)
endif()
