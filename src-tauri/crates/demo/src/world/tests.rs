//! The sample world, with Git, the files and the kube client as the judges.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeZone, Utc};
use domain::deployment::{DeploymentKind, Moment, Status};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, Patch, PatchParams};
use kube::{Api, ResourceExt};
use serde_json::json;

use super::World;
use crate::cluster::Options;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 19, 12, 38, 0)
        .single()
        .expect("a date")
}

fn world() -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::plan(now(), 7);
    world.write(folder.path()).expect("written");
    (folder, world)
}

fn git(folder: &tempfile::TempDir, service: &str, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("--git-dir")
        .arg(folder.path().join(format!("repositories/{service}.git")))
        .args(arguments)
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn git_itself_finds_every_repository_sound_and_made_quickly() {
    let begin = Instant::now();
    let (folder, world) = world();
    // Three seconds in a quiet debug build; the limit leaves room for a busy machine.
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let repositories = world.repositories(folder.path());
    assert_eq!(repositories.len(), 14);
    for repository in &repositories {
        git(
            &folder,
            &repository.service,
            &["fsck", "--strict", "--no-dangling"],
        );
        let authors = git(&folder, &repository.service, &["shortlog", "-sn", "main"])
            .lines()
            .count();
        assert!(
            (3..=8).contains(&authors),
            "{}: {authors} people",
            repository.service
        );
    }
}

#[test]
fn every_deployed_version_has_an_annotated_tag_from_before_it_was_deployed() {
    let (folder, world) = world();
    for repository in &world.repositories(folder.path()) {
        let format = "--format=%(refname:short) %(objecttype) %(taggerdate:unix)";
        let tags: Vec<(String, String, i64)> = git(
            &folder,
            &repository.service,
            &["for-each-ref", format, "refs/tags/v*"],
        )
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or("").to_owned();
            (word(), word(), word().parse().expect("a time"))
        })
        .collect();
        for past in world
            .deployments
            .iter()
            .filter(|past| past.deployment.service.as_str() == repository.service)
        {
            let name = format!("v{}", past.deployment.version.label());
            let (_, kind, at) = tags
                .iter()
                .find(|(tag, _, _)| *tag == name)
                .unwrap_or_else(|| panic!("no {name}"));
            assert_eq!(kind, "tag", "{name} is annotated");
            let started = past.deployment.moments.started.expect("it started").latest();
            assert!(
                *at < started.timestamp(),
                "{} {name} ran before it was tagged",
                repository.service
            );
        }
    }
}

#[test]
fn the_comparison_that_the_guide_tells_of_is_what_git_says() {
    let (folder, _world) = world();
    let commits = git(&folder, "checkout", &["log", "--format=%an", "v2.3.7..v2.4.1"]);
    assert_eq!(commits.lines().count(), 28);
    assert_eq!(commits.lines().collect::<BTreeSet<_>>().len(), 6, "by 6 people");
    let files = git(&folder, "checkout", &["diff", "--name-only", "v2.3.7", "v2.4.1"]);
    assert!(
        files.lines().any(|file| file == "migrations/V58__gift_note.sql"),
        "{files}"
    );
    assert_eq!(
        git(&folder, "payments", &["rev-list", "--count", "v1.41.2..v1.42.0"]).trim(),
        "14"
    );
    let message = git(
        &folder,
        "checkout",
        &["tag", "-l", "--format=%(contents)", "v2.4.1"],
    );
    assert!(
        message.contains("- Voucher applied twice after a retry"),
        "{message}"
    );
}

#[test]
fn the_same_seed_gives_the_same_world_and_another_one_another() {
    let (first, one) = world();
    let (second, two) = world();
    assert_eq!(
        git(&first, "cart", &["rev-parse", "main"]),
        git(&second, "cart", &["rev-parse", "main"])
    );
    assert_eq!(one.deployments.len(), two.deployments.len());
    let folder = tempfile::tempdir().expect("a folder");
    World::plan(now(), 8).write(folder.path()).expect("written");
    assert_ne!(
        git(&first, "cart", &["rev-parse", "main"]),
        git(&folder, "cart", &["rev-parse", "main"])
    );
}

#[test]
fn three_months_are_in_order_and_have_failures_and_rollbacks() {
    let (_folder, world) = world();
    let all = &world.deployments;
    assert!((900..=1500).contains(&all.len()), "{} deployments", all.len());
    let count = |status| all.iter().filter(|past| past.deployment.status == status).count();
    assert!(count(Status::Failed) >= 10, "{}", count(Status::Failed));
    assert!(count(Status::RolledBack) >= 10, "{}", count(Status::RolledBack));
    assert_eq!(count(Status::InProgress), 1);
    for pair in all.windows(2) {
        let [before, after] = [&pair[0].deployment, &pair[1].deployment];
        if before.workload != after.workload || before.environment != after.environment {
            continue;
        }
        let start = |moment: Option<Moment>| moment.expect("it started").latest();
        assert!(
            start(before.moments.started) < start(after.moments.started),
            "{} in {}: {} and {}",
            before.service,
            before.environment,
            before.version.label(),
            after.version.label()
        );
        assert_eq!(
            after.kind == DeploymentKind::Configuration,
            before.version == after.version,
            "{} {} {} after {}",
            after.service,
            after.environment,
            after.version.label(),
            before.version.label()
        );
    }
    for past in all {
        if let Some(place) = past.back_to {
            assert_eq!(
                all[place].deployment.template, past.deployment.template,
                "a rollback brings the template back"
            );
        }
    }
}

#[tokio::test]
async fn the_clusters_show_what_the_past_ends_with() {
    let (_folder, world) = world();
    for cluster in world.clusters(&Options {
        pace: crate::cluster::Pace::lifelike(),
        ..Options::quick()
    }) {
        let api: Api<Deployment> = Api::all(cluster.client_as(World::account()));
        let sets: Api<ReplicaSet> = Api::all(cluster.client_as(World::account()));
        tokio::time::sleep(Duration::from_millis(600)).await;
        let live = api.list(&ListParams::default()).await.expect("listed").items;
        assert_eq!(live.len(), 14);
        for object in &live {
            let last = world.deployments.iter().rfind(|past| {
                past.deployment
                    .workload
                    .as_ref()
                    .is_some_and(|workload| Some(workload.uid.as_str()) == object.uid().as_deref())
            });
            let Some(last) = last else { continue };
            let spec = object.spec.as_ref().expect("a spec");
            let template = serde_json::to_value(&spec.template).expect("JSON");
            let template = domain::template::PodTemplate::new(template).expect("a template");
            assert_eq!(
                Some(template.hash()),
                last.deployment.template,
                "{} on {}",
                object.name_any(),
                cluster.name()
            );
            let revision = object.annotations()["deployment.kubernetes.io/revision"]
                .parse::<i64>()
                .expect("a number");
            assert_eq!(
                Some(revision),
                last.deployment.revision,
                "the controllers left the revision as it was"
            );
        }
        for object in sets.list(&ListParams::default()).await.expect("listed").items {
            assert!(
                object
                    .owner_references()
                    .first()
                    .is_some_and(|owner| owner.controller == Some(true))
            );
        }
    }
}

#[tokio::test]
async fn payments_hangs_in_prod_eu_and_comes_back_with_the_old_template() {
    let (_folder, world) = world();
    let clusters = world.clusters(&Options::quick());
    let client = clusters[0].client_as(World::account());
    let api: Api<Deployment> = Api::namespaced(client.clone(), "money-eu");
    let pods: Api<Pod> = Api::namespaced(client, "money-eu");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let broken = api.get("payments").await.expect("there");
    let status = broken.status.clone().expect("a status");
    assert_eq!(
        (status.available_replicas, status.updated_replicas),
        (Some(3), Some(3))
    );
    let waiting = pods
        .list(&ListParams::default().labels("app=payments"))
        .await
        .expect("listed");
    assert_eq!(
        waiting.items.len(),
        6,
        "3 serve and 3 hang, and the controllers leave it at that"
    );
    let last = world
        .deployments
        .iter()
        .rfind(|past| {
            past.deployment.service.as_str() == "payments"
                && past.deployment.version.label() == "1.41.2"
                && past.deployment.environment.as_str() == "prod-eu"
        })
        .expect("1.41.2 ran");
    let patch: json_patch::Patch = serde_json::from_value(json!([
        {"op": "test", "path": "/metadata/generation", "value": broken.metadata.generation},
        {"op": "replace", "path": "/spec/template", "value": last.template.as_value()},
    ]))
    .expect("a patch");
    api.patch("payments", &PatchParams::default(), &Patch::<()>::Json(patch))
        .await
        .expect("accepted");
    for _ in 0..300 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let status = api
            .get("payments")
            .await
            .expect("there")
            .status
            .expect("a status");
        if status.available_replicas == Some(6)
            && status.replicas == Some(6)
            && status.updated_replicas == Some(6)
        {
            return;
        }
    }
    panic!("it never came back: {:?}", api.get("payments").await);
}

#[tokio::test]
async fn the_clusters_have_one_paused_one_scaled_by_load_and_one_that_argo_cd_owns() {
    let (_folder, world) = world();
    let clusters = world.clusters(&Options::quick());
    let [eu, us, stage] = [0, 1, 2].map(|place: usize| clusters[place].client_as(World::account()));
    let shipping = Api::<Deployment>::namespaced(us.clone(), "shop")
        .get("shipping")
        .await
        .expect("there");
    assert_eq!(shipping.spec.and_then(|spec| spec.paused), Some(true));
    let scalers: Api<k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler> = Api::all(eu.clone());
    let targets = scalers.list(&ListParams::default()).await.expect("listed");
    assert_eq!(
        targets.iter().map(ResourceExt::name_any).collect::<Vec<_>>(),
        ["checkout"]
    );

    let application = kube::core::GroupVersionKind::gvk("argoproj.io", "v1alpha1", "Application");
    let resource = kube::core::ApiResource::from_gvk(&application);
    let of = |client| Api::<kube::core::DynamicObject>::all_with(client, &resource);
    let owner = of(eu.clone())
        .list(&ListParams::default())
        .await
        .expect("listed")
        .items
        .remove(0);
    assert_eq!(owner.data["spec"]["syncPolicy"]["automated"]["selfHeal"], true);
    let owned = Api::<Deployment>::namespaced(eu, "shop")
        .get("gateway")
        .await
        .expect("there");
    let tracking = &owned.annotations()["argocd.argoproj.io/tracking-id"];
    assert_eq!(
        *tracking,
        format!("{}:apps/Deployment:shop/gateway", owner.name_any())
    );
    let elsewhere = of(stage)
        .list(&ListParams::default())
        .await
        .expect_err("no such kind there");
    assert!(matches!(elsewhere, kube::Error::Api(status) if status.code == 404));
}
