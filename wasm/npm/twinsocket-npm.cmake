# twinsocket_add_npm_package(NAME my-messages HEADERS messages.hpp TYPES app::person app::reading [VERSION 1.2.3]
#   [DESCRIPTION "..."] [LICENSE MIT] [LINK_LIBRARIES ...] [CLIENT folder] [OUTPUT_DIRECTORY folder] [EXCLUDE_FROM_ALL])
#
# Adds a target NAME (for a scoped name, @scope/name, the part after the slash) that creates an npm package of described
# types: the TypeScript types, the run-time checks, and the twinsocket client. The package has no dependencies. The output
# is OUTPUT_DIRECTORY/NAME-VERSION.tgz, and unpacked OUTPUT_DIRECTORY/NAME. Defaults: OUTPUT_DIRECTORY is the current binary
# folder, VERSION is that of the project.
#
# HEADERS declare the types. They are compiled for the build machine, with LINK_LIBRARIES if they need any. TYPES are C++
# names of described structs, of enums, or of aliases of variants. The types that these use are included automatically.
#
# The client is the npm package twinsocket. Its folder (for example node_modules/twinsocket) is taken from CLIENT, then from
# the variable TWINSOCKET_NPM_CLIENT. Otherwise an installed twinsocket provides it, and from source it is built with
# Emscripten (emcmake) and npm.

include_guard(GLOBAL)

set(TWINSOCKET_NPM_CLIENT "" CACHE PATH "Folder of the npm package twinsocket, for the packages of messages")

function(twinsocket_add_npm_package)
  cmake_parse_arguments(PARSE_ARGV 0 arg EXCLUDE_FROM_ALL "NAME;VERSION;DESCRIPTION;LICENSE;CLIENT;OUTPUT_DIRECTORY"
    "HEADERS;TYPES;LINK_LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "twinsocket_add_npm_package has no argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(needed NAME HEADERS TYPES)
    if(NOT arg_${needed})
      message(FATAL_ERROR "twinsocket_add_npm_package requires ${needed}")
    endif()
  endforeach()
  if(NOT arg_NAME MATCHES "^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*$")
    message(FATAL_ERROR "'${arg_NAME}' cannot be the name of an npm package: lower-case letters, digits, - . _ ~")
  endif()
  if(NOT arg_VERSION)
    set(arg_VERSION "${PROJECT_VERSION}")
  endif()
  if(NOT arg_VERSION MATCHES "^[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]+)?$")
    message(FATAL_ERROR "'${arg_VERSION}' cannot be the VERSION of an npm package: it has the form 1.2.3")
  endif()
  if(NOT arg_OUTPUT_DIRECTORY)
    set(arg_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  find_program(TWINSOCKET_NODE NAMES node nodejs DOC "Node.js, which makes npm packages"
    NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  string(REGEX REPLACE "^@[^/]*/" "" target "${arg_NAME}")
  string(REGEX REPLACE "[@]|/" "-" archive "${arg_NAME}-${arg_VERSION}.tgz")
  string(REGEX REPLACE "^-" "" archive "${archive}")

  # A program that runs during the build prints the types.
  set(includes "")
  foreach(header IN LISTS arg_HEADERS)
    get_filename_component(header "${header}" ABSOLUTE)
    string(APPEND includes "#include \"${header}\"\n")
  endforeach()
  set(additions "")
  foreach(type IN LISTS arg_TYPES)
    string(REGEX REPLACE "^.*::" "" name "${type}")
    string(APPEND additions "  types.add<${type}>(\"${name}\");\n")
  endforeach()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}-types")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/print_types.cpp.in" "${folder}/print_types.cpp" @ONLY)
  add_executable(${target}-types EXCLUDE_FROM_ALL "${folder}/print_types.cpp")
  target_include_directories(${target}-types PRIVATE "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  target_link_libraries(${target}-types PRIVATE twinsocket::sdk ${arg_LINK_LIBRARIES})
  set_target_properties(${target}-types PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${folder}")
  set(run "")
  if(EMSCRIPTEN)
    target_link_options(${target}-types PRIVATE -sENVIRONMENT=node -sWASM_ASYNC_COMPILATION=0 -sEXIT_RUNTIME=1)
    set(run ${TWINSOCKET_NODE})
  endif()
  add_custom_command(OUTPUT "${folder}/types.json" DEPENDS ${target}-types VERBATIM
    COMMAND ${run} $<TARGET_FILE:${target}-types> > "${folder}/types.json"
    COMMENT "Describing the types of ${arg_NAME}")

  _twinsocket_npm_client(client client_depends "${arg_CLIENT}")
  set(tool "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/make_package.mjs")
  set(tools checks emit_checks emit_scalars make_package readme source typescript)
  list(TRANSFORM tools PREPEND "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/")
  list(TRANSFORM tools APPEND ".mjs")
  set(package "${arg_OUTPUT_DIRECTORY}/${archive}")
  add_custom_command(OUTPUT "${package}" DEPENDS "${folder}/types.json" ${tools} ${client_depends} VERBATIM
    COMMAND ${TWINSOCKET_NODE} "${tool}" --types "${folder}/types.json" --client "${client}"
      --out "${arg_OUTPUT_DIRECTORY}" --name "${arg_NAME}" --version "${arg_VERSION}"
      "--description=${arg_DESCRIPTION}" "--license=${arg_LICENSE}"
    COMMENT "Making the npm package ${arg_NAME}")
  set(all ALL)
  if(arg_EXCLUDE_FROM_ALL)
    set(all "")
  endif()
  add_custom_target(${target} ${all} DEPENDS "${package}")
endfunction()

# Finds the folder of the client and the dependencies of a package that contains it.
function(_twinsocket_npm_client folder_result depends_result given)
  set(depends "")
  if(given)
    get_filename_component(folder "${given}" ABSOLUTE)
  elseif(TWINSOCKET_NPM_CLIENT)
    set(folder "${TWINSOCKET_NPM_CLIENT}")
  elseif(EXISTS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/client/package.json")
    set(folder "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/client")
  elseif(EXISTS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../build.mjs")
    _twinsocket_build_npm_client(folder)
    set(depends twinsocket-npm-client)
  else()
    message(FATAL_ERROR "This twinsocket was installed without its npm package. Set TWINSOCKET_NPM_CLIENT to the "
      "folder of one, for example node_modules/twinsocket; or run ./run.sh package in the sources of twinsocket before "
      "cmake --install.")
  endif()
  set(${folder_result} "${folder}" PARENT_SCOPE)
  set(${depends_result} ${depends} "${folder}/package.json" PARENT_SCOPE)
endfunction()

# Builds the npm package twinsocket from source, once for all packages.
function(_twinsocket_build_npm_client folder_result)
  set(work "${CMAKE_BINARY_DIR}/twinsocket-npm")
  set(${folder_result} "${work}/twinsocket" PARENT_SCOPE)
  if(TARGET twinsocket-npm-client)
    return()
  endif()
  get_filename_component(wasm "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.." ABSOLUTE)
  get_filename_component(source "${wasm}/.." ABSOLUTE)
  find_program(TWINSOCKET_EMCMAKE emcmake DOC "Emscripten's wrapper of CMake" REQUIRED)
  find_program(TWINSOCKET_NPM npm REQUIRED)
  add_custom_command(OUTPUT "${work}/wasm/twinsocket.wasm" VERBATIM USES_TERMINAL
    COMMAND ${TWINSOCKET_EMCMAKE} ${CMAKE_COMMAND} -S "${source}" -B "${work}/wasm"
      -DCMAKE_BUILD_TYPE=Release -DTWINSOCKET_TESTS=OFF
    COMMAND ${CMAKE_COMMAND} --build "${work}/wasm" --target twinsocket_npm
    COMMENT "Building the wasm modules of twinsocket")
  set(install "")
  if(NOT EXISTS "${wasm}/node_modules")
    set(install COMMAND ${TWINSOCKET_NPM} ci --prefix "${wasm}" --no-audit --no-fund --loglevel error)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${wasm}/js/*" "${wasm}/js/*/*")
  add_custom_command(OUTPUT "${work}/twinsocket/package.json" VERBATIM ${install}
    DEPENDS "${work}/wasm/twinsocket.wasm" "${wasm}/build.mjs" "${wasm}/wasm2js.mjs" "${wasm}/package.json" ${sources}
    COMMAND ${TWINSOCKET_NODE} "${wasm}/build.mjs" --wasm "${work}/wasm" --out "${work}"
    COMMENT "Building the npm package twinsocket")
  add_custom_target(twinsocket-npm-client DEPENDS "${work}/twinsocket/package.json")
endfunction()
