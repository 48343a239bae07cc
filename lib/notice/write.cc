#include "lib/notice/write.h"

#include "lib/notice/compose.h"
#include "lib/notice/language.h"
#include "lib/notice/layout_html.h"
#include "lib/notice/layout_text.h"
#include "lib/notice/speaker.h"

namespace plainbounce {

Notice write_notice(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                    const Catalogue& catalogue, const House& house,
                    const std::vector<std::string>& readers, const std::stop_token& stop) {
  const LanguageChoice choice = choose_language(report, readers, house, catalogue);
  const Messages& english = catalogue.messages("en");
  const Speaker speaker(*choice.first, english);
  NoticeContent content = compose({report, diagnosis, knowledge, house, speaker, stop});
  Notice notice;
  notice.language = choice.first->language();
  notice.right_to_left = choice.first->right_to_left();
  notice.subject = content.subject;
  if (choice.second == nullptr) {
    notice.text = lay_out_text(content, catalogue.text_template(), speaker);
    notice.html = lay_out_html({{content, speaker}}, catalogue.html_template());
    return notice;
  }
  const Speaker below(*choice.second, english);
  const NoticeContent second = compose({report, diagnosis, knowledge, house, below, stop});
  content.original.clear();  // stands at the end, once
  notice.text = lay_out_text(content, catalogue.text_template(), speaker, below.say("also.below"));
  notice.text += "\n\n" + lay_out_text(second, catalogue.text_template(), below);
  notice.html = lay_out_html({{content, speaker}, {second, below}}, catalogue.html_template());
  return notice;
}

Notice write_preface(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                     const Catalogue& catalogue, const House& house, const std::stop_token& stop) {
  const Messages& messages = catalogue.messages(house.language);
  const Speaker speaker(messages, catalogue.messages("en"));
  const Sources sources{report, diagnosis, knowledge, house, speaker, stop};
  Notice preface;
  preface.language = messages.language();
  preface.right_to_left = messages.right_to_left();
  NoticeContent content = compose(sources);
  content.original.clear();  // stands below already, where it always was
  preface.text = lay_out_text(content, catalogue.preface_template(), speaker);
  return preface;
}

}  // namespace plainbounce
