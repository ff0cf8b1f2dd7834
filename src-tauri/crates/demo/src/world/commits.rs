//! What people write into commits and release notes.

use chrono::{DateTime, Duration, Utc};

use super::dice::Dice;
use super::people::{PEOPLE, Person};
use super::profile::Profile;
use super::releases::office_hours;

/// One commit that a repository will have.
#[derive(Debug, Clone)]
pub(crate) struct PlannedCommit {
    pub author: &'static Person,
    pub at: DateTime<Utc>,
    pub message: String,
    pub kind: CommitKind,
    /// A file that it adds, with its content, beside what its kind touches.
    pub adds: Option<(String, String)>,
}

/// What a commit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommitKind {
    Feature,
    Fix,
    Other,
}

const FEATURES: [&str; 10] = [
    "Show the {} on the first page",
    "Let people change the {} themselves",
    "Keep the {} across devices",
    "Export the {} as CSV",
    "Cache the {} for a minute",
    "Accept more than one {}",
    "Explain the {} in plain words",
    "Offer the {} in all five languages",
    "Send the {} as an event",
    "Read the {} from one place",
];
const FIXES: [&str; 10] = [
    "The {} was lost after a retry",
    "An empty {} no longer fails",
    "Wrong {} after midnight UTC",
    "The {} was counted twice",
    "The {} timed out under load",
    "Umlauts broke the {}",
    "A stale {} was shown after a change",
    "The {} ignored the chosen currency",
    "A race when two people change the {}",
    "The {} leaked a connection",
];
const OTHERS: [(&str, &str); 9] = [
    ("chore", "Update 9 dependencies"),
    ("test", "Tests for the {}"),
    ("refactor", "Split the {} module"),
    ("ci", "Build images on two machines"),
    ("docs", "Say how the {} works"),
    ("build", "Pin the base image"),
    ("chore", "Quieter logs in the {}"),
    ("refactor", "Name things after the domain"),
    ("perf", "One query less for the {}"),
];

/// What is known by heart: the releases that the pictures and the guide tell of.
fn scripted(service: &str, version: &str) -> &'static [(usize, CommitKind, &'static str)] {
    use CommitKind::{Feature, Fix, Other};
    match (service, version) {
        ("checkout", "2.4.0") => &[
            (1, Feature, "Gift wrap as an option of the basket"),
            (2, Feature, "Express delivery until 18:00"),
            (1, Feature, "Save card for the next order"),
            (3, Feature, "Show loyalty points at payment"),
            (0, Fix, "Basket lost when the session renews"),
            (2, Fix, "Express cut-off used server time"),
            (4, Fix, "Double click placed two orders"),
            (2, Fix, "Refund mail sent in the wrong language"),
            (1, Fix, "Totals rounded once per line"),
            (0, Other, "Update 9 dependencies"),
            (3, Other, "Tests for the payment step"),
            (5, Other, "Pricing answers in 800 ms or not at all"),
            (1, Other, "Split the order module"),
            (2, Other, "Say how the express lane works"),
            (4, Other, "Build images on two machines"),
            (0, Other, "Pin the base image"),
            (3, Other, "Contract tests against payments"),
            (1, Other, "Remove the old address form"),
            (5, Other, "Quieter logs in the order mail"),
            (2, Other, "One query less for the basket total"),
            (4, Other, "Name things after the domain"),
        ],
        ("checkout", "2.4.1") => &[
            (4, Fix, "Voucher applied twice after a retry"),
            (2, Fix, "Wrong VAT line for Swiss addresses"),
            (0, Other, "Tests for vouchers after a retry"),
            (1, Other, "Update 2 dependencies"),
            (3, Other, "More memory for the basket cache"),
            (5, Other, "Say who to call at night"),
            (2, Other, "Flaky test of the delivery slot"),
        ],
        ("payments", "1.42.0-rc.1") => &[
            (0, Feature, "Settle refunds through the ledger service PAY-2214"),
            (6, Feature, "Show the settlement date on a receipt"),
            (0, Other, "Client for the ledger service"),
            (6, Other, "Contract tests against the ledger service"),
            (3, Other, "Tests for partial refunds"),
            (0, Fix, "A refund of 0.00 no longer fails"),
        ],
        ("payments", "1.42.0-rc.2") => &[
            (6, Fix, "Chargebacks counted twice in the monthly report"),
            (0, Fix, "Retry a settlement after a timeout"),
            (3, Other, "Update 4 dependencies"),
            (7, Other, "Image built on the new base"),
        ],
        ("payments", "1.42.0") => &[
            (0, Feature, "Refunds in batches of 50"),
            (6, Other, "Say how settlement works now"),
            (0, Other, "Quieter logs in the ledger client"),
            (3, Other, "Tests for the batch size"),
        ],
        _ => &[],
    }
}

/// The commits that lead to a release, oldest first, all between the two times.
pub(crate) fn before_release(
    profile: &Profile,
    version: &str,
    span: (DateTime<Utc>, DateTime<Utc>),
    dice: &mut Dice,
) -> Vec<PlannedCommit> {
    let known = scripted(profile.name, version);
    let patch_only = !version.ends_with(".0") && !version.contains('-');
    let mut subjects: Vec<(&'static Person, CommitKind, String)> = known
        .iter()
        .map(|(person, kind, subject)| (&PEOPLE[*person], *kind, (*subject).to_owned()))
        .collect();
    if subjects.is_empty() {
        let count = if patch_only {
            dice.between(2, 4)
        } else {
            dice.between(4, 8)
        };
        subjects = (0..count).map(|_| invented(profile, patch_only, dice)).collect();
    }
    let count = i32::try_from(subjects.len()).unwrap_or(i32::MAX);
    let step = (span.1 - span.0 - Duration::minutes(20)).max(Duration::minutes(1)) / (count + 1);
    let mut last = span.0 + Duration::minutes(5);
    let mut commits: Vec<PlannedCommit> = Vec::new();
    for (place, (author, kind, subject)) in (1..).zip(subjects) {
        let about = office_hours(span.0 + Duration::minutes(5) + step * place, dice);
        let latest = span.1 - Duration::minutes(2) - Duration::seconds(40) * (count - place);
        let at = about.max(last + Duration::seconds(30)).min(latest);
        last = at;
        let adds = extra_file(profile, version, kind, &subject, at);
        let message = worded(profile, kind, &subject, dice);
        commits.push(PlannedCommit {
            author,
            at,
            message,
            kind,
            adds,
        });
    }
    commits
}

fn invented(profile: &Profile, patch_only: bool, dice: &mut Dice) -> (&'static Person, CommitKind, String) {
    let noun = *dice.pick(&profile.nouns);
    let author = dice.pick(&PEOPLE);
    let (feature, fix) = if patch_only { (0, 60) } else { (35, 30) };
    let roll = dice.between(1, 100);
    if roll <= feature {
        (
            author,
            CommitKind::Feature,
            dice.pick(&FEATURES).replace("{}", noun),
        )
    } else if roll <= feature + fix {
        (author, CommitKind::Fix, dice.pick(&FIXES).replace("{}", noun))
    } else {
        (
            author,
            CommitKind::Other,
            dice.pick(&OTHERS).1.replace("{}", noun),
        )
    }
}

/// Two in three follow Conventional Commits, as in a team that began to.
fn worded(profile: &Profile, kind: CommitKind, subject: &str, dice: &mut Dice) -> String {
    let is_scripted = matches!(profile.name, "checkout" | "payments");
    if !is_scripted && dice.percent(33) {
        return subject.to_owned();
    }
    let word = match kind {
        CommitKind::Feature => "feat",
        CommitKind::Fix => "fix",
        CommitKind::Other => OTHERS
            .iter()
            .find(|(_, pattern)| subject.starts_with(pattern.split("{}").next().unwrap_or(pattern)))
            .map_or("chore", |(word, _)| word),
    };
    let scope = if dice.percent(30) {
        format!("({})", profile.name)
    } else {
        String::new()
    };
    let mut message = format!("{word}{scope}: {}", lower_first(subject));
    if kind != CommitKind::Other && dice.percent(40) && !subject.contains(profile.key) {
        message.push_str(&format!("\n\nRefs: {}-{}", profile.key, dice.between(1400, 2400)));
    }
    message
}

fn lower_first(subject: &str) -> String {
    let mut letters = subject.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().collect::<String>())
        .unwrap_or_default();
    let second_is_capital = subject.chars().nth(1).is_some_and(char::is_uppercase);
    if second_is_capital {
        subject.to_owned()
    } else {
        format!("{first}{}", letters.as_str())
    }
}

/// Migrations come with some features; the ones that the guide tells of have their own.
fn extra_file(
    profile: &Profile,
    version: &str,
    kind: CommitKind,
    subject: &str,
    at: DateTime<Utc>,
) -> Option<(String, String)> {
    match (profile.name, subject) {
        ("checkout", "Gift wrap as an option of the basket") => Some((
            "migrations/V58__gift_note.sql".into(),
            "-- Nullable, so that older versions go on working.\nALTER TABLE orders ADD COLUMN gift_note TEXT;\n".into(),
        )),
        ("payments", "Settle refunds through the ledger service PAY-2214") => Some((
            "src/ledger.rs".into(),
            "//! Refunds are settled by the ledger service.\n\npub fn settle(refund: &Refund) -> Settlement {\n    ledger().post(refund.entry())\n}\n".into(),
        )),
        _ if kind == CommitKind::Feature && !matches!(profile.name, "checkout" | "gateway") && subject.len().is_multiple_of(3) => {
            let number = at.format("%Y%m%d%H%M%S");
            let word = subject.to_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
            Some((
                format!("migrations/{number}_{}.sql", &word[..word.len().min(28)].trim_matches('_')),
                format!("-- {subject} ({version})\nCREATE INDEX IF NOT EXISTS idx_{number} ON events (created_at);\n"),
            ))
        }
        _ => None,
    }
}

/// The message of a release's tag: a subject, and below it what is new and what is fixed.
pub(crate) fn release_message(profile: &Profile, version: &str, commits: &[PlannedCommit]) -> String {
    let lines = |kind: CommitKind| -> Vec<String> {
        commits
            .iter()
            .filter(|commit| commit.kind == kind)
            .map(|commit| format!("- {}", plain(&commit.message)))
            .collect()
    };
    let mut message = format!("{} {version}\n", profile.name);
    for (title, kind) in [("New", CommitKind::Feature), ("Fixed", CommitKind::Fix)] {
        let lines = lines(kind);
        if !lines.is_empty() {
            message.push_str(&format!("\n{title}\n\n{}\n", lines.join("\n")));
        }
    }
    message
}

/// The subject of a commit without its conventional prefix, with a capital letter.
pub(crate) fn plain(message: &str) -> String {
    let subject = message.lines().next().unwrap_or("");
    let text = match subject.split_once(": ") {
        Some((prefix, rest)) if !prefix.contains(' ') => rest,
        _ => subject,
    };
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
