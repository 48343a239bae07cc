# The release build -> a Debian package, by `cpack --preset debian`.
#
# The scripts beside this file are dpkg's, and run on the machine that the package is installed on. What
# is installed is said where it is built; only what Debian alone wants is said here.

# The programs, the unit and the manual name each other's places, which are settled when configuring.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  return()
endif()

set(debian "${CMAKE_CURRENT_LIST_DIR}")

# Policy wants both below /usr/share/doc; nobody else does.
add_custom_command(OUTPUT "${PROJECT_BINARY_DIR}/debian/changelog.gz"
  COMMAND gzip --best --no-name --stdout "${debian}/changelog" > changelog.gz
  DEPENDS "${debian}/changelog"
  WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/debian"
  VERBATIM)
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/debian")
add_custom_target(debian_changelog ALL DEPENDS "${PROJECT_BINARY_DIR}/debian/changelog.gz")
install(FILES "${debian}/copyright" "${PROJECT_BINARY_DIR}/debian/changelog.gz"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT debian EXCLUDE_FROM_ALL)
set(CPACK_INSTALL_CMAKE_PROJECTS
  "${PROJECT_BINARY_DIR};plainbounce;ALL;/"
  "${PROJECT_BINARY_DIR};plainbounce;debian;/")

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Whatever the umask of who builds it.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_PACKAGE_NAME plainbounce)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "Plainbounce maintainers <plainbounce@example.org>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "milter that makes bounce messages readable")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Bounces, the messages in which a mail server says that it couldn't deliver
something, are written for mail administrators. This milter puts a plain
explanation above them as Postfix or Sendmail makes them: what happened, whose
turn it is and what to do, in the reader's language, as text and as HTML.

Everything that programs read in a bounce stays byte for byte as it was, and
so does the server's own notice. What can't be handled passes unchanged.

The command plainbounce explains replies and codes, diagnoses bounces, and
shows what the milter would do to them.")

# What the programs are linked with is found by dpkg-shlibdeps; sysusers and the unit are systemd's.
set(CPACK_DEBIAN_PACKAGE_DEPENDS systemd)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "postfix | sendmail")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/lib")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${debian}/conffiles" "${debian}/postinst" "${debian}/prerm" "${debian}/postrm")
include(CPack)
