use std::time::Duration;

use domain::version::TagPattern;
use domain::workload::WorkloadKind;
use domain::workspace::{NamespacePattern, NoteSettings, Service, Tier};

use super::*;

fn lane(service: &str, environment: &str) -> Lane {
    Lane {
        service: service.into(),
        environment: environment.into(),
    }
}

/// An object with the uid `namespace/name`.
fn workload(namespace: &str, name: &str) -> WorkloadIdentity {
    WorkloadIdentity {
        kind: WorkloadKind::Deployment,
        namespace: namespace.into(),
        name: name.to_owned(),
        uid: format!("{namespace}/{name}").into(),
    }
}

fn workspace(environments: &[&str], services: &[&str]) -> Workspace {
    let environment = |name: &&str| Environment {
        name: (*name).into(),
        tier: Tier::Staging,
        guard: false,
        cluster: "one".into(),
        namespaces: vec![NamespacePattern::new("*")],
        verify_window: Duration::from_secs(1),
        known_good_after: Duration::from_secs(1),
    };
    let service = |name: &&str| Service {
        name: (*name).into(),
        team: None,
        repository: None,
        path: None,
        tags: TagPattern::default(),
        container: None,
        depends_on: Vec::new(),
        workloads: Vec::new(),
    };
    Workspace {
        name: "Shop".to_owned(),
        time_zone: None,
        environments: environments.iter().map(environment).collect(),
        services: services.iter().map(service).collect(),
        notes: NoteSettings::default(),
    }
}

/// What moves in one look: to which lane, by `namespace/name`, and whether notes go along.
fn moves(
    renames: &mut Renames,
    workspace: &Workspace,
    there: &[(&str, Lane)],
    gone: &[&str],
) -> Vec<(String, Lane, bool)> {
    let there: Vec<(Uid, Place)> = there
        .iter()
        .map(|(uid, lane)| ((*uid).into(), (lane.service.clone(), lane.environment.clone())))
        .collect();
    let there = there.iter().map(|(uid, place)| (uid, place)).collect();
    let is_gone = |workload: &WorkloadIdentity| gone.contains(&workload.uid.as_str());
    let moved = renames.renamed(workspace, &workspace.environments, &there, is_gone);
    moved
        .into_iter()
        .map(|one| (one.workload.uid.to_string(), one.to, one.with_notes))
        .collect()
}

fn of(unnamed: &[(Lane, WorkloadIdentity)]) -> Renames {
    Renames {
        unnamed: Some(unnamed.to_vec()),
        followed: Vec::new(),
    }
}

fn moved(uid: &str, to: Lane, with_notes: bool) -> (String, Lane, bool) {
    (uid.to_owned(), to, with_notes)
}

#[test]
fn an_object_takes_its_history_along_once() {
    let workspace = workspace(&["production"], &["checkout"]);
    let mut renames = of(&[(lane("checkout", "prod"), workload("shop", "checkout"))]);
    let there = [("shop/checkout", lane("checkout", "production"))];
    assert_eq!(moves(&mut renames, &workspace, &[], &[]), [], "not seen yet");
    let expected = [moved("shop/checkout", lane("checkout", "production"), false)];
    assert_eq!(moves(&mut renames, &workspace, &there, &[]), expected);
    assert_eq!(moves(&mut renames, &workspace, &there, &[]), [], "it is done");
}

#[test]
fn what_is_gone_follows_those_that_are_there() {
    let workspace = workspace(&["production", "staging"], &["basket", "payments"]);
    let mut renames = of(&[
        (lane("cart", "prod"), workload("shop", "cart")),
        (lane("cart", "prod"), workload("shop", "cart-v1")),
        (lane("payments", "prod"), workload("shop", "payments")),
        (lane("payments", "prod"), workload("money", "payments")),
        (lane("cart", "staging"), workload("stage", "cart")),
        (lane("search", "prod"), workload("shop", "search")),
    ]);
    let all_gone = [
        "shop/cart-v1",
        "shop/payments",
        "money/payments",
        "stage/cart",
        "shop/search",
    ];
    assert_eq!(
        moves(&mut renames, &workspace, &[], &all_gone),
        [],
        "nothing tells yet"
    );
    let there = [("shop/cart", lane("basket", "production"))];
    let expected = [
        moved("shop/cart", lane("basket", "production"), true),
        moved("shop/cart-v1", lane("basket", "production"), true),
        moved("shop/payments", lane("payments", "production"), false),
        moved("stage/cart", lane("basket", "staging"), true),
    ];
    assert_eq!(
        moves(&mut renames, &workspace, &there, &all_gone),
        expected,
        "not of a namespace of which nothing is known, nor of a service that was taken out"
    );
}

#[test]
fn what_is_gone_stays_where_those_that_are_there_do_not_agree_or_it_may_still_be_there() {
    let workspace = workspace(&["prod-eu", "prod-us"], &["checkout", "payments"]);
    let mut renames = of(&[
        (lane("checkout", "prod"), workload("shop", "checkout")),
        (lane("checkout", "prod"), workload("shop", "checkout-us")),
        (lane("payments", "prod"), workload("shop", "payments")),
        (lane("payments", "prod"), workload("shop", "unread")),
    ]);
    let there = [
        ("shop/checkout", lane("checkout", "prod-eu")),
        ("shop/checkout-us", lane("checkout", "prod-us")),
    ];
    let expected = [
        moved("shop/checkout", lane("checkout", "prod-eu"), false),
        moved("shop/checkout-us", lane("checkout", "prod-us"), false),
    ];
    assert_eq!(
        moves(&mut renames, &workspace, &there, &["shop/payments"]),
        expected
    );
}
