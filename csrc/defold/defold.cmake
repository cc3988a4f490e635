# cmake -DSOURCE=… -DPRELOAD=… -DOUTPUT=… -P defold.cmake: a folder of C sources that needs nothing of this checkout.

file(REMOVE_RECURSE "${OUTPUT}")
file(GLOB sources "${SOURCE}/csrc/*.c")
file(GLOB headers "${SOURCE}/csrc/*.h")
file(COPY ${sources} "${SOURCE}/csrc/defold/src/extension.cpp" "${PRELOAD}" DESTINATION "${OUTPUT}/src")
file(COPY ${headers} DESTINATION "${OUTPUT}/include")
file(COPY "${SOURCE}/csrc/defold/ext.manifest" "${SOURCE}/csrc/defold/appwrite.script_api" "${SOURCE}/LICENSE"
  DESTINATION "${OUTPUT}")
