//! History that follows its names (history.md, "Joining"; ARCHITECTURE.md, "How a deployment comes onto the timeline").

use domain::deployment::{Deployment, EvidenceKind, Gap, Moment, Moments, RollbackLink, Status};
use domain::ids::{DeploymentId, WorkspaceId};
use domain::workload::{WorkloadIdentity, WorkloadKind};
use ledger::{
    ConfigurationEntry, ConfigurationKind, DeploymentFilter, Lane, Ledger, NoteKey, NoteState, Renamed,
};

use crate::world::{evidence, observed, open_quietly, time, told, workspace};

fn lane(service: &str, environment: &str) -> Lane {
    Lane {
        service: service.into(),
        environment: environment.into(),
    }
}

fn object(name: &str, uid: &str) -> WorkloadIdentity {
    WorkloadIdentity {
        kind: WorkloadKind::Deployment,
        namespace: "shop".into(),
        name: name.to_owned(),
        uid: uid.into(),
    }
}

fn on(workload: WorkloadIdentity, deployment: Deployment) -> Deployment {
    Deployment {
        workload: Some(workload),
        ..deployment
    }
}

/// The same deployment as its ReplicaSet tells it, under another name.
fn inferred(service: &str, environment: &str, version: &str, revision: i64) -> Deployment {
    let moments = Moments {
        started: Some(Moment::Between {
            earliest: None,
            latest: time(900),
        }),
        ..Moments::default()
    };
    let kind = EvidenceKind::Inferred;
    let told = told(
        service,
        environment,
        version,
        revision,
        kind,
        "ReplicaSet c-1",
        moments,
    );
    Deployment {
        template: Some(format!("template-checkout-{version}").into()),
        status: Status::Unknown,
        ..on(object("checkout", "u2"), told)
    }
}

fn put(ledger: &Ledger, workspace: &WorkspaceId, told: &[Deployment]) -> Vec<DeploymentId> {
    ledger.ingest(workspace, told).unwrap()
}

/// What stands in a lane: versions and rows, oldest row first.
fn ran(ledger: &Ledger, workspace: &WorkspaceId, lane: &Lane) -> Vec<(String, DeploymentId)> {
    let filter = DeploymentFilter {
        service: Some(lane.service.clone()),
        environment: Some(lane.environment.clone()),
        ..DeploymentFilter::default()
    };
    let mut found: Vec<_> = ledger
        .deployments(workspace, &filter)
        .unwrap()
        .into_iter()
        .map(|one| (one.version.label(), one.id.unwrap()))
        .collect();
    found.sort_by_key(|(_, id)| id.0);
    found
}

fn gap(lane: &Lane, uid: &str) -> Gap {
    Gap {
        service: lane.service.clone(),
        environment: lane.environment.clone(),
        workload: uid.into(),
        from: time(10),
        to: time(40),
        missed: 2,
    }
}

fn config_map(name: &str, hash: Option<&str>) -> ConfigurationEntry {
    ConfigurationEntry {
        kind: ConfigurationKind::ConfigMap,
        namespace: "shop".into(),
        name: name.to_owned(),
        hash: hash.map(Into::into),
    }
}

#[test]
fn all_that_ran_under_an_object_s_name_moves_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let (old, new, other) = (
        lane("checkout", "prod"),
        lane("checkout", "production"),
        WorkspaceId::new("other"),
    );
    let past = [
        on(
            object("checkout", "u1"),
            observed("checkout", "prod", "1.0.0", 1, 0),
        ),
        on(
            object("checkout", "u2"),
            observed("checkout", "prod", "1.1.0", 1, 100),
        ),
        on(
            object("worker", "u3"),
            observed("checkout", "prod", "2.0.0", 1, 50),
        ),
    ];
    let ids = put(&ledger, &workspace(), &past);
    put(&ledger, &other, &past);
    ledger
        .put_configuration(ids[0], &[config_map("settings", Some("c0"))], time(1))
        .unwrap();
    for workspace in [workspace(), other.clone()] {
        ledger
            .put_gaps(&workspace, &[gap(&old, "u1"), gap(&old, "u3")])
            .unwrap();
    }
    let unnamed = |lane: &Lane| ledger.unnamed(&workspace(), |one| one == lane).unwrap();
    assert_eq!(unnamed(&old), [], "nothing of what is named");
    let before: Vec<_> = past
        .iter()
        .map(|one| (old.clone(), one.workload.clone().unwrap()))
        .collect();
    assert_eq!(unnamed(&new), before);

    let renamed = Renamed {
        from: old.clone(),
        to: new.clone(),
        workload: object("checkout", "u2"),
        with_notes: false,
    };
    ledger.rename(&workspace(), &[renamed]).unwrap();
    assert_eq!(
        ran(&ledger, &workspace(), &new),
        [("1.0.0".to_owned(), ids[0]), ("1.1.0".to_owned(), ids[1])],
        "what ran before the object was made anew as well, in its own rows"
    );
    assert_eq!(ran(&ledger, &workspace(), &old), [("2.0.0".to_owned(), ids[2])]);
    assert_eq!(
        ledger.configuration(ids[0]).unwrap(),
        [config_map("settings", Some("c0"))]
    );
    assert_eq!(ledger.deployment(ids[0]).unwrap().unwrap().evidence.len(), 1);
    assert_eq!(
        ledger.gaps(&workspace()).unwrap(),
        [gap(&old, "u3"), gap(&new, "u1")]
    );
    assert_eq!(unnamed(&new), [before[2].clone()]);
    assert_eq!(ran(&ledger, &other, &old).len(), 3, "another workspace's history");
    assert_eq!(ledger.gaps(&other).unwrap().len(), 2);
}

#[test]
fn what_was_told_again_under_the_new_name_is_joined_and_not_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let seen = |version, revision, from| {
        on(
            object("checkout", "u2"),
            observed("checkout", "prod", version, revision, from),
        )
    };
    let old = put(
        &ledger,
        &workspace(),
        &[seen("1.0.0", 1, 0), seen("1.1.0", 2, 100)],
    );
    let again = put(
        &ledger,
        &workspace(),
        &[
            inferred("checkout", "production", "1.1.0", 2),
            inferred("checkout", "production", "1.2.0", 3),
        ],
    );
    let mut back = inferred("checkout", "production", "1.1.0", 4);
    back.moments.started = Some(Moment::At(time(950)));
    back.rollback = Some(RollbackLink { to: Some(again[0]) });
    let back = put(&ledger, &workspace(), &[back])[0];
    let note = |id, entries: &[ConfigurationEntry]| ledger.put_configuration(id, entries, time(1)).unwrap();
    note(
        old[1],
        &[config_map("first", Some("a0")), config_map("late", None)],
    );
    note(
        again[0],
        &[config_map("first", Some("b0")), config_map("late", Some("b1"))],
    );

    let (from, to) = (lane("checkout", "prod"), lane("checkout", "production"));
    let renamed = Renamed {
        from: from.clone(),
        to: to.clone(),
        workload: object("checkout", "u2"),
        with_notes: false,
    };
    ledger.rename(&workspace(), &[renamed]).unwrap();
    let expected = [
        ("1.0.0", old[0]),
        ("1.1.0", old[1]),
        ("1.2.0", again[1]),
        ("1.1.0", back),
    ];
    assert_eq!(
        ran(&ledger, &workspace(), &to),
        expected.map(|(version, id)| (version.to_owned(), id)),
        "the row that operations know by its number stays"
    );
    assert_eq!(ran(&ledger, &workspace(), &from), []);
    let joined = ledger.deployment(old[1]).unwrap().unwrap();
    assert_eq!(
        joined.moments.started,
        Some(Moment::At(time(100))),
        "the best evidence wins"
    );
    assert_eq!(joined.status, Status::Healthy);
    let kinds: Vec<EvidenceKind> = joined.evidence.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [EvidenceKind::Observed, EvidenceKind::Inferred],
        "all of it is kept"
    );
    let link = ledger.deployment(back).unwrap().unwrap().rollback;
    assert_eq!(link, Some(RollbackLink { to: Some(old[1]) }));
    assert_eq!(
        ledger.configuration(old[1]).unwrap(),
        [config_map("first", Some("a0")), config_map("late", Some("b1"))],
        "what it began with, and what was not known of it"
    );
    let told_again = evidence(EvidenceKind::Inferred, "ReplicaSet c-1", joined.moments);
    let known = put(
        &ledger,
        &workspace(),
        &[Deployment {
            evidence: vec![told_again],
            ..inferred("checkout", "production", "1.1.0", 2)
        }],
    );
    assert_eq!(known, [old[1]], "and joins from now on");
}

#[test]
fn notes_go_along_but_where_the_new_name_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let key = |workspace: WorkspaceId, service: &str, version: &str| NoteKey {
        workspace,
        service: service.into(),
        version: version.to_owned(),
    };
    let of = |service, version| key(workspace(), service, version);
    let other = key("other".into(), "cart", "1.0.0");
    let save = |key: &NoteKey, text: &str| {
        let saved = ledger.save_note(key, text, NoteState::Final, "mara", time(1));
        saved.unwrap();
    };
    save(&of("cart", "1.0.0"), "The first basket");
    save(&of("cart", "1.0.0"), "The first trolley");
    ledger
        .autosave_note(&of("cart", "1.0.0"), "The first wheelbarrow", "mara", time(2))
        .unwrap();
    save(&of("cart", "1.1.0"), "Old words");
    save(&of("basket", "1.1.0"), "New words");
    save(&other, "Elsewhere");
    let ran = on(object("cart", "u1"), observed("cart", "prod", "1.0.0", 1, 0));
    put(&ledger, &workspace(), &[ran]);
    let renamed = |with_notes| Renamed {
        from: lane("cart", "prod"),
        to: lane("basket", "prod"),
        workload: object("cart", "u1"),
        with_notes,
    };
    ledger.rename(&workspace(), &[renamed(false)]).unwrap();
    assert!(
        ledger.note(&of("cart", "1.0.0")).unwrap().is_some(),
        "something has the old name"
    );
    ledger.rename(&workspace(), &[renamed(true)]).unwrap();
    let moved = ledger.note(&of("basket", "1.0.0")).unwrap().unwrap();
    assert_eq!(
        (
            moved.body.as_str(),
            moved.draft.as_deref(),
            moved.state,
            moved.updated_at
        ),
        (
            "The first trolley",
            Some("The first wheelbarrow"),
            NoteState::Final,
            time(2)
        ),
        "as it was"
    );
    assert_eq!(ledger.note(&of("cart", "1.0.0")).unwrap(), None);
    assert_eq!(ledger.note_revisions(&of("basket", "1.0.0")).unwrap().len(), 2);
    let body = |key| ledger.note(&key).unwrap().unwrap().body;
    assert_eq!(body(of("basket", "1.1.0")), "New words");
    assert_eq!(body(of("cart", "1.1.0")), "Old words", "nothing is written over");
    let found = |text: &str| -> Vec<String> {
        let hits = ledger.search_notes(&workspace(), text, 10).unwrap();
        hits.iter()
            .map(|hit| format!("{} {}", hit.key.service, hit.key.version))
            .collect()
    };
    assert_eq!(found("wheelbarrow"), ["basket 1.0.0"]);
    assert_eq!(found("basket").len(), 2, "by its new title");
    assert_eq!(found("cart"), ["cart 1.1.0"], "and not by its old one");
    assert!(ledger.note(&other).unwrap().is_some(), "another workspace's note");
}
