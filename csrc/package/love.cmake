# cmake -DSOURCE=… -DCORE=… -DCJSON=… -DOUTPUT=… -P love.cmake: the library's files in the layout in which LÖVE finds them.

if(NOT EXISTS "${CJSON}")
  message(FATAL_ERROR "there is no ${CJSON}: install lua-cjson for LuaJIT (Debian: lua-cjson), or say where its module is")
endif()
get_filename_component(name "${OUTPUT}" NAME)
get_filename_component(directory "${OUTPUT}" DIRECTORY)
set(staging "${directory}/love-package")
file(REMOVE_RECURSE "${staging}")
# Without the stubs for editors, which no program loads.
file(COPY "${SOURCE}/lua/" DESTINATION "${staging}" FILES_MATCHING PATTERN "*.lua" PATTERN "types" EXCLUDE)
file(COPY "${CORE}" DESTINATION "${staging}/appwrite")
get_filename_component(cjson "${CJSON}" REALPATH)
get_filename_component(extension "${CJSON}" LAST_EXT)
configure_file("${cjson}" "${staging}/cjson${extension}" COPYONLY)
configure_file("${SOURCE}/LICENSE" "${staging}/appwrite/LICENSE" COPYONLY)
file(GLOB entries RELATIVE "${staging}" "${staging}/*")
execute_process(COMMAND "${CMAKE_COMMAND}" -E tar czf "${OUTPUT}" ${entries}
  WORKING_DIRECTORY "${staging}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "cannot write ${OUTPUT}")
endif()
