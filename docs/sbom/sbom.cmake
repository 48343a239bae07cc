# Run by the build: writes OUTPUT, a CycloneDX 1.5 list of the Debian packages that hold the libraries PROGRAMS
# are linked with, directly or by another one, and the HEADERS that are compiled into them. The same packages
# give the same bytes: it holds no time, no random number and no path of the build.
cmake_minimum_required(VERSION 3.25)

function(json_string result text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

# As a package URL has it: all but letters, digits and ".-_~" as numbers (of what versions may hold).
function(percent_encode result text)
  foreach(pair "%=25" "+=2B" ":=3A")
    string(SUBSTRING "${pair}" 0 1 sign)
    string(SUBSTRING "${pair}" 2 2 number)
    string(REPLACE "${sign}" "%${number}" text "${text}")
  endforeach()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# Where dpkg may know a file: below / or /usr, as it is named or as what it leads to.
function(places_of result file)
  file(REAL_PATH "${file}" real)
  set(places "")
  foreach(path "${file}" "${real}" "/usr${file}" "/usr${real}")
    string(REGEX REPLACE "^/usr/" "/" without "${path}")
    list(APPEND places "${path}" "${without}")
  endforeach()
  set(${result} "${places}" PARENT_SCOPE)
endfunction()

# OWNER_<path>: the package that owns it, "NAME:ARCHITECTURE" or "NAME". In one go, since dpkg reads all it has
# each time.
macro(find_owners)
  set(all_places "")
  foreach(file ${ARGN})
    places_of(places "${file}")
    list(APPEND all_places ${places})
  endforeach()
  list(REMOVE_DUPLICATES all_places)
  execute_process(COMMAND "${DPKG_QUERY}" --search ${all_places} OUTPUT_VARIABLE found ERROR_QUIET)
  string(REPLACE "\n" ";" found "${found}")
  foreach(line IN LISTS found)
    if(line MATCHES "^([^ ,]+): (/.*)$")
      set("OWNER_${CMAKE_MATCH_2}" "${CMAKE_MATCH_1}")
    endif()
  endforeach()
endmacro()

function(package_of result file)
  places_of(places "${file}")
  foreach(path IN LISTS places)
    if(DEFINED "OWNER_${path}")
      set(${result} "${OWNER_${path}}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "${file}: no package has it, so nobody can say what it is")
endfunction()

# The short names of the licences in a machine-readable copyright file; empty: it isn't one.
function(licences_of result package)
  set(names "")
  set(file "/usr/share/doc/${package}/copyright")
  if(EXISTS "${file}")
    file(STRINGS "${file}" lines REGEX "^(Format|License): " ENCODING UTF-8)
    if("${lines}" MATCHES "Format: [^;]*copyright-format")
      foreach(line IN LISTS lines)
        if(line MATCHES "^License: *(.*[^ ])")
          list(APPEND names "${CMAKE_MATCH_1}")
        endif()
      endforeach()
      list(REMOVE_DUPLICATES names)
      list(SORT names)
    endif()
  endif()
  set(${result} "${names}" PARENT_SCOPE)
endfunction()

# Adds a file of a package, and how it gets into the programs.
macro(add_file file how)
  set(added "${file}")
  package_of(package "${added}")
  list(APPEND packages "${package}")
  cmake_path(GET added FILENAME base)
  list(APPEND "files_of_${package}" "${how}=${base}")
endmacro()

set(packages "")
set(direct "")
foreach(program IN LISTS PROGRAMS)
  execute_process(COMMAND "${READELF}" --dynamic "${program}" OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "NEEDED[^[]*\\[[^]]*" needed "${dynamic}")
  string(REGEX REPLACE "NEEDED[^[]*\\[" "" needed "${needed}")
  list(APPEND direct ${needed})
endforeach()

set(libraries "")
foreach(program IN LISTS PROGRAMS)
  execute_process(COMMAND "${LDD}" "${program}" OUTPUT_VARIABLE loaded COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "/[^ \n]+ \\(0x" loaded "${loaded}")
  string(REPLACE " (0x" "" loaded "${loaded}")
  list(APPEND libraries ${loaded})
endforeach()
list(REMOVE_DUPLICATES libraries)
list(SORT libraries)
list(FILTER libraries EXCLUDE REGEX "/libplainbounce\\.so")
find_owners(${libraries} ${HEADERS})
foreach(library IN LISTS libraries)
  cmake_path(GET library FILENAME name)
  if(name IN_LIST direct)
    add_file("${library}" linked)
  else()
    add_file("${library}" loaded)
  endif()
endforeach()
foreach(header IN LISTS HEADERS)
  add_file("${header}" compiled-in)
endforeach()
list(REMOVE_DUPLICATES packages)
list(SORT packages)

file(STRINGS /etc/os-release release REGEX "^(ID|VERSION_ID)=")
set(distribution "")
foreach(key ID VERSION_ID)
  if("${release}" MATCHES "(^|;)${key}=\"?([^;\"]*)")
    list(APPEND distribution "${CMAKE_MATCH_2}")
  endif()
endforeach()
list(GET distribution 0 vendor)
list(JOIN distribution "-" distribution)

set(components "")
set(references "")
foreach(package IN LISTS packages)
  execute_process(
    COMMAND "${DPKG_QUERY}" --show "--showformat=\${Package}\n\${Version}\n\${Architecture}\n\${source:Package}" "${package}"
    OUTPUT_VARIABLE shown COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" shown "${shown}")
  list(GET shown 0 name)
  list(GET shown 1 version)
  list(GET shown 2 architecture)
  list(GET shown 3 source)
  percent_encode(encoded_name "${name}")
  percent_encode(encoded_version "${version}")
  json_string(purl "pkg:deb/${vendor}/${encoded_name}@${encoded_version}?arch=${architecture}&distro=${distribution}")
  json_string(version "${version}")
  set(licences "")
  licences_of(names "${name}")
  if(NOT names)
    set(names "see /usr/share/doc/${name}/copyright")
  endif()
  foreach(licence IN LISTS names)
    json_string(licence "${licence}")
    list(APPEND licences "{\"license\": {\"name\": ${licence}}}")
  endforeach()
  list(JOIN licences ",\n        " licences)
  set(properties "{\"name\": \"plainbounce:source-package\", \"value\": \"${source}\"}")
  list(REMOVE_DUPLICATES "files_of_${package}")
  foreach(entry IN LISTS "files_of_${package}")
    string(REPLACE "=" ";" entry "${entry}")
    list(GET entry 0 how)
    list(GET entry 1 file)
    list(APPEND properties "{\"name\": \"plainbounce:${how}\", \"value\": \"${file}\"}")
  endforeach()
  list(JOIN properties ",\n        " properties)
  list(APPEND references "${purl}")
  list(APPEND components "    {
      \"type\": \"library\",
      \"bom-ref\": ${purl},
      \"name\": \"${name}\",
      \"version\": ${version},
      \"licenses\": [
        ${licences}
      ],
      \"purl\": ${purl},
      \"properties\": [
        ${properties}
      ]
    }")
endforeach()
list(JOIN components ",\n" components)
list(JOIN references ",\n        " references)
json_string(description "${DESCRIPTION}")

file(WRITE "${OUTPUT}" "{
  \"bomFormat\": \"CycloneDX\",
  \"specVersion\": \"1.5\",
  \"version\": 1,
  \"metadata\": {
    \"component\": {
      \"type\": \"application\",
      \"bom-ref\": \"plainbounce\",
      \"name\": \"plainbounce\",
      \"version\": \"${VERSION}\",
      \"description\": ${description}
    }
  },
  \"components\": [
${components}
  ],
  \"dependencies\": [
    {
      \"ref\": \"plainbounce\",
      \"dependsOn\": [
        ${references}
      ]
    }
  ]
}
")
