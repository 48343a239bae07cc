// The character sets of mail, for a process that will not be able to look for them in files.
#ifndef PLAINBOUNCE_LIB_MAIL_CHARSETS_H_
#define PLAINBOUNCE_LIB_MAIL_CHARSETS_H_

namespace plainbounce {

// Loads the converters of all character sets that MIME has names for, and keeps them: from now on
// words in any of them are decoded where no file can be opened. GMime uses iconv(3), which has its
// converters in files; ICU has its own in memory.
void load_charsets();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_CHARSETS_H_
