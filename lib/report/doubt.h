// Why a message can't be edited, more exactly than the reason alone: for the log.
#ifndef PLAINBOUNCE_LIB_REPORT_DOUBT_H_
#define PLAINBOUNCE_LIB_REPORT_DOUBT_H_

#include "lib/base/enum_ids.h"

namespace plainbounce {

// The ids are stable, and stand in plainbounce-milter(8).
enum class Doubt {
  kNone,

  // It is no delivery report (RFC 6522, RFC 3464).
  kNoBounce,      // "no-bounce"
  kOtherForm,     // "other-form": it tells of a failed delivery in another way
  kEvent,         // "event": Report::is_event
  kReportType,    // "report-type": the outermost part isn't a multipart/report on delivery
  kStatusNested,  // "status-nested": the delivery-status part lies deeper than it should

  // There is more than was read.
  kStatusTooLong,  // "status-too-long"
  kManyBlocks,     // "many-blocks"

  // Readers may see the message's parts differently.
  kHeaderBroken,       // "header-broken": a line of it is no field
  kManyFields,         // "many-fields"
  kHeaderTooLong,      // "header-too-long"
  kTypeRepeated,       // "type-repeated": Content-Type
  kBoundaryRepeated,   // "boundary-repeated": as a parameter
  kMultipartEncoded,   // "multipart-encoded"
  kNoParts,            // "no-parts": it is no multipart, or one without a delimiter
  kUnclosed,           // "unclosed": no delimiter after the first part
  kPartEmpty,          // "part-empty": the first part, here and below
  kPartHeaderBroken,   // "part-header-broken"
  kPartTypeRepeated,   // "part-type-repeated"
  kPartTooLong,        // "part-too-long"
  kBoundaryTwice,      // "boundary-twice": a multipart within uses it too
  kDelimiterAfterCr,   // "delimiter-after-cr": some take a bare CR for a line end
  kPartNoText,         // "part-no-text"
  kParsersDisagree,    // "parsers-disagree": GMime sees it elsewhere
  kRangeOutside,       // "range-outside": it isn't the message that was read
  kDelimiterInNotice,  // "delimiter-in-notice": a line of it would end a part

  // Text can't be put above that of another bounce.
  kNoPlainText,       // "no-plain-text"
  kEncodingUnknown,   // "encoding-unknown": Content-Transfer-Encoding
  kEncodingRepeated,  // "encoding-repeated"
  kTextEmpty,         // "text-empty"
  kCharset,           // "charset": it lacks letters of the notice, or isn't known
  kNoticeEmpty,       // "notice-empty"
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
