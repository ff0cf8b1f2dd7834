//! What is kept of deployments, by the rules of history.md.

use crate::world::{evidence, observed, open_quietly, time, told, workspace};
use chrono::{DateTime, Utc};
use domain::deployment::{
    Attribution, AttributionSource, Deployment, EvidenceKind, Gap, Moment, Moments, RollbackLink,
    RunningVersion, Status,
};
use domain::ids::{ContentHash, TemplateHash};
use domain::template::PodTemplate;
use ledger::{
    ConfigurationEntry, ConfigurationKind, DeploymentFilter, Ledger, LedgerError, NO_ROW, NO_TIME, Run,
};

fn started(moment: Moment) -> Moments {
    Moments {
        started: Some(moment),
        ..Moments::default()
    }
}

fn between(earliest: Option<i64>, latest: i64) -> Moment {
    Moment::Between {
        earliest: earliest.map(time),
        latest: time(latest),
    }
}

fn one(ledger: &Ledger, deployment: &Deployment) -> Deployment {
    let ids = ledger
        .ingest(&workspace(), std::slice::from_ref(deployment))
        .unwrap();
    ledger.deployment(ids[0]).unwrap().unwrap()
}

fn count(ledger: &Ledger) -> usize {
    ledger.timeline(&workspace()).unwrap().len()
}

#[test]
fn every_field_reads_back_as_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let first = one(&ledger, &observed("checkout", "prod-eu", "2.3.7", 1, 0));
    let mut told = observed("checkout", "prod-eu", "2.4.1", 2, 100);
    told.digest = Some("sha256:4f1d".to_owned());
    told.status = Status::Failed;
    told.moments.failed = Some(between(Some(110), 130));
    told.moments.ended = Some(between(None, 140));
    told.previous_served_until = Some(time(135));
    told.rollback = Some(RollbackLink { to: first.id });
    told.who = Some(Attribution {
        text: "mara".to_owned(),
        source: AttributionSource::ChangeCause,
    });
    told.why = Some(Attribution {
        text: "错误率上升".to_owned(),
        source: AttributionSource::Operation,
    });
    told.operation = Some("0c4d".into());
    told.evidence
        .push(evidence(EvidenceKind::Imported, "history.csv", told.moments));
    let kept = one(&ledger, &told);
    told.id = kept.id;
    assert_eq!(kept, told);
}

#[test]
fn labels_of_a_mixed_and_of_no_version_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    for (revision, version) in [
        (1, RunningVersion::Unversioned("sha-4f1d\u{202e}<img>".to_owned())),
        (
            2,
            RunningVersion::Mixed(vec!["1.0.0".to_owned(), "1.1.0".to_owned()]),
        ),
    ] {
        let mut told = observed("checkout", "prod-eu", "1.0.0", revision, revision * 100);
        told.version = version.clone();
        assert_eq!(one(&ledger, &told).version, version);
    }
}

#[test]
fn the_same_deployment_told_twice_is_one_and_all_evidence_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let exact = started(Moment::At(time(50)));
    let range = started(between(Some(0), 90));
    let record = |kind, source, moments| told("checkout", "prod-eu", "2.4.1", 3, kind, source, moments);
    one(
        &ledger,
        &record(EvidenceKind::Inferred, "ReplicaSet checkout-7d9", range),
    );
    one(&ledger, &record(EvidenceKind::Recorded, "operation 12", exact));
    let kept = one(
        &ledger,
        &record(
            EvidenceKind::Inferred,
            "managedFields",
            started(between(None, 300)),
        ),
    );
    assert_eq!(count(&ledger), 1);
    assert_eq!(
        kept.moments.started,
        Some(Moment::At(time(50))),
        "the best evidence wins"
    );
    let kinds: Vec<EvidenceKind> = kept.evidence.iter().map(|evidence| evidence.kind).collect();
    assert_eq!(
        kinds,
        [
            EvidenceKind::Recorded,
            EvidenceKind::Inferred,
            EvidenceKind::Inferred
        ],
        "all of it is kept, best first"
    );
}

#[test]
fn weaker_evidence_overwrites_nothing_and_fills_what_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut strong = observed("checkout", "prod-eu", "2.4.1", 3, 50);
    strong.status = Status::Failed;
    one(&ledger, &strong);
    let mut weak = told(
        "checkout",
        "prod-eu",
        "2.4.1",
        3,
        EvidenceKind::Imported,
        "history.csv",
        Moments {
            started: Some(Moment::At(time(20))),
            ended: Some(Moment::At(time(900))),
            ..Moments::default()
        },
    );
    weak.status = Status::Healthy;
    weak.image = Some("elsewhere/checkout:2.4.1".to_owned());
    weak.digest = Some("sha256:77".to_owned());
    let kept = one(&ledger, &weak);
    assert_eq!(kept.moments.started, Some(Moment::At(time(50))));
    assert_eq!(kept.status, Status::Failed);
    assert_eq!(kept.image.as_deref(), Some("shop/checkout:2.4.1"));
    assert_eq!(kept.digest.as_deref(), Some("sha256:77"), "nothing else told it");
    assert_eq!(kept.moments.ended, Some(Moment::At(time(900))));
}

#[test]
fn our_watch_brings_its_own_deployment_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut seen = told(
        "checkout",
        "prod-eu",
        "2.4.1",
        3,
        EvidenceKind::Observed,
        "watch",
        started(Moment::At(time(50))),
    );
    seen.status = Status::InProgress;
    seen.revision = None; // the ReplicaSet is not there yet
    one(&ledger, &seen);
    let mut settled = observed("checkout", "prod-eu", "2.4.1", 3, 50);
    settled.evidence[0].moments.started = None; // a watch tells each moment once
    let kept = one(&ledger, &settled);
    assert_eq!(count(&ledger), 1);
    assert_eq!(kept.status, Status::Healthy);
    assert_eq!(kept.revision, Some(3));
    assert_eq!(kept.evidence.len(), 1, "one source is one piece of evidence");
    assert_eq!(kept.moments.started, Some(Moment::At(time(50))));
    assert_eq!(kept.moments.settled, Some(Moment::At(time(55))));
}

#[test]
fn a_rollback_to_the_same_template_is_another_deployment() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let batch = [
        observed("checkout", "prod-eu", "2.3.7", 1, 0),
        observed("checkout", "prod-eu", "2.4.1", 2, 100),
        observed("checkout", "prod-eu", "2.3.7", 3, 200),
    ];
    let ids = ledger.ingest(&workspace(), &batch).unwrap();
    assert_eq!(count(&ledger), 3);
    assert_eq!(
        ledger.ingest(&workspace(), &batch).unwrap(),
        ids,
        "told again, nothing is new"
    );
    assert_eq!(count(&ledger), 3);
}

#[test]
fn one_batch_may_tell_a_deployment_twice_and_lanes_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let batch = [
        observed("checkout", "prod-eu", "2.3.7", 1, 0),
        observed("checkout", "staging", "2.3.7", 1, 0),
        observed("checkout", "prod-eu", "2.3.7", 1, 0),
        observed("checkout", "staging", "2.4.1", 2, 100),
    ];
    let ids = ledger.ingest(&workspace(), &batch).unwrap();
    assert_eq!(ids[0], ids[2]);
    assert_eq!(count(&ledger), 3);
}

#[test]
fn of_bounds_by_one_source_the_tighter_stays() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let tell = |moment| {
        let inferred = EvidenceKind::Inferred;
        let told = told(
            "checkout",
            "prod-eu",
            "2.4.1",
            3,
            inferred,
            "managedFields",
            started(moment),
        );
        one(&ledger, &told).moments.started
    };
    assert_eq!(tell(between(None, 100)), Some(between(None, 100)));
    assert_eq!(
        tell(between(None, 900)),
        Some(between(None, 100)),
        "any write moves that time on"
    );
    assert_eq!(tell(between(Some(50), 100)), Some(between(Some(50), 100)));
    assert_eq!(tell(between(Some(0), 100)), Some(between(Some(50), 100)));
}

#[test]
fn what_was_in_progress_when_the_app_was_closed_is_settled_by_weaker_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut seen = observed("checkout", "prod-eu", "2.4.1", 3, 50);
    seen.status = Status::InProgress;
    one(&ledger, &seen);
    let mut inferred = observed("checkout", "prod-eu", "2.4.1", 3, 50);
    inferred.evidence[0].kind = EvidenceKind::Inferred;
    inferred.status = Status::Unknown;
    assert_eq!(
        one(&ledger, &inferred).status,
        Status::InProgress,
        "not by no evidence"
    );
    inferred.status = Status::Failed;
    assert_eq!(one(&ledger, &inferred).status, Status::Failed);
}

#[test]
fn who_and_why_come_from_the_best_source() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let tell = |text: &str, source, kind| {
        let mut told = observed("checkout", "prod-eu", "2.4.1", 3, 50);
        told.evidence[0].kind = kind;
        told.who = Some(Attribution {
            text: text.to_owned(),
            source,
        });
        one(&ledger, &told).who.unwrap().text
    };
    use AttributionSource as Source;
    let observed = EvidenceKind::Observed;
    assert_eq!(tell("the author", Source::VersionAuthor, observed), "the author");
    assert_eq!(tell("kubectl", Source::FieldManager, observed), "kubectl");
    assert_eq!(
        tell("noah by a pipeline", Source::Imported, EvidenceKind::Imported),
        "noah by a pipeline",
        "a person who is named says more than a program"
    );
    assert_eq!(
        tell("kubectl", Source::FieldManager, observed),
        "noah by a pipeline"
    );
    assert_eq!(
        tell("mara", Source::Operation, EvidenceKind::Imported),
        "mara",
        "our own operation knows best"
    );
    assert_eq!(tell("kubectl", Source::FieldManager, observed), "mara");
}

#[test]
fn a_version_that_is_resolved_later_takes_the_place_of_a_digest() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut first = observed("checkout", "prod-eu", "2.4.1", 3, 50);
    first.version = RunningVersion::Unversioned("sha256:4f1d".to_owned());
    one(&ledger, &first);
    let mut resolved = observed("checkout", "prod-eu", "2.4.1", 3, 50);
    resolved.evidence[0].kind = EvidenceKind::Imported;
    assert_eq!(one(&ledger, &resolved).version.label(), "2.4.1");
    assert_eq!(
        one(&ledger, &first).version.label(),
        "2.4.1",
        "and never goes back"
    );
}

#[test]
fn the_columns_of_the_timeline_are_sorted_and_complete() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut inferred = observed("payments", "prod-eu", "1.0.0", 1, 300);
    inferred.moments = started(between(None, 300));
    inferred.evidence[0].kind = EvidenceKind::Inferred;
    let batch = [
        observed("payments", "staging", "1.1.0", 1, 50),
        inferred,
        observed("checkout", "prod-eu", "2.4.1", 2, 100),
        observed("checkout", "prod-eu", "2.3.7", 1, 0),
    ];
    ledger.ingest(&workspace(), &batch).unwrap();
    ledger.ingest(&"other".into(), &batch).unwrap();
    let columns = ledger.timeline(&workspace()).unwrap();
    let lanes: Vec<(&str, &str)> = columns
        .lanes
        .iter()
        .map(|lane| (lane.service.as_str(), lane.environment.as_str()))
        .collect();
    assert_eq!(
        lanes,
        [
            ("checkout", "prod-eu"),
            ("payments", "prod-eu"),
            ("payments", "staging")
        ]
    );
    assert_eq!(columns.lane, [0, 0, 1, 2]);
    let versions: Vec<&str> = columns
        .version
        .iter()
        .map(|at| columns.versions[*at as usize].as_str())
        .collect();
    assert_eq!(versions, ["2.3.7", "2.4.1", "1.0.0", "1.1.0"]);
    let start = |second| time(second).timestamp_millis();
    assert_eq!(columns.started, [start(0), start(100), start(300), start(50)]);
    assert_eq!(
        columns.started_earliest[2], NO_TIME,
        "nothing bounds it from below"
    );
    assert_eq!(columns.evidence, [3, 3, 1, 3]);
    assert_eq!(columns.rollback_to, [NO_ROW; 4]);
}

#[test]
fn what_ran_at_a_moment_is_what_had_settled_and_not_ended() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut first = observed("checkout", "prod-eu", "2.3.7", 1, 0);
    first.moments.ended = Some(Moment::At(time(105)));
    let second = observed("checkout", "prod-eu", "2.4.1", 2, 100);
    let mut failed = observed("checkout", "prod-eu", "2.5.0", 3, 200);
    failed.status = Status::Failed;
    failed.moments.settled = None;
    failed.moments.failed = Some(Moment::At(time(260)));
    ledger.ingest(&workspace(), &[first, second, failed]).unwrap();
    let ran = |second| -> Vec<String> {
        let found = ledger.ran_at(&workspace(), time(second)).unwrap();
        found
            .iter()
            .map(|deployment| deployment.version.label())
            .collect()
    };
    assert_eq!(ran(-10), [] as [&str; 0]);
    assert_eq!(ran(50), ["2.3.7"]);
    assert_eq!(ran(102), ["2.3.7"], "the new one had not settled");
    assert_eq!(ran(105), ["2.4.1"], "one ends as the next one settles");
    assert_eq!(ran(300), ["2.4.1"], "a failed one never served alone");
}

#[test]
fn the_search_takes_versions_digests_and_images_and_no_patterns() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut first = observed("checkout", "prod-eu", "2.3.7", 1, 0);
    first.digest = Some("sha256:4f1d00ab".to_owned());
    ledger
        .ingest(
            &workspace(),
            &[first, observed("checkout", "prod-eu", "2.4.1", 2, 100)],
        )
        .unwrap();
    let search = |text: &str| ledger.search_deployments(&workspace(), text, 10).unwrap().len();
    assert_eq!(search("2.4"), 1);
    assert_eq!(search("4f1d00"), 1);
    assert_eq!(search("sha256:4f1d"), 1);
    assert_eq!(search("shop/checkout"), 2);
    assert_eq!(search("%"), 0);
    assert_eq!(search("2_4"), 0);
    assert_eq!(search("  "), 0);
}

#[test]
fn a_filter_takes_lane_version_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut first = observed("checkout", "prod-eu", "2.3.7", 1, 0);
    first.moments.ended = Some(Moment::At(time(105)));
    let batch = [
        first,
        observed("checkout", "prod-eu", "2.4.1", 2, 100),
        observed("payments", "staging", "2.4.1", 1, 150),
    ];
    ledger.ingest(&workspace(), &batch).unwrap();
    let versions = |filter: DeploymentFilter| -> Vec<String> {
        let found = ledger.deployments(&workspace(), &filter).unwrap();
        found
            .iter()
            .map(|d| format!("{} {}", d.service, d.version.label()))
            .collect()
    };
    let all = DeploymentFilter::default;
    assert_eq!(
        versions(all()),
        ["payments 2.4.1", "checkout 2.4.1", "checkout 2.3.7"],
        "newest start first"
    );
    let checkout = DeploymentFilter {
        service: Some("checkout".into()),
        limit: Some(1),
        ..all()
    };
    assert_eq!(versions(checkout), ["checkout 2.4.1"]);
    let window = |from: Option<DateTime<Utc>>, to| DeploymentFilter { from, to, ..all() };
    assert_eq!(
        versions(window(Some(time(120)), Some(time(140)))),
        ["checkout 2.4.1"],
        "live in between"
    );
    let version = DeploymentFilter {
        version: Some("2.4.1".to_owned()),
        environment: Some("staging".into()),
        ..all()
    };
    assert_eq!(versions(version), ["payments 2.4.1"]);
}

#[test]
fn a_status_can_be_set_and_a_row_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let kept = one(&ledger, &observed("checkout", "prod-eu", "2.4.1", 3, 50));
    ledger.set_status(kept.id.unwrap(), Status::RolledBack).unwrap();
    let found = ledger.deployment(kept.id.unwrap()).unwrap().unwrap();
    assert_eq!(found.status, Status::RolledBack);
    let missing = ledger.set_status(domain::ids::DeploymentId(99), Status::Failed);
    assert!(matches!(
        missing,
        Err(LedgerError::NotFound {
            what: "deployment",
            ..
        })
    ));
}

#[test]
fn gaps_and_the_revision_last_seen_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let seen = |ledger: &Ledger| ledger.last_seen_revision(&workspace(), &"u".into()).unwrap();
    assert_eq!(seen(&ledger), None);
    ledger
        .see_revisions(&workspace(), &[("u".into(), 12)], time(10))
        .unwrap();
    ledger
        .see_revisions(&workspace(), &[("u".into(), 11)], time(20))
        .unwrap();
    assert_eq!(
        seen(&ledger),
        Some((12, time(10))),
        "an older answer changes nothing"
    );
    let mut gap = Gap {
        service: "checkout".into(),
        environment: "prod-eu".into(),
        workload: "u".into(),
        from: time(10),
        to: time(500),
        missed: 2,
    };
    ledger.put_gaps(&workspace(), std::slice::from_ref(&gap)).unwrap();
    gap.missed = 1;
    ledger.put_gaps(&workspace(), std::slice::from_ref(&gap)).unwrap();
    assert_eq!(ledger.gaps(&workspace()).unwrap(), [gap]);
    assert_eq!(ledger.gaps(&"other".into()).unwrap(), []);
}

fn template(image: &str) -> PodTemplate {
    PodTemplate::new(serde_json::json!({
        "metadata": {"labels": {"app": "checkout"}},
        "spec": {"containers": [{"name": "app", "image": image, "env": [{"name": "LOG_LEVEL", "value": "info"}]}]}
    }))
    .unwrap()
}

#[test]
fn templates_come_back_by_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let (kept, other) = (template("shop/checkout:2.3.7"), template("shop/checkout:2.4.1"));
    ledger.put_templates([&kept, &kept], time(0)).unwrap();
    assert_eq!(ledger.template(&kept.hash()).unwrap(), Some(kept.clone()));
    assert_eq!(ledger.template(&other.hash()).unwrap(), None);
    let asked: Vec<TemplateHash> = vec![kept.hash(), other.hash()];
    assert_eq!(ledger.missing_templates(&asked).unwrap(), [other.hash()]);
}

#[test]
fn a_flipped_byte_in_a_template_is_told_and_never_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let kept = template("shop/checkout:2.3.7");
    ledger.put_templates([&kept], time(0)).unwrap();
    let other = rusqlite::Connection::open(ledger.path()).unwrap();
    let mut body: Vec<u8> = other
        .query_row("SELECT body FROM template", [], |row| row.get(0))
        .unwrap();
    let at = body.len() / 2;
    body[at] ^= 0x10;
    other.execute("UPDATE template SET body = ?1", [body]).unwrap();
    assert!(matches!(
        ledger.template(&kept.hash()),
        Err(LedgerError::Row {
            table: "template",
            ..
        })
    ));
}

#[test]
fn a_workload_of_an_unknown_kind_is_told_and_never_taken_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let id = one(&ledger, &observed("checkout", "prod-eu", "2.3.7", 1, 0))
        .id
        .unwrap();
    let other = rusqlite::Connection::open(ledger.path()).unwrap();
    other.execute("UPDATE workload SET kind = 'Rollout'", []).unwrap();
    let read = ledger.deployment(id);
    let Err(LedgerError::Row { wanted, found, .. }) = read else {
        panic!("a kind that nobody knows here was read: {read:?}");
    };
    assert_eq!((wanted, found.as_str()), ("kind of workload", "Rollout"));
}

#[test]
fn the_configuration_of_a_deployment_is_what_it_began_with() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let id = one(&ledger, &observed("checkout", "prod-eu", "2.3.7", 1, 0))
        .id
        .unwrap();
    let entry = |kind, name: &str, hash: Option<ContentHash>| ConfigurationEntry {
        kind,
        namespace: "shop".into(),
        name: name.to_owned(),
        hash,
    };
    let secret = ledger.secret_key().unwrap().hash(b"password");
    let hash = ContentHash::new("c0ffee");
    let first = [
        entry(ConfigurationKind::ConfigMap, "checkout", Some(hash.clone())),
        entry(ConfigurationKind::ConfigMap, "late", None),
        entry(ConfigurationKind::Secret, "database", Some(secret.clone())),
    ];
    let known = ledger::KnownConfiguration {
        deployment: id,
        entries: first.to_vec(),
        config_maps: vec![(hash.clone(), br#"{"LOG_LEVEL":"info"}"#.to_vec())],
    };
    ledger.put_configurations(&[known], time(0)).unwrap();
    let later = [
        entry(ConfigurationKind::ConfigMap, "checkout", Some("beef".into())),
        entry(ConfigurationKind::ConfigMap, "late", Some("1ate".into())),
    ];
    ledger.put_configuration(id, &later, time(9)).unwrap();
    let mut expected = first.to_vec();
    expected[1].hash = Some("1ate".into());
    assert_eq!(ledger.configuration(id).unwrap(), expected);
    assert_eq!(
        ledger.config_map(&hash).unwrap().unwrap(),
        br#"{"LOG_LEVEL":"info"}"#
    );

    drop(ledger);
    std::fs::remove_file(folder.path().join("ledger.key")).unwrap();
    let request = ledger::OpenRequest::new(folder.path(), time(10), [9; 32]);
    let ledger = Ledger::open(&request).unwrap().ledger;
    expected[2].hash = None;
    assert_eq!(
        ledger.configuration(id).unwrap(),
        expected,
        "a hash by a lost key says nothing, least of all that the Secret changed"
    );
}

#[test]
fn what_failed_is_given_up_until_it_settles_under_that_very_revision() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let moments = |failed: Option<i64>, settled: Option<i64>| Moments {
        started: Some(Moment::At(time(50))),
        failed: failed.map(|second| Moment::At(time(second))),
        settled: settled.map(|second| Moment::At(time(second))),
        ended: None,
    };
    let tell = |kind, moments| {
        let told = told("checkout", "prod-eu", "2.4.1", 3, kind, "operation o", moments);
        one(
            &ledger,
            &Deployment {
                operation: Some("o".into()),
                ..told
            },
        )
    };
    let begun = tell(EvidenceKind::Recorded, moments(None, None));
    let workload = begun.workload.clone().unwrap().uid;
    let template = begun.template.clone().unwrap();
    let is_given_up = |revision| {
        let run = Run {
            service: &begun.service,
            environment: &begun.environment,
            workload: &workload,
            template: &template,
            revision: Some(revision),
        };
        ledger.is_given_up(&workspace(), &run).unwrap()
    };
    assert!(!is_given_up(3), "it goes on");
    tell(EvidenceKind::Recorded, moments(Some(60), None));
    assert!(is_given_up(3));
    assert!(!is_given_up(4), "another run of the same template");
    let made = ledger.deployment_by(&workspace(), &"o".into()).unwrap().unwrap();
    assert_eq!(made.moments.failed, Some(Moment::At(time(60))));
    assert_eq!(ledger.deployment_by(&workspace(), &"p".into()).unwrap(), None);
    tell(EvidenceKind::Observed, moments(None, Some(90)));
    assert!(!is_given_up(3), "it came up after all");
}
