//! Reads topics and times that a reader taps or writes.

use crate::{
    locale,
    news::model::{BriefTimes, Slot, TOPICS, time_of_day},
};

/// The times that the scene offers.
pub(super) const TIMES: [(Slot, &str); 3] = [
    (Slot::Morning, "08:00"),
    (Slot::Afternoon, "13:00"),
    (Slot::Evening, "19:00"),
];

pub(super) fn offered_times(offered: &str) -> Option<BriefTimes> {
    let mut times = BriefTimes::default();
    let mut any = false;
    for (slot, time) in TIMES {
        if offered == "all" || offered == slot.name() {
            set(&mut times, slot, time);
            any = true;
        }
    }
    any.then_some(times)
}

fn set(times: &mut BriefTimes, slot: Slot, time: &str) {
    let time = Some(time.to_owned());
    match slot {
        Slot::Morning => times.morning = time,
        Slot::Afternoon => times.afternoon = time,
        _ => times.evening = time,
    }
}

/// Reads written times, such as `7:30, 18:45`. Each becomes the brief of its part of the day.
pub(super) fn times_named(text: &str) -> Option<BriefTimes> {
    let mut times = BriefTimes::default();
    let words = text
        .split([',', ' ', '،', ';'])
        .filter(|word| !word.is_empty());
    for word in words {
        let time = time_of_day(word.trim())?.format("%H:%M").to_string();
        let slot = match time.as_str() {
            early if early < "12:00" => Slot::Morning,
            midday if midday < "17:00" => Slot::Afternoon,
            _ => Slot::Evening,
        };
        set(&mut times, slot, &time);
    }
    (times != BriefTimes::default()).then_some(times)
}

/// Reads topics by their names in any language. Returns `None` unless the whole text is topics.
pub(super) fn topics_named(text: &str) -> Option<Vec<String>> {
    let mut topics = Vec::new();
    for word in text.split([',', '،', ';', '\n']) {
        let word = word.trim().to_lowercase();
        let topic = TOPICS.into_iter().find(|topic| {
            *topic == word
                || locale::LANGUAGES.iter().any(|language| {
                    locale::text(language, &format!("news-topic-{topic}"), &[]).to_lowercase()
                        == word
                })
        })?;
        if !topics.iter().any(|known| known == topic) {
            topics.push(topic.to_owned());
        }
    }
    Some(topics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_times_are_understood_as_people_write_them() {
        let topics = |text| topics_named(text).map(|topics| topics.join(" "));
        assert_eq!(topics("Sports, monde , रवि"), None);
        assert_eq!(
            topics("Sports, world,sports").as_deref(),
            Some("sports world")
        );
        assert_eq!(topics("what is the weather"), None);
        let times = times_named("7:05, 18:45").unwrap();
        assert_eq!(times.morning.as_deref(), Some("07:05"));
        assert_eq!(times.evening.as_deref(), Some("18:45"));
        assert_eq!(times.afternoon, None);
        for wrong in ["25:00", "7:5", "at 7:00", ",", "::"] {
            assert_eq!(times_named(wrong), None, "{wrong}");
        }
    }
}
