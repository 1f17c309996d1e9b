# For builds with Emscripten, of twinsocket itself and of projects that find it installed: Emscripten does not search the
# system's include directories, and must not find glibc's headers there. So the required ones are linked into a separate
# directory.
#
# Sets RESULT to that directory, in which Boost and nlohmann_json are found.
function(twinsocket_link_headers result)
  set(directory "${CMAKE_BINARY_DIR}/third-party/include")
  file(MAKE_DIRECTORY "${directory}")
  foreach(header boost/describe.hpp nlohmann/json.hpp)
    get_filename_component(folder "${header}" DIRECTORY)
    find_path(TWINSOCKET_${folder}_INCLUDE "${header}"
      HINTS ENV TWINSOCKET_INCLUDE PATHS /usr/include /usr/local/include /opt/homebrew/include
      NO_CMAKE_FIND_ROOT_PATH NO_DEFAULT_PATH)
    if(TWINSOCKET_${folder}_INCLUDE)
      file(CREATE_LINK "${TWINSOCKET_${folder}_INCLUDE}/${folder}" "${directory}/${folder}" SYMBOLIC)
    else()
      message(FATAL_ERROR "${header} was not found; set TWINSOCKET_${folder}_INCLUDE to the folder that contains it")
    endif()
  endforeach()
  set(${result} "${directory}" PARENT_SCOPE)
endfunction()
