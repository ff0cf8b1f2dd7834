//! Which releases each service had in three months: the last ones as the profile says, the older ones
//! counted back from there, on working days.

use chrono::{DateTime, Datelike, Duration, NaiveTime, Utc, Weekday};

use super::commits::{PlannedCommit, before_release};
use super::dice::Dice;
use super::profile::Profile;

/// How far back the demo world goes.
pub(crate) const DAYS: i64 = 92;

/// A release that a repository will have.
#[derive(Debug, Clone)]
pub(crate) struct PlannedRelease {
    pub version: String,
    pub at: DateTime<Utc>,
    pub commits: Vec<PlannedCommit>,
}

impl PlannedRelease {
    /// Whether it is one of those that staging alone gets.
    pub fn is_pre_release(&self) -> bool {
        self.version.contains('-')
    }
}

/// All releases of a service, oldest first.
pub(crate) fn plan(profile: &Profile, now: DateTime<Utc>, seed: u64) -> Vec<PlannedRelease> {
    let mut dice = Dice::new(seed, profile.name);
    let mut times = dated(profile, now, &mut dice);
    times.sort_by_key(|(_, at)| *at);
    let mut releases = Vec::new();
    let mut from = times.first().map_or(now, |(_, at)| *at) - Duration::days(4);
    for (version, at) in times {
        let commits = before_release(profile, &version, (from, at), &mut dice);
        releases.push(PlannedRelease { version, at, commits });
        from = at;
    }
    releases
}

fn dated(profile: &Profile, now: DateTime<Utc>, dice: &mut Dice) -> Vec<(String, DateTime<Utc>)> {
    let tail: Vec<(String, DateTime<Utc>)> = profile
        .releases
        .iter()
        .map(|(version, hours)| ((*version).to_owned(), hours_before(now, *hours)))
        .collect();
    let (first, end) = tail.first().cloned().unwrap_or_else(|| ("1.0.0".to_owned(), now));
    let begin = now - Duration::days(DAYS);
    let count = ((end - begin).num_hours() / dice.between(78, 92)).max(3);
    let older = versions_before(&first, usize::try_from(count).unwrap_or(3), dice);
    let step = (end - begin) / i32::try_from(older.len() + 1).unwrap_or(1);
    let mut dated: Vec<(String, DateTime<Utc>)> = Vec::new();
    for (place, version) in older.into_iter().enumerate() {
        let about = begin + step * i32::try_from(place + 1).unwrap_or(1);
        let jitter = Duration::minutes(dice.between(-300, 300));
        let mut at = office_hours(about + jitter, dice);
        if let Some((_, last)) = dated.last() {
            at = at.max(*last + Duration::minutes(45));
        }
        dated.push((version, at.min(end - Duration::minutes(30))));
    }
    dated.into_iter().chain(tail).collect()
}

/// So many versions that come before that one, oldest first.
fn versions_before(first: &str, count: usize, dice: &mut Dice) -> Vec<String> {
    let mut numbers = first
        .split(['.', '-'])
        .map(|part| part.parse::<u64>().unwrap_or(0));
    let (mut major, mut minor, mut patch) = (
        numbers.next().unwrap_or(1),
        numbers.next().unwrap_or(0),
        numbers.next().unwrap_or(0),
    );
    let mut versions = Vec::new();
    while versions.len() < count {
        if patch > 0 {
            patch -= 1;
        } else {
            if dice.percent(50) {
                versions.push(format!("{major}.{minor}.0-rc.1"));
            }
            (major, minor) = match (major, minor) {
                (0, 0) => break,
                (major, 0) => (major - 1, 9),
                (major, minor) => (major, minor - 1),
            };
            patch = u64::try_from(dice.between(1, 4)).unwrap_or(1);
        }
        versions.push(format!("{major}.{minor}.{patch}"));
    }
    versions.reverse();
    versions
}

/// That time, or the nearest one when people work.
pub(crate) fn office_hours(time: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
    let day = match time.weekday() {
        Weekday::Sat => time - Duration::days(1),
        Weekday::Sun => time + Duration::days(1),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => time,
    };
    let hour = u32::try_from(dice.between(7, 15)).unwrap_or(9);
    let minute = u32::try_from(dice.between(0, 59)).unwrap_or(0);
    let second = u32::try_from(dice.between(0, 59)).unwrap_or(0);
    let clock = NaiveTime::from_hms_opt(hour, minute, second).unwrap_or(NaiveTime::MIN);
    day.date_naive().and_time(clock).and_utc()
}

/// So many hours before now, to the second.
pub(crate) fn hours_before(now: DateTime<Utc>, hours: f64) -> DateTime<Utc> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "hours of a few weeks fit into an i64 of seconds"
    )]
    let seconds = (hours * 3600.0) as i64;
    now - Duration::seconds(seconds)
}
