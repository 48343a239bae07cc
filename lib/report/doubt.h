// Why a message can't be edited, more exactly than the reason alone: for the log.
#ifndef PLAINBOUNCE_LIB_REPORT_DOUBT_H_
#define PLAINBOUNCE_LIB_REPORT_DOUBT_H_

#include "lib/base/enum_ids.h"

namespace plainbounce {

// The ids are stable, and stand in plainbounce-milter(8).
enum class Doubt {
  kNone,

  // It is no delivery report (RFC 6522, RFC 3464).
  kNoBounce,
  kOtherForm,     // it tells of a failed delivery in another way
  kEvent,         // Report::is_event
  kReportType,    // the outermost part isn't a multipart/report on delivery
  kStatusNested,  // the delivery-status part lies deeper than it should

  // There is more than was read.
  kStatusTooLong,
  kManyBlocks,

  // Readers may see the message's parts differently.
  kHeaderBroken,  // a line of it is no field
  kManyFields,
  kHeaderTooLong,
  kTypeRepeated,      // Content-Type
  kBoundaryRepeated,  // as a parameter
  kMultipartEncoded,
  kNoParts,    // it is no multipart, or one without a delimiter
  kUnclosed,   // no delimiter after the first part
  kPartEmpty,  // the first part, here and below
  kPartHeaderBroken,
  kPartTypeRepeated,
  kPartTooLong,
  kBoundaryTwice,     // a multipart within uses it too
  kDelimiterAfterCr,  // some take a bare CR for a line end
  kPartNoText,
  kParsersDisagree,    // GMime sees it elsewhere
  kRangeOutside,       // it isn't the message that was read
  kDelimiterInNotice,  // a line of it would end a part

  // Text can't be put above that of another bounce.
  kNoPlainText,
  kEncodingUnknown,  // Content-Transfer-Encoding
  kEncodingRepeated,
  kTextEmpty,
  kCharset,  // it lacks letters of the notice, or isn't known
  kNoticeEmpty,
};

template <>
inline constexpr auto kIds<Doubt> = ids_to<Doubt::kNoticeEmpty>(
    "", "no-bounce", "other-form", "event", "report-type", "status-nested", "status-too-long",
    "many-blocks", "header-broken", "many-fields", "header-too-long", "type-repeated",
    "boundary-repeated", "multipart-encoded", "no-parts", "unclosed", "part-empty",
    "part-header-broken", "part-type-repeated", "part-too-long", "boundary-twice",
    "delimiter-after-cr", "part-no-text", "parsers-disagree", "range-outside",
    "delimiter-in-notice", "no-plain-text", "encoding-unknown", "encoding-repeated", "text-empty",
    "charset", "notice-empty");

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_DOUBT_H_
