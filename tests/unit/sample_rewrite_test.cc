// Every sample that is rewritten is read by GMime as it was before, but for its first part.
#include <gmime/gmime.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/mail/gmime.h"
#include "lib/rewrite.h"

namespace plainbounce {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

using Message = GObjectOwner<GMimeMessage>;

Message parse(const std::string& bytes) {
  start_gmime();
  const GObjectOwner<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const GObjectOwner<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  return Message(g_mime_parser_construct_message(parser.get(), nullptr));
}

std::string type_of(GMimeObject* part) {
  const GStringOwner type(g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part)));
  return type.get();
}

std::vector<GMimeObject*> children(GMimeObject* part) {
  std::vector<GMimeObject*> result;
  if (!GMIME_IS_MULTIPART(part)) return result;
  GMimeMultipart* const multipart = GMIME_MULTIPART(part);
  for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
    result.push_back(g_mime_multipart_get_part(multipart, i));
  }
  return result;
}

// A part with its header, as GMime writes it.
std::string written(GMimeObject* part) {
  const GStringOwner text(g_mime_object_to_string(part, nullptr));
  return text.get();
}

void expect_only_the_first_part_differs(const std::string& before, const std::string& after) {
  const Message old_message = parse(before);
  const Message new_message = parse(after);
  const auto old_parts = children(g_mime_message_get_mime_part(old_message.get()));
  const auto new_parts = children(g_mime_message_get_mime_part(new_message.get()));
  ASSERT_EQ(old_parts.size(), new_parts.size());
  ASSERT_GE(new_parts.size(), 2U);
  EXPECT_EQ(type_of(new_parts[0]), "multipart/alternative");
  const auto forms = children(new_parts[0]);
  ASSERT_EQ(forms.size(), 2U);
  EXPECT_EQ(type_of(forms[0]), "text/plain");
  EXPECT_EQ(type_of(forms[1]), "text/html");
  for (std::size_t i = 1; i < new_parts.size(); ++i) {
    EXPECT_EQ(written(old_parts[i]), written(new_parts[i])) << "part " << i + 1;
  }
}

TEST(SampleRewriteTest, GmimeReadsTheOtherPartsAsBefore) {
  const Resources resources{Knowledge::load(), Catalogue::load()};
  int rewritten = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(PLAINBOUNCE_SOURCE_DIR) / "tests/samples")) {
    if (!fs::exists(entry.path() / "message.eml")) continue;
    SCOPED_TRACE(entry.path().filename());
    const std::string before = content_of(entry.path() / "message.eml");
    const Rewrite result = rewrite(before, {}, Policy::defaults(), {}, resources);
    if (!result.edit) continue;
    expect_only_the_first_part_differs(before, apply_edit(before, *result.edit));
    ++rewritten;
  }
  EXPECT_GT(rewritten, 60);
}

}  // namespace
}  // namespace plainbounce
