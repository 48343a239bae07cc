#include "lib/mail/html_names.h"

#include "lib/base/embedded.h"

namespace plainbounce {

// Searches the file as it stands: its lines are in order, so that nothing need be loaded first.
std::string_view html_character(std::string_view name) {
  std::string_view table = mail_files()[0].content;
  while (!table.empty()) {
    const std::size_t before = table.rfind('\n', table.size() / 2);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = table.find('\n', begin);
    const std::string_view row = table.substr(begin, end - begin);
    const std::size_t tab = row.find('\t');
    if (tab != std::string_view::npos && row.substr(0, tab) == name) return row.substr(tab + 1);
    // A row before this one, or after it; comments begin with "#", and no name is less than that.
    table = name < row.substr(0, tab)
                ? table.substr(0, begin)
                : table.substr(end == std::string_view::npos ? table.size() : end + 1);
  }
  return {};
}

}  // namespace plainbounce
