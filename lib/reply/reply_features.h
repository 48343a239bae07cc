// A reply as heard -> the features by which the learned reader knows it.
//
// The one place where features are made, for training and for judging alike. A feature has a name
// that says what it is, which the command line shows; what is stored and looked up is its hash.
#ifndef PLAINBOUNCE_LIB_REPLY_REPLY_FEATURES_H_
#define PLAINBOUNCE_LIB_REPLY_REPLY_FEATURES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/reply/reply.h"

namespace plainbounce {

// The hash of a feature's name.
using Feature = std::uint32_t;
Feature feature_of(std::string_view name);

// Words and pieces of words that are looked at; a longer text is cut there.
inline constexpr std::size_t kMaxFeatureWords = 160;

// Each name once, in order:
//  - "mailbox", "mailbox full": a word of `text`, two neighbours; small letters. What differs from
//    mail to mail stands as its type: "_url_", "_addr_", "_host_", "_ip_", "_id_", "_n_";
//  - "~mai", "~lbox": three and four letters in a row within "<mailbox>", for words that nobody has
//    seen in this form;
//  - "code=550", "class=5", "status=5.1.1", "detail=1.1", "stage=rcpt".
// `text` is what rules hear (heard_text.h); code, status and stage are `reply`'s. Total, linear.
std::vector<std::string> reply_feature_names(std::string_view text, const Reply& reply);

// The same, hashed.
std::vector<Feature> reply_features(std::string_view text, const Reply& reply);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_REPLY_FEATURES_H_
