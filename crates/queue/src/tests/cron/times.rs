//! When an expression fires, and what is refused: no database.

use super::*;

fn fires(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::new("s", expression).zone(zone);
    let fires = schedule.next_fires(at(after), count).unwrap();
    fires
        .iter()
        .map(|fire| fire.format("%F %T").to_string())
        .collect()
}

#[test]
fn p14_an_expression_is_read_on_the_clocks_of_its_zone() {
    assert_eq!(
        fires("0 8 * * *", "Africa/Nairobi", "2026-11-21T04:59:59Z", 2),
        ["2026-11-21 05:00:00", "2026-11-22 05:00:00"]
    );
    // A fire time itself is not after itself; a fraction of a second before it is before it.
    assert_eq!(
        fires("0 8 * * *", "Africa/Nairobi", "2026-11-21T05:00:00Z", 1),
        ["2026-11-22 05:00:00"]
    );
    assert_eq!(
        fires("0 8 * * *", "UTC", "2026-11-21T07:59:59.9Z", 1),
        ["2026-11-21 08:00:00"]
    );
    assert_eq!(
        fires("0 8 * * *", "Asia/Kathmandu", "2026-11-21T00:00:00Z", 1),
        ["2026-11-21 02:15:00"]
    );
}

#[test]
fn p14_weekdays_and_days_mean_what_they_do_in_crontab() {
    let after = "2026-11-21T12:00:00Z"; // a Saturday
    for sunday in ["0", "7", "SUN", "sunday"] {
        let expression = format!("0 0 * * {sunday}");
        assert_eq!(fires(&expression, "UTC", after, 1), ["2026-11-22 00:00:00"]);
    }
    assert_eq!(
        fires("0 0 * * 1-5", "UTC", after, 2),
        ["2026-11-23 00:00:00", "2026-11-24 00:00:00"]
    );
    assert_eq!(
        fires("0 0 * * FRI-SUN", "UTC", after, 3),
        [
            "2026-11-22 00:00:00",
            "2026-11-27 00:00:00",
            "2026-11-28 00:00:00"
        ]
    );
    assert_eq!(
        fires("0 0 * * */3", "UTC", after, 3),
        [
            "2026-11-22 00:00:00",
            "2026-11-25 00:00:00",
            "2026-11-28 00:00:00"
        ]
    );
    // Both days given: either of them in five fields, both of them in six.
    assert_eq!(
        fires("0 0 1 * MON", "UTC", after, 3),
        [
            "2026-11-23 00:00:00",
            "2026-11-30 00:00:00",
            "2026-12-01 00:00:00"
        ]
    );
    assert_eq!(
        fires("0 0 8 1-7 * MON", "UTC", after, 2),
        ["2026-12-07 08:00:00", "2027-01-04 08:00:00"]
    );
    assert_eq!(fires("@daily", "UTC", after, 1), ["2026-11-22 00:00:00"]);
    assert_eq!(fires("@weekly", "UTC", after, 1), ["2026-11-22 00:00:00"]);
    assert_eq!(
        fires("0 0 0 29 2 * 2026-2031", "UTC", after, 9),
        ["2028-02-29 00:00:00"]
    );
}

#[test]
fn p14_rare_days_and_steps_are_those_of_the_calendar() {
    for (expression, zone, after, wanted) in [
        (
            "0 8 31 * *",
            "UTC",
            "2027-01-31T08:00:00Z",
            &["2027-03-31 08:00:00"][..],
        ),
        (
            "0 8 29 2 *",
            "UTC",
            "2029-01-01T00:00:00Z",
            &["2032-02-29 08:00:00"],
        ),
        (
            "10/20 * * * *",
            "UTC",
            "2026-07-01T00:00:00Z",
            &[
                "2026-07-01 00:10:00",
                "2026-07-01 00:30:00",
                "2026-07-01 00:50:00",
                "2026-07-01 01:10:00",
            ],
        ),
        (
            "0 0 1-3 * WED",
            "UTC",
            "2026-07-01T00:00:00Z",
            &[
                "2026-07-02 00:00:00",
                "2026-07-03 00:00:00",
                "2026-07-08 00:00:00",
            ],
        ),
        // Midnight is in the gap.
        (
            "0 0 * * *",
            "America/Santiago",
            "2026-09-05T05:00:00Z",
            &["2026-09-06 04:00:00", "2026-09-07 03:00:00"],
        ),
        (
            "15 0 * * *",
            "Asia/Beirut",
            "2026-03-28T20:00:00Z",
            &["2026-03-28 22:00:00", "2026-03-29 21:15:00"],
        ),
        // The hour that is there twice fires in its first pass.
        (
            "*/30 * * * *",
            "Europe/Berlin",
            "2026-10-24T23:45:00Z",
            &[
                "2026-10-25 00:00:00",
                "2026-10-25 00:30:00",
                "2026-10-25 02:00:00",
            ],
        ),
    ] {
        assert_eq!(
            fires(expression, zone, after, wanted.len()),
            wanted,
            "{expression} in {zone}"
        );
    }
    for names in [
        ["Europe/Kyiv", "Europe/Kiev"],
        ["Asia/Kolkata", "Asia/Calcutta"],
        ["America/Chicago", "US/Central"],
    ] {
        let [new, old] = names.map(|zone| fires("30 2 * * *", zone, "2026-03-01T00:00:00Z", 300));
        assert_eq!(new, old, "{names:?}");
    }
}

#[test]
fn p14_a_time_in_a_dst_gap_fires_once_at_the_first_moment_after_it() {
    // In Berlin the clock goes from 02:00 to 03:00 (01:00 UTC) on 29 March 2026.
    assert_eq!(
        fires("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2),
        ["2026-03-29 01:00:00", "2026-03-30 00:30:00"]
    );
    // Several times of the gap, and one at its end, are one fire.
    assert_eq!(
        fires("*/15 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 3),
        [
            "2026-03-29 01:00:00",
            "2026-03-29 01:15:00",
            "2026-03-29 01:30:00"
        ]
    );
    // Samoa had no 30 December 2011 at all.
    assert_eq!(
        fires("0 8 * * *", "Pacific/Apia", "2011-12-30T00:00:00Z", 2),
        ["2011-12-30 10:00:00", "2011-12-30 18:00:00"]
    );
    // Lord Howe moves by half an hour: from 02:00 to 02:30 on 4 October 2026, 15:30 UTC the day before.
    assert_eq!(
        fires(
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03T12:00:00Z",
            1
        ),
        ["2026-10-03 15:30:00"]
    );
}

#[test]
fn p14_a_time_in_a_dst_overlap_fires_once_the_first_time() {
    // In New York the hour from 01:00 is there twice on 1 November 2026: from 05:00 UTC, and from 06:00 UTC.
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2),
        ["2026-11-01 05:30:00", "2026-11-02 06:30:00"]
    );
    // Also when asked between the two.
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-11-01T05:45:00Z", 1),
        ["2026-11-02 06:30:00"]
    );
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-11-01T06:15:00Z", 1),
        ["2026-11-02 06:30:00"]
    );
    assert_eq!(
        fires("0 * * * *", "America/New_York", "2026-11-01T04:30:00Z", 3),
        [
            "2026-11-01 05:00:00",
            "2026-11-01 07:00:00",
            "2026-11-01 08:00:00"
        ]
    );
}

#[test]
fn p14_what_is_not_allowed_is_refused_with_its_field_and_the_rule() {
    let refused = |schedule: Schedule| {
        let error = schedule.check().unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(error.field().unwrap()), "{text}");
        text
    };
    let expression = |text: &str| refused(Schedule::new("s", text));
    assert!(expression("").contains("has 0 fields; allowed: five fields"));
    assert!(expression("* * * *").contains("has 4 fields"));
    assert!(expression("1 2 3 4 5 6 2030 8").contains("has 8 fields"));
    assert!(expression("@fortnightly").contains("@hourly"));
    assert!(expression(&"1,".repeat(200)).contains("more than 200 bytes"));
    assert!(expression("60 * * * *").contains("the minute \"60\" is not allowed; allowed: 0-59"));
    assert!(expression("* 24 * * *").contains("the hour \"24\" is not allowed; allowed: 0-23"));
    assert!(expression("* * 0 * *").contains("the day of the month \"0\" is not allowed"));
    assert!(expression("* * * 13 *").contains("the month \"13\" is not allowed"));
    for weekday in [
        "8", "1-", "SU", "MONTAG", "5-2", "1/0", "*/x", ",", "1,,2", "L", "MON#1",
    ] {
        let text = expression(&format!("* * * * {weekday}"));
        assert!(text.contains("the weekday"), "{text}");
    }
    for minute in [
        "5-1",
        "*/0",
        "1,",
        "-1",
        "+1",
        "1-",
        "é",
        "99999999999",
        "'; DROP",
    ] {
        let text = expression(&format!("{minute} * * * *"));
        assert!(text.starts_with("expression: "), "{text}");
    }
    assert!(expression("0 0 30 2 *").contains("never fires"));
    let zone = refused(Schedule::new("s", "@daily").zone("Mars/Olympus"));
    assert_eq!(
        zone,
        "zone: there is no time zone \"Mars/Olympus\"; give an IANA name, such as UTC, Africa/Nairobi or Europe/Berlin"
    );
    refused(Schedule::new("", "@daily"));
    refused(Schedule::new("a\nb", "@daily"));
    refused(Schedule::new("x".repeat(201), "@daily"));
    refused(Schedule::new("s", "@daily").missed(Missed::All { cap: 0 }));
    refused(Schedule::new("s", "@daily").missed(Missed::All { cap: 1001 }));
}
