//! What happened in each lane in three months: events in order, the older ones made up from the
//! releases, the last days as the profile says.

use chrono::{DateTime, Duration, Utc};

use super::commits::CommitKind;
use super::dice::Dice;
use super::people::{PEOPLE, Person};
use super::profile::{Place, Profile, Turn};
use super::releases::{PlannedRelease, hours_before, office_hours};

/// How an event went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Settled after so long, and stayed well.
    Settled(Duration),
    /// Settled, and was taken back later.
    TakenBack(Duration),
    /// Given up after so long.
    Failed(Duration),
    /// Has not settled yet.
    Open,
}

/// A template going live in a lane.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub at: DateTime<Utc>,
    pub version: String,
    /// How often the lane's configuration was changed before; each makes another template.
    pub config: u32,
    /// The same version as before, another configuration.
    pub is_config: bool,
    pub outcome: Outcome,
    /// The event that it went back to.
    pub back_to: Option<usize>,
    pub who: &'static Person,
    pub why: String,
    /// The pipeline run, where one did it.
    pub pipeline: Option<i64>,
    /// Known from ReplicaSets alone.
    pub inferred: bool,
}

/// One service in one environment.
#[derive(Debug, Clone)]
pub(crate) struct Lane {
    pub place: Place,
    pub events: Vec<Event>,
}

/// The lane of a service in that place, oldest event first.
pub(crate) fn lane(
    profile: &Profile,
    place: Place,
    releases: &[PlannedRelease],
    now: DateTime<Utc>,
    seed: u64,
) -> Lane {
    let mut writer = Writer {
        profile,
        releases,
        dice: Dice::new(seed, &format!("{}/{}", profile.name, place.environment())),
        events: Vec::new(),
        config: 0,
        now,
    };
    let steps = profile.lane(place);
    let begin = steps
        .first()
        .map_or(now, |(hours, _, _)| hours_before(now, *hours));
    writer.old_days(place, begin);
    for (hours, version, turn) in steps {
        writer.scripted(hours_before(now, *hours), version, *turn);
    }
    Lane {
        place,
        events: writer.events,
    }
}

struct Writer<'w> {
    profile: &'w Profile,
    releases: &'w [PlannedRelease],
    dice: Dice,
    events: Vec<Event>,
    config: u32,
    now: DateTime<Utc>,
}

impl Writer<'_> {
    /// Pipelines are counted through: about one every three hours.
    fn pipeline_at(&self, at: DateTime<Utc>) -> i64 {
        8841 - (self.now - at).num_minutes() / 180
    }

    /// Everything before the profile's own steps begin, up to the release before the one of the first step.
    fn old_days(&mut self, place: Place, until: DateTime<Utc>) {
        let first = self
            .profile
            .lane(place)
            .first()
            .map_or("", |(_, version, _)| *version);
        for release in self
            .releases
            .iter()
            .take_while(|release| release.version != first)
        {
            if release.at >= until || (place != Place::Staging && release.is_pre_release()) {
                continue;
            }
            if place != Place::Staging && self.dice.percent(10) {
                continue;
            }
            let lag = match place {
                Place::Staging => Duration::minutes(self.dice.between(20, 90)),
                Place::ProdEu => Duration::hours(self.dice.between(20, 30)),
                Place::ProdUs => Duration::hours(self.dice.between(24, 50)),
            };
            let wanted = release.at + lag;
            let at = if place == Place::Staging {
                wanted
            } else {
                office_hours(wanted, &mut self.dice)
            };
            let at = self.after_last(at.max(release.at + Duration::minutes(35)));
            if at + Duration::hours(3) >= until {
                continue;
            }
            self.release(at, &release.version, place, until);
        }
    }

    fn after_last(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.events
            .last()
            .map_or(at, |last| at.max(last.at + Duration::minutes(40)))
    }

    /// A release goes live; now and then it fails or is taken back, or its configuration changes later.
    fn release(&mut self, at: DateTime<Utc>, version: &str, place: Place, until: DateTime<Utc>) {
        let before = self.events.len().checked_sub(1);
        let chance = if place == Place::Staging { 3 } else { 6 };
        let roll = self.dice.between(1, 100);
        let settle = self.settle_time();
        let outcome = if before.is_some() && roll <= chance {
            Outcome::Failed(Duration::seconds(self.dice.between(420, 600)))
        } else if before.is_some() && roll <= chance * 2 {
            Outcome::TakenBack(settle)
        } else {
            Outcome::Settled(settle)
        };
        self.push(at, version, false, outcome, None);
        let wait = Duration::minutes(self.dice.between(14, 80));
        match (outcome, before) {
            (Outcome::Failed(_) | Outcome::TakenBack(_), Some(before)) => {
                let back = at + wait;
                let (version, config) = (self.events[before].version.clone(), self.events[before].config);
                let settle = self.settle_time();
                self.push(back, &version, false, Outcome::Settled(settle), Some(before));
                if let Some(last) = self.events.last_mut() {
                    last.config = config;
                }
                // The version is tried again the day after, as teams do once the cause is known.
                let again = office_hours(back + Duration::hours(22), &mut self.dice);
                if again > back && again + Duration::hours(2) < until && place == Place::ProdEu {
                    let settle = self.settle_time();
                    let version = self.events[before + 1].version.clone();
                    self.push(again, &version, false, Outcome::Settled(settle), None);
                }
            }
            _ if self.dice.percent(22) => {
                let at = at + wait * 3;
                if at + Duration::hours(2) < until {
                    let settle = self.settle_time();
                    self.push(at, version, true, Outcome::Settled(settle), None);
                }
            }
            _ => {}
        }
    }

    fn scripted(&mut self, at: DateTime<Utc>, version: &str, turn: Turn) {
        let settle = self.settle_time();
        let back_to = match turn {
            Turn::Rollback => self.events.iter().rposition(|event| event.version == version),
            _ => None,
        };
        let outcome = match turn {
            Turn::Live | Turn::Inferred | Turn::Config | Turn::Rollback => Outcome::Settled(settle),
            Turn::Undone | Turn::UndoneConfig => Outcome::TakenBack(settle),
            Turn::Failing => Outcome::Failed(Duration::seconds(448)),
            Turn::InProgress => Outcome::Open,
        };
        let is_config = matches!(turn, Turn::Config | Turn::UndoneConfig);
        self.push(at, version, is_config, outcome, back_to);
        let again = match turn {
            Turn::Inferred => self.events[..self.events.len() - 1]
                .iter()
                .rposition(|event| event.version == version),
            _ => back_to,
        };
        let config = again.map(|place| self.events[place].config);
        if let Some(last) = self.events.last_mut() {
            last.inferred = turn == Turn::Inferred;
            last.config = config.unwrap_or(last.config);
        }
    }

    fn settle_time(&mut self) -> Duration {
        Duration::seconds(self.dice.between(35, 210))
    }

    fn push(
        &mut self,
        at: DateTime<Utc>,
        version: &str,
        is_config: bool,
        outcome: Outcome,
        back_to: Option<usize>,
    ) {
        if is_config {
            self.config += 1;
        }
        let who = if back_to.is_some() {
            &PEOPLE[5]
        } else {
            self.dice.pick(&PEOPLE)
        };
        let pipeline = back_to.is_none().then(|| self.pipeline_at(at));
        let why = self.reason(version, is_config, back_to);
        self.events.push(Event {
            at,
            version: version.to_owned(),
            config: self.config,
            is_config,
            outcome,
            back_to,
            who,
            why,
            pipeline,
            inferred: false,
        });
    }

    fn reason(&mut self, version: &str, is_config: bool, back_to: Option<usize>) -> String {
        if back_to.is_some() {
            let from = self.events.last().map_or("", |last| last.version.as_str());
            let causes = [
                "errors rose",
                "pods never became ready",
                "customers could not pay",
                "latency doubled",
            ];
            return format!(
                "Tidemark: rollback to {version} — {} since {from}",
                self.dice.pick(&causes)
            );
        }
        if is_config {
            let noun = *self.dice.pick(&self.profile.nouns);
            return format!("Settings of the {noun}");
        }
        self.headline(version)
            .unwrap_or_else(|| format!("Release {version}"))
    }

    /// What is new in a version, its pre-releases included: its first feature, else its first fix.
    fn headline(&self, version: &str) -> Option<String> {
        let base = |version: &str| version.split('-').next().unwrap_or(version).to_owned();
        let commits = self
            .releases
            .iter()
            .filter(|release| release.version == version || release.is_pre_release())
            .filter(|release| base(&release.version) == base(version))
            .flat_map(|release| &release.commits);
        let rank = |kind: CommitKind| match kind {
            CommitKind::Feature => 0,
            CommitKind::Fix => 1,
            CommitKind::Other => 2,
        };
        let best = commits.min_by_key(|commit| rank(commit.kind))?;
        Some(super::commits::plain(&best.message))
    }
}
