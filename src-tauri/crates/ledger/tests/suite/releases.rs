//! Which version a digest stands for, and that what a pod told of it is kept.

use domain::deployment::{Deployment, EvidenceKind, KeptEvidence, Moments, RunningVersion};
use domain::template::VersionSource;

use super::world::{observed, open_quietly, told, workspace};

fn pod_digest(digest: &str) -> KeptEvidence {
    KeptEvidence::For {
        source: VersionSource::PodDigest,
        value: digest.to_owned(),
    }
}

#[test]
fn a_digest_stands_for_the_highest_version_that_ran_under_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let ran = |service: &str, version: &str, revision, digest: &str| Deployment {
        digest: Some(digest.to_owned()),
        ..observed(service, "prod-eu", version, revision, 10 * revision)
    };
    let unversioned = Deployment {
        version: RunningVersion::Unversioned("latest".to_owned()),
        ..ran("checkout", "1.3.0", 4, "sha256:cc")
    };
    let all = [
        ran("checkout", "1.2.0", 1, "sha256:aa"),
        ran("checkout", "1.2.0-rc.1", 2, "sha256:aa"),
        ran("checkout", "1.1.0", 3, "sha256:bb"),
        unversioned,
        ran("payments", "9.0.0", 1, "sha256:dd"),
        observed("checkout", "prod-eu", "1.0.0", 5, 60),
    ];
    ledger.ingest(&workspace(), &all).unwrap();
    let releases = ledger.releases(&workspace(), &"checkout".into()).unwrap();
    let told: Vec<(&str, String)> = releases
        .iter()
        .map(|(digest, version)| (digest.as_str(), version.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("sha256:aa", "1.2.0".to_owned()),
            ("sha256:bb", "1.1.0".to_owned())
        ],
        "not a text that is no version, nor another service's"
    );
}

#[test]
fn what_a_pod_told_is_kept_whatever_templates_tell_again() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let by_set = |evidence: Vec<KeptEvidence>, digest: Option<&str>| {
        let kind = EvidenceKind::Inferred;
        let told = told(
            "checkout",
            "prod-eu",
            "1.0.0",
            1,
            kind,
            "ReplicaSet checkout-1",
            Moments::default(),
        );
        Deployment {
            version_evidence: [told.version_evidence.clone(), evidence].concat(),
            digest: digest.map(str::to_owned),
            ..told
        }
    };
    let template = by_set(Vec::new(), None);
    let tag = template.version_evidence[0].clone();
    let id = ledger
        .ingest(&workspace(), std::slice::from_ref(&template))
        .unwrap()[0];
    let pod = by_set(vec![pod_digest("sha256:aa")], Some("sha256:aa"));
    for (told, why) in [
        (&pod, "a pod told it"),
        (&template, "the template was told again"),
    ] {
        ledger.ingest(&workspace(), std::slice::from_ref(told)).unwrap();
        let kept = ledger.deployment(id).unwrap().unwrap();
        assert_eq!(kept.digest.as_deref(), Some("sha256:aa"), "{why}");
        assert_eq!(
            kept.version_evidence,
            [tag.clone(), pod_digest("sha256:aa")],
            "{why}"
        );
    }
}
