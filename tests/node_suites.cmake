# Every folder of tests/ with *.test.mjs files is one suite of Node's test runner. New files and folders are found
# automatically.

find_program(NODE node)
file(GLOB node_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_LIST_DIR}" "${CMAKE_CURRENT_LIST_DIR}/*/*.test.mjs")
set(node_suites)
foreach(file IN LISTS node_tests)
  get_filename_component(suite "${file}" DIRECTORY)
  list(APPEND node_suites ${suite})
  list(APPEND ${suite}_files ${file})
endforeach()
list(REMOVE_DUPLICATES node_suites)
list(REMOVE_ITEM node_suites windows) # its programs are those of the preset windows, which registers it

# Node runs as many files at a time as there are processors, less one. The files of `browser` mostly wait, and each starts its
# own servers and browsers, so two run at a time on two processors, too.
cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
if(processors LESS 3)
  set(browser_options --test-concurrency=2)
endif()

foreach(suite IN LISTS node_suites)
  add_test(NAME ${suite} COMMAND ${NODE} --test ${${suite}_options} ${${suite}_files}
    WORKING_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}")
endforeach()

# The tests of connections and formats a second time, with the package's entry without WebAssembly.
if("npm" IN_LIST node_suites)
  set(javascript_files)
  foreach(test IN ITEMS addresses cbor channels channels_peer close connect descriptions heartbeat hostile members messages options
      page random reconnecting scenarios server standard_schema typed)
    list(APPEND javascript_files npm/${test}.test.mjs)
  endforeach()
  add_test(NAME npm.javascript COMMAND ${NODE} --test ${javascript_files} WORKING_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}")
  set_tests_properties(npm.javascript PROPERTIES ENVIRONMENT "TWINSOCKET_TEST_ENTRY=./js")
endif()

# The suites that `run.sh test --quick` leaves out.
foreach(suite browser frameworks packaging reference)
  if(suite IN_LIST node_suites)
    set_tests_properties(${suite} PROPERTIES LABELS slow)
  endif()
endforeach()
# Its packages take more than a gigabyte: `run.sh test --runtimes` installs them.
if("runtimes" IN_LIST node_suites)
  set_tests_properties(runtimes PROPERTIES LABELS "separate;runtimes")
endif()
if("misuse" IN_LIST node_suites)
  set_tests_properties(misuse PROPERTIES ENVIRONMENT "TWINSOCKET_BUILD=${CMAKE_BINARY_DIR}")
endif()
if("browser" IN_LIST node_suites)
  # A busy machine makes browsers slow.
  set_tests_properties(browser PROPERTIES TIMEOUT 1500)
endif()
if("packaging" IN_LIST node_suites)
  # It builds whole projects.
  set_tests_properties(packaging PROPERTIES TIMEOUT 2400 ENVIRONMENT "TWINSOCKET_BUILD=${CMAKE_BINARY_DIR}")
endif()
