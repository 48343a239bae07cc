// GMime, ready for use: initialised once, its objects owned.
#ifndef PLAINBOUNCE_LIB_MAIL_GMIME_H_
#define PLAINBOUNCE_LIB_MAIL_GMIME_H_

#include <gmime/gmime.h>

#include <memory>

namespace plainbounce {

// To be called before any other GMime function. Thread-safe; does its work once per process.
void start_gmime();

struct ReleaseGObject {
  void operator()(gpointer object) const { g_object_unref(object); }
};
// Owns one reference to a GMime object.
template <typename Object>
using GObjectOwner = std::unique_ptr<Object, ReleaseGObject>;

struct FreeGString {
  void operator()(char* text) const { g_free(text); }
};
using GStringOwner = std::unique_ptr<char, FreeGString>;

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_GMIME_H_
