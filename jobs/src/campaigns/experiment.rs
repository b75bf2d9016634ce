//! A/B/n tests as a value: arms, shares, and who gets which. Pure.
//!
//! The part of a contact is a hash of the campaign and the contact. So a death, a second planning and a second process put
//! nobody into another arm.

use std::collections::BTreeMap;

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Campaign, Content, stats};
use crate::{contacts::ContactId, messages::CampaignId, violations::Violations};

/// Parts of the audience that a draw tells apart.
const PARTS: u64 = 10_000;
pub(super) const MOST_ARMS: usize = 5;
const NAME: usize = 50;
/// With half of the audience or more a holdout costs more than it tells.
const MOST_HOLDOUT: i64 = 49;
const MOST_HOURS: i64 = 168;

kazi_platform::texts! {
    /// What the arms are compared by.
    pub enum Metric as "CampaignMetric" {
        /// Those who have read it, of those to whom it was sent.
        Read = "read",
        /// Those who have clicked a tracked link, of those to whom it was sent.
        Click = "click",
        /// Those who have ordered and paid, or booked, of all in the arm.
        Order = "order",
    }
}

kazi_platform::texts! {
    /// Who chooses the winner when the wait is over.
    pub enum Choice as "CampaignChoice" {
        /// Kazi, if an arm is surely better than each other.
        Automatic = "automatic",
        /// A member. The campaign is paused until then (`choose_winner`).
        Member = "member",
    }
}

kazi_platform::texts! {
    /// What happens when no arm is surely better.
    pub enum Otherwise as "CampaignOtherwise" {
        /// The campaign is paused until a member chooses (`no_winner`).
        Wait = "wait",
        /// The others get the first arm that was not stopped.
        FirstArm = "first_arm",
    }
}

kazi_platform::texts! {
    /// How a winner was found.
    pub enum DecidedBy as "CampaignDecidedBy" {
        /// It was surely better than each other arm.
        Difference = "difference",
        /// No arm was surely better, and the campaign says what then.
        FirstArm = "first_arm",
        /// All other arms were stopped.
        LastArm = "last_arm",
        Member = "member",
    }
}

/// An A/B/n test. Contacts who can get each of the arms are put into parts by a hash, and stay there: the holdout, the arms,
/// and the others, who wait for the winner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampaignExperiment)]
pub struct Experiment {
    /// 2 to 5. The first has the campaign's content.
    #[schema(min_items = 2, max_items = 5)]
    pub arms: Vec<Arm>,
    /// So many of a hundred of the audience get the arms, and those who are left get the winner. Without it, all get an arm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 98, example = 20)]
    pub test_percent: Option<i64>,
    /// So many of a hundred of the audience get nothing. Their orders and bookings are counted all the same.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 49, example = 10)]
    pub holdout_percent: i64,
    pub metric: Metric,
    /// Hours after the last message of the test has left.
    #[schema(minimum = 1, maximum = 168, example = 24)]
    pub decide_after_hours: i64,
    pub choice: Choice,
    /// Without it, `wait`.
    #[serde(default = "wait")]
    pub otherwise: Otherwise,
}

const fn wait() -> Otherwise {
    Otherwise::Wait
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampaignArm)]
pub struct Arm {
    /// The name that members see.
    #[schema(example = "With a discount", min_length = 1, max_length = 50)]
    pub name: String,
    /// So many of a hundred of the test. All together make 100.
    #[schema(minimum = 1, maximum = 99, example = 50)]
    pub percent: i64,
    /// The first arm has none: it is the campaign's content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// The template's language, for all of the arm. Without it, each contact's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "sw", min_length = 2, max_length = 10)]
    pub language: Option<String>,
}

/// How far a test is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = CampaignExperimentState)]
pub struct ExperimentState {
    /// When the last message of the test had left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub test_sent_at: Option<Timestamp>,
    /// When the arms are compared.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decides_at: Option<Timestamp>,
    /// When they were compared. Without a winner then: no arm was surely better, or a member chooses.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub evaluated_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<DecidedBy>,
    /// The name of the arm that the others get.
    pub winner: Option<String>,
    /// Arms that were stopped because of their template, with the reason.
    pub stopped_arms: BTreeMap<String, String>,
    /// The index of the winner.
    #[serde(skip)]
    pub won: Option<i16>,
    /// The stopped arms by index.
    #[serde(skip)]
    pub stopped: BTreeMap<i16, String>,
}

/// The part of a contact in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Holdout,
    Arm(i16),
    /// Gets the winner.
    Rest,
}

/// The words of an arm for a contact, as the planning has frozen them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Words {
    pub language: Option<String>,
    pub parameters: Vec<String>,
}

impl Experiment {
    pub(super) fn check(&self, violations: &mut Violations, content: &Content) {
        let fits = (2..=MOST_ARMS).contains(&self.arms.len());
        violations.unless(fits, "/experiment/arms", "count", "must be 2 to 5");
        for (n, arm) in self.arms.iter().enumerate().take(MOST_ARMS) {
            self.check_arm(violations, n, arm, content);
        }
        let all: i64 = self.arms.iter().map(|arm| arm.percent.clamp(0, 100)).sum();
        let rule = format!("the percentages of the arms must make 100: they make {all}");
        violations.unless(all == 100, "/experiment/arms", "percent", rule);
        let holdout = self.holdout_percent;
        for (field, value, least, most) in [
            ("holdout_percent", Some(holdout), 0, MOST_HOLDOUT),
            ("test_percent", self.test_percent, 1, 98),
            (
                "decide_after_hours",
                Some(self.decide_after_hours),
                1,
                MOST_HOURS,
            ),
        ] {
            let fits = value.is_none_or(|value| (least..=most).contains(&value));
            let rule = format!("must be {least} to {most}");
            violations.unless(fits, format!("/experiment/{field}"), "out_of_range", rule);
        }
        let together = self
            .test_percent
            .map_or(0, |test| test.saturating_add(holdout));
        let rule = "test and holdout must leave somebody for the winner: at most 99 together. Leave the test's out to give all an arm";
        violations.unless(together <= 99, "/experiment/test_percent", "too_many", rule);
        let tracked = (0..).zip(&self.arms).all(|(n, _)| {
            let content = self.content_of(n).unwrap_or(content);
            content.is_tracked()
        });
        let rule = "clicks are counted on tracked links: each arm needs one";
        let fits = self.metric != Metric::Click || tracked;
        violations.unless(fits, "/experiment/metric", "no_link", rule);
    }

    fn check_arm(&self, violations: &mut Violations, n: usize, arm: &Arm, content: &Content) {
        let pointer = format!("/experiment/arms/{n}");
        violations.text(&format!("{pointer}/name"), &arm.name, 1, NAME);
        let before = self.arms.get(..n).unwrap_or_default();
        let once = before.iter().all(|other| other.name != arm.name);
        let rule = "another arm has this name";
        violations.unless(once, format!("{pointer}/name"), "repeated", rule);
        let fits = (1..=99).contains(&arm.percent);
        let rule = "must be 1 to 99";
        violations.unless(fits, format!("{pointer}/percent"), "out_of_range", rule);
        let (fits, rule) = match n {
            0 => (
                arm.content.is_none(),
                "must be left out: the first arm has the campaign's content",
            ),
            _ => (arm.content.is_some(), "must be given"),
        };
        violations.unless(fits, format!("{pointer}/content"), "content", rule);
        let mine = (arm.content.as_ref().unwrap_or(content), &arm.language);
        let same = before.iter().find(|other| {
            let theirs = (other.content.as_ref().unwrap_or(content), &other.language);
            theirs == mine
        });
        if let Some(same) = same {
            let rule = format!("says the same as {}", same.name);
            violations.add(pointer.clone(), ("same_content", rule));
        }
        if let Some(language) = &arm.language {
            let known = |c: char| c.is_ascii_alphabetic() || c == '_';
            let fits = (2..=10).contains(&language.len()) && language.chars().all(known);
            let rule = "must be the code of a language, like en or pt_BR";
            violations.unless(fits, format!("{pointer}/language"), "language", rule);
        }
    }

    /// The content of an arm, if it is not the campaign's.
    fn content_of(&self, arm: i16) -> Option<&Content> {
        self.arm(arm)?.content.as_ref()
    }

    pub(super) fn arm(&self, index: i16) -> Option<&Arm> {
        self.arms.get(usize::try_from(index).ok()?)
    }

    pub(super) fn index_of(&self, name: &str) -> Option<i16> {
        let found = self.arms.iter().position(|arm| arm.name == name)?;
        i16::try_from(found).ok()
    }

    /// The part of a contact.
    pub(super) fn part(&self, campaign: CampaignId, contact: ContactId) -> Part {
        let of = |percent: i64| u64::try_from(percent).unwrap_or(0) * (PARTS / 100);
        let place = draw(campaign.uuid(), contact.uuid(), 1);
        let holdout = of(self.holdout_percent);
        if place < holdout {
            return Part::Holdout;
        }
        if self
            .test_percent
            .is_some_and(|test| place >= holdout + of(test))
        {
            return Part::Rest;
        }
        // Another draw: the shares of the arms do not depend on the holdout.
        let place = draw(campaign.uuid(), contact.uuid(), 2);
        let mut until = 0;
        for (n, arm) in (0..).zip(&self.arms) {
            until += of(arm.percent);
            if place < until {
                return Part::Arm(n);
            }
        }
        Part::Rest
    }

    /// People whom each arm needs, so that a usual difference is found in 80 % of all tests: 60 and 70 % who read, 10 and
    /// 15 % who click, 2 and 4 % who order.
    pub(super) fn needed(&self) -> i64 {
        let (lower, higher) = match self.metric {
            Metric::Read => (0.60, 0.70),
            Metric::Click => (0.10, 0.15),
            Metric::Order => (0.02, 0.04),
        };
        stats::needed(self.arms.len(), lower, higher)
    }
}

impl Campaign {
    /// What somebody gets: the content of their arm, or the campaign's.
    pub(super) fn content_of(&self, arm: Option<i16>) -> &Content {
        let own = self.experiment.as_ref().zip(arm);
        let own = own.and_then(|(experiment, arm)| experiment.content_of(arm));
        own.unwrap_or(&self.content)
    }

    /// Each content, with its arm and the language that the arm sets.
    pub(super) fn variants(&self) -> Vec<(Option<i16>, &Content, Option<&str>)> {
        let Some(experiment) = &self.experiment else {
            return vec![(None, &self.content, None)];
        };
        let arms = (0..).zip(&experiment.arms);
        let arms = arms.map(|(n, arm)| {
            let content = arm.content.as_ref().unwrap_or(&self.content);
            (Some(n), content, arm.language.as_deref())
        });
        arms.collect()
    }

    /// Each content once.
    pub fn contents(&self) -> Vec<&Content> {
        let variants = self.variants().into_iter();
        variants.map(|(_, content, _)| content).collect()
    }

    /// Returns true when those who get the winner must wait for it.
    pub(super) fn is_undecided(&self) -> bool {
        self.experiment.is_some() && self.experiment_state.won.is_none()
    }

    /// The arms that were not stopped.
    pub(super) fn running_arms(&self) -> Vec<i16> {
        let arms = (0..).zip(self.experiment.iter().flat_map(|one| &one.arms));
        arms.map(|(n, _)| n)
            .filter(|n| !self.experiment_state.stopped.contains_key(n))
            .collect()
    }

    /// The name of an arm.
    pub(super) fn arm_name(&self, arm: i16) -> &str {
        let arm = self.experiment.as_ref().and_then(|one| one.arm(arm));
        arm.map_or("", |arm| arm.name.as_str())
    }
}

/// A number below [`PARTS`] that depends on its arguments alone (FNV-1a, then the end of SplitMix64).
fn draw(campaign: Uuid, contact: Uuid, salt: u8) -> u64 {
    let bytes = campaign.as_bytes().iter().chain(contact.as_bytes());
    let mut hash = bytes
        .chain([&salt])
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (hash ^ (hash >> 31)) % PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Content {
        Content::Text {
            text: text.into(),
            parameters: Vec::new(),
        }
    }

    fn test(percents: &[i64], test: Option<i64>, holdout: i64) -> Experiment {
        let arms = percents.iter().enumerate();
        Experiment {
            arms: arms
                .map(|(n, percent)| Arm {
                    name: format!("Arm {n}"),
                    content: (n > 0).then(|| text(&format!("Hello {n}"))),
                    percent: *percent,
                    language: None,
                })
                .collect(),
            test_percent: test,
            holdout_percent: holdout,
            metric: Metric::Read,
            decide_after_hours: 24,
            choice: Choice::Automatic,
            otherwise: Otherwise::Wait,
        }
    }

    #[test]
    fn parts_have_their_shares_and_stay() {
        let campaign = CampaignId::from(Uuid::from_u128(7));
        let count = |experiment: &Experiment| {
            let mut counts = BTreeMap::new();
            for n in 0..20_000_u128 {
                let contact = ContactId::from(Uuid::from_u128(n));
                let part = experiment.part(campaign, contact);
                assert_eq!(part, experiment.part(campaign, contact));
                *counts.entry(format!("{part:?}")).or_insert(0_i32) += 1;
            }
            counts
        };
        let near = |counts: &BTreeMap<String, i32>, wanted: &[(&str, i32)]| {
            assert_eq!(counts.len(), wanted.len(), "{counts:?}");
            for (part, expected) in wanted {
                let found = counts[*part];
                assert!((found - expected).abs() < 300, "{part} {found}");
            }
        };
        let parts = [
            ("Holdout", 2_000),
            ("Arm(0)", 5_600),
            ("Arm(1)", 2_400),
            ("Rest", 10_000),
        ];
        near(&count(&test(&[70, 30], Some(40), 10)), &parts);
        let all = [("Arm(0)", 5_000), ("Arm(1)", 10_000), ("Arm(2)", 5_000)];
        near(&count(&test(&[25, 50, 25], None, 0)), &all);
    }

    #[test]
    fn what_does_not_add_up_is_refused_by_its_name() {
        let faults = |experiment: &Experiment| {
            let mut violations = Violations::default();
            experiment.check(&mut violations, &text("Hello"));
            let found = violations.end().err().map(|invalid| invalid.0);
            let found = found.into_iter().flatten();
            found.map(|one| (one.pointer, one.code)).collect::<Vec<_>>()
        };
        for whole in [
            test(&[50, 50], None, 49),
            test(&[60, 10, 10, 10, 10], Some(98), 1),
        ] {
            assert!(faults(&whole).is_empty(), "{:?}", faults(&whole));
        }
        let mut same = test(&[50, 50], None, 0);
        same.arms[1].content = Some(text("Hello"));
        let mut other_language = same.clone();
        other_language.arms[1].language = Some("sw".into());
        assert!(faults(&other_language).is_empty());
        let mut nothing = test(&[50, 50], None, 0);
        nothing.arms[1].content = None;
        let mut names = test(&[50, 50], None, 0);
        names.arms[1].name = "Arm 0".into();
        let mut clicks = test(&[50, 50], None, 0);
        clicks.metric = Metric::Click;
        let mut language = test(&[50, 50], None, 0);
        language.arms[0].language = Some("Swahili!".into());
        for (experiment, pointer, code) in [
            (test(&[50, 49], None, 0), "/experiment/arms", "percent"),
            (test(&[100], None, 0), "/experiment/arms", "count"),
            (
                test(&[50, 50], None, 50),
                "/experiment/holdout_percent",
                "out_of_range",
            ),
            (
                test(&[50, 50], Some(60), 40),
                "/experiment/test_percent",
                "too_many",
            ),
            (
                test(&[50, 50], Some(0), 0),
                "/experiment/test_percent",
                "out_of_range",
            ),
            (same, "/experiment/arms/1", "same_content"),
            (nothing, "/experiment/arms/1/content", "content"),
            (names, "/experiment/arms/1/name", "repeated"),
            (clicks, "/experiment/metric", "no_link"),
            (language, "/experiment/arms/0/language", "language"),
        ] {
            let found = faults(&experiment);
            assert!(found.contains(&(pointer.to_owned(), code)), "{found:?}");
        }
    }
}
