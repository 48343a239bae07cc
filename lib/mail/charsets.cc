#include "lib/mail/charsets.h"

#include <iconv.h>
#include <unicode/ucnv.h>

#include <cstdint>
#include <mutex>

#include "lib/mail/gmime.h"

namespace plainbounce {

// What isn't closed stays loaded: there is no other way to keep it.
void load_charsets() {
  static std::once_flag loaded;
  std::call_once(loaded, [] {
    start_gmime();
    for (std::int32_t i = 0; i < ucnv_countAvailable(); ++i) {
      UErrorCode error = U_ZERO_ERROR;
      const char* const name = ucnv_getStandardName(ucnv_getAvailableName(i), "MIME", &error);
      if (name == nullptr || U_FAILURE(error)) continue;
      [[maybe_unused]] const iconv_t kept = iconv_open("UTF-8", g_mime_charset_iconv_name(name));
    }
  });
}

}  // namespace plainbounce
