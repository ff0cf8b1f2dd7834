//! Which version a pod template runs, and what says so.
//!
//! Order of kubernetes.md, "Which version is it": the image's SemVer tag; its digest, or a pod's `imageID`,
//! matched to a known release; the label `app.kubernetes.io/version`; `helm.sh/chart`; OCI annotations; the
//! GitOps commit matched to a tag. All evidence is kept; where a source that speaks of the same thing as the
//! image disagrees with it, the image wins and the disagreement is kept too.

use std::collections::BTreeMap;

use super::{ImageReference, PodTemplate};
use crate::deployment::{KeptEvidence, RunningVersion};
use crate::version::{TagMatch, TagPattern, Version};

const VERSION_LABEL: &str = "app.kubernetes.io/version";
const CHART_LABEL: &str = "helm.sh/chart";
const OCI_VERSION: &str = "org.opencontainers.image.version";

/// Sidecars that meshes and injectors add to a template or a pod: never the service itself.
const INJECTED: &[&str] = &[
    "istio-proxy",
    "istio-init",
    "linkerd-proxy",
    "linkerd-init",
    "vault-agent",
    "vault-agent-init",
    "consul-dataplane",
    "envoy-sidecar",
    "kuma-sidecar",
    "cloud-sql-proxy",
    "cloudsql-proxy",
    "daprd",
    "datadog-agent",
    "datadog-init",
    "opentelemetry-auto-instrumentation",
    "otc-container",
    "jaeger-agent",
    "filebeat",
    "fluent-bit",
];

/// What is known of the service whose template it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct VersionHints<'a> {
    /// The service's name.
    pub service: &'a str,
    /// The container that the workspace names.
    pub container: Option<&'a str>,
    /// The identity of the service's repository, as the workspace has it.
    pub repository: Option<&'a str>,
    /// The service's tag pattern.
    pub tags: Option<&'a TagPattern>,
    /// Image digests (`sha256:…`) of known releases.
    pub digests: Option<&'a BTreeMap<String, Version>>,
    /// Digest that a running pod told for the container that counts (from its `imageID`).
    pub pod_digest: Option<&'a str>,
    /// The commit that a GitOps tool says it applied, and the version of its tag.
    pub gitops: Option<(&'a str, &'a Version)>,
}

/// What said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VersionSource {
    /// The image's tag.
    ImageTag,
    /// The image's digest, written in the template.
    ImageDigest,
    /// The digest that a pod reports for its image.
    PodDigest,
    /// The label `app.kubernetes.io/version`.
    VersionLabel,
    /// The label `helm.sh/chart`. A chart's version is its own: it never contradicts an image.
    ChartLabel,
    /// The annotation `org.opencontainers.image.version`.
    OciAnnotation,
    /// The commit that a GitOps tool applied.
    GitOpsCommit,
}

impl VersionSource {
    const ALL: [Self; 7] = [
        Self::ImageTag,
        Self::ImageDigest,
        Self::PodDigest,
        Self::VersionLabel,
        Self::ChartLabel,
        Self::OciAnnotation,
        Self::GitOpsCommit,
    ];

    /// The word that stands in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ImageTag => "image-tag",
            Self::ImageDigest => "image-digest",
            Self::PodDigest => "pod-digest",
            Self::VersionLabel => "version-label",
            Self::ChartLabel => "chart-label",
            Self::OciAnnotation => "oci-annotation",
            Self::GitOpsCommit => "git-ops-commit",
        }
    }

    /// The source of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }

    /// Whether it speaks of the service's own version, so that it can contradict another source.
    fn speaks_of_the_service(self) -> bool {
        match self {
            Self::ImageTag
            | Self::ImageDigest
            | Self::PodDigest
            | Self::VersionLabel
            | Self::OciAnnotation
            | Self::GitOpsCommit => true,
            Self::ChartLabel => false,
        }
    }
}

/// One thing that speaks of the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionEvidence {
    /// What it is.
    pub source: VersionSource,
    /// What it says, as written: the image with its tag, the label's value.
    pub value: String,
    /// The version that it means, if it means one.
    pub version: Option<Version>,
}

/// Two sources that name different versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The source that won.
    pub believed: VersionSource,
    /// The source that says otherwise.
    pub other: VersionSource,
    /// The version that the other one names.
    pub says: Version,
}

/// The version of a template with everything that speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifiedVersion {
    /// The version, or the text that stands for it: the tag, the digest, else the image as written.
    pub version: RunningVersion,
    /// The container that counts, if the template has one.
    pub container: Option<String>,
    /// That container's image as written.
    pub image: Option<String>,
    /// Its digest: written in the template, else told by a pod.
    pub digest: Option<String>,
    /// Everything that speaks of it, best first.
    pub evidence: Vec<VersionEvidence>,
    /// Sources that contradict the one that was believed.
    pub disagreements: Vec<Disagreement>,
}

impl IdentifiedVersion {
    /// What is written down of what speaks of it: best first, what contradicts it last.
    pub fn to_keep(&self) -> Vec<KeptEvidence> {
        let speaks = self.evidence.iter().map(|evidence| KeptEvidence::For {
            source: evidence.source,
            value: evidence.value.clone(),
        });
        let against = self.disagreements.iter().map(|other| KeptEvidence::Against {
            source: other.other,
            says: other.says.to_string(),
        });
        speaks.chain(against).collect()
    }
}

/// The name of the container whose image is the version.
///
/// The one that the workspace names, else the one named as the service, else the first whose image repository's
/// last segment matches the service or its repository, else the only one. Injected sidecars never.
pub fn container_that_counts<'a>(template: &'a PodTemplate, hints: &VersionHints<'_>) -> Option<&'a str> {
    let own: Vec<(&str, &str)> = template
        .containers()
        .into_iter()
        .filter(|(name, _)| !INJECTED.contains(name))
        .collect();
    let named = |wanted: &str| own.iter().find(|(name, _)| *name == wanted);
    let repository = hints.repository.and_then(repository_name);
    let by_image = || {
        own.iter().find(|(_, image)| {
            ImageReference::parse(image).is_ok_and(|image| {
                image.last_segment() == hints.service || Some(image.last_segment()) == repository.as_deref()
            })
        })
    };
    let only = || {
        if let [one] = own.as_slice() {
            Some(one)
        } else {
            None
        }
    };
    hints
        .container
        .and_then(named)
        .or_else(|| named(hints.service))
        .or_else(by_image)
        .or_else(only)
        .map(|(name, _)| *name)
}

/// Says which version a template runs.
pub fn identify_version(template: &PodTemplate, hints: &VersionHints<'_>) -> IdentifiedVersion {
    let container = container_that_counts(template, hints);
    let image = container.and_then(|wanted| {
        let containers = template.containers();
        containers
            .into_iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, image)| image)
    });
    let parsed = image.and_then(|image| ImageReference::parse(image).ok());
    let evidence = gather(template, image.zip(parsed.as_ref()), hints);
    let believed = evidence
        .iter()
        .find_map(|one| Some((one.source, one.version.clone()?)));
    let written = parsed.as_ref().and_then(|image| image.digest.clone());
    IdentifiedVersion {
        version: match &believed {
            Some((_, version)) => RunningVersion::Version(version.clone()),
            None => RunningVersion::Unversioned(text_for(image, parsed.as_ref())),
        },
        container: container.map(str::to_owned),
        image: image.map(str::to_owned),
        digest: written.or_else(|| hints.pod_digest.map(str::to_owned)),
        disagreements: believed
            .map(|believed| disagreements(&believed, &evidence))
            .unwrap_or_default(),
        evidence,
    }
}

fn gather(
    template: &PodTemplate,
    image: Option<(&str, &ImageReference)>,
    hints: &VersionHints<'_>,
) -> Vec<VersionEvidence> {
    let mut found = Vec::new();
    let mut add = |source, value: &str, version| {
        found.push(VersionEvidence {
            source,
            value: value.to_owned(),
            version,
        });
    };
    let known = |digest: &str| hints.digests.and_then(|digests| digests.get(digest)).cloned();
    if let Some((written, image)) = image {
        if let Some(tag) = &image.tag {
            add(VersionSource::ImageTag, written, version_of_tag(tag, hints));
        }
        if let Some(digest) = &image.digest {
            add(VersionSource::ImageDigest, digest, known(digest));
        }
    }
    if let Some(digest) = hints.pod_digest {
        add(VersionSource::PodDigest, digest, known(digest));
    }
    if let Some(label) = template.label(VERSION_LABEL) {
        add(VersionSource::VersionLabel, label, version_of_tag(label, hints));
    }
    if let Some(chart) = template.label(CHART_LABEL) {
        add(VersionSource::ChartLabel, chart, version_of_chart(chart));
    }
    if let Some(value) = template.annotation(OCI_VERSION) {
        add(VersionSource::OciAnnotation, value, version_of_tag(value, hints));
    }
    if let Some((commit, version)) = hints.gitops {
        add(VersionSource::GitOpsCommit, commit, Some(version.clone()));
    }
    found
}

fn disagreements(believed: &(VersionSource, Version), evidence: &[VersionEvidence]) -> Vec<Disagreement> {
    evidence
        .iter()
        .filter(|one| one.source != believed.0 && one.source.speaks_of_the_service())
        .filter_map(|one| {
            let says = one.version.clone().filter(|says| *says != believed.1)?;
            Some(Disagreement {
                believed: believed.0,
                other: one.source,
                says,
            })
        })
        .collect()
}

/// The service's own pattern, then plain SemVer with or without `v`. An image tag can't hold the `+` of build
/// metadata; `_` stands for it, as Helm writes it.
fn version_of_tag(tag: &str, hints: &VersionHints<'_>) -> Option<Version> {
    if let Some(TagMatch::Version(version)) = hints.tags.map(|tags| tags.match_tag(tag, hints.service)) {
        return Some(version);
    }
    let plain = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    plain
        .parse()
        .ok()
        .or_else(|| plain.replacen('_', "+", 1).parse().ok())
}

/// `name-1.2.3` with a name that may hold dashes: the longest tail that is a version.
fn version_of_chart(chart: &str) -> Option<Version> {
    chart
        .match_indices('-')
        .find_map(|(at, _)| chart[at + 1..].replacen('_', "+", 1).parse().ok())
}

/// What stands for a version where there is none. `latest` alone would say nothing, yet it is what was written.
fn text_for(image: Option<&str>, parsed: Option<&ImageReference>) -> String {
    let Some(parsed) = parsed else {
        return image.unwrap_or_default().to_owned();
    };
    match (&parsed.tag, &parsed.digest) {
        (Some(tag), _) => tag.clone(),
        (None, Some(digest)) => digest.clone(),
        (None, None) => parsed.name(),
    }
}

/// `payments` of `https://git.example/harbor/payments.git` and of `git@git.example:harbor/payments`.
fn repository_name(identity: &str) -> Option<String> {
    let last = identity.trim_end_matches('/').rsplit(['/', ':']).next()?;
    Some(last.trim_end_matches(".git").to_lowercase()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hints(service: &str) -> VersionHints<'_> {
        VersionHints {
            service,
            ..VersionHints::default()
        }
    }

    fn template(containers: &[(&str, &str)], labels: serde_json::Value) -> PodTemplate {
        let containers: Vec<_> = containers
            .iter()
            .map(|(name, image)| json!({"name": name, "image": image}))
            .collect();
        PodTemplate::new(json!({"metadata": {"labels": labels}, "spec": {"containers": containers}})).unwrap()
    }

    #[test]
    fn the_container_that_counts_is_found_in_the_order_of_the_rule() {
        let mesh = template(
            &[
                ("istio-proxy", "docker.io/istio/proxyv2:1.22.0"),
                ("app", "r.example/harbor/payments:2.4.1"),
                ("metrics", "shop/exporter:0.3.0"),
            ],
            json!({}),
        );
        assert_eq!(
            container_that_counts(&mesh, &hints("payments")),
            Some("app"),
            "by its image"
        );
        assert_eq!(
            container_that_counts(&mesh, &hints("metrics")),
            Some("metrics"),
            "named as the service"
        );
        let named = VersionHints {
            container: Some("metrics"),
            ..hints("payments")
        };
        assert_eq!(
            container_that_counts(&mesh, &named),
            Some("metrics"),
            "the workspace names it"
        );
        let by_repository = VersionHints {
            repository: Some("https://git.example/harbor/payments.git"),
            ..hints("pay")
        };
        assert_eq!(
            container_that_counts(&mesh, &by_repository),
            Some("app"),
            "by the repository"
        );
        assert_eq!(
            container_that_counts(&mesh, &hints("ledger")),
            None,
            "two could be it: none is guessed"
        );
        let sidecar = VersionHints {
            container: Some("istio-proxy"),
            ..hints("payments")
        };
        assert_eq!(
            container_that_counts(&mesh, &sidecar),
            Some("app"),
            "an injected sidecar never"
        );
        let single = template(&[("linkerd-proxy", "l:1.0.0"), ("main", "x/y:3.0.0")], json!({}));
        assert_eq!(
            container_that_counts(&single, &hints("payments")),
            Some("main"),
            "the only one"
        );
    }

    #[test]
    fn versions_come_from_the_best_evidence() {
        let digests: BTreeMap<String, Version> = [("sha256:aa".to_owned(), Version::new(1, 9, 0))].into();
        let pattern: TagPattern = "payments-{version}".parse().unwrap();
        let all = VersionHints {
            digests: Some(&digests),
            tags: Some(&pattern),
            ..hints("payments")
        };
        let table = [
            ("p/payments:2.4.1", json!({}), "2.4.1", VersionSource::ImageTag),
            ("p/payments:v2.4.1", json!({}), "2.4.1", VersionSource::ImageTag),
            (
                "p/payments:payments-2.4.1",
                json!({}),
                "2.4.1",
                VersionSource::ImageTag,
            ),
            (
                "p/payments:2.4.1_build.7",
                json!({}),
                "2.4.1+build.7",
                VersionSource::ImageTag,
            ),
            (
                "p/payments@sha256:aa",
                json!({}),
                "1.9.0",
                VersionSource::ImageDigest,
            ),
            (
                "p/payments:latest",
                json!({"app.kubernetes.io/version": "v1.2.0"}),
                "1.2.0",
                VersionSource::VersionLabel,
            ),
            (
                "p/payments:latest",
                json!({"helm.sh/chart": "pay-ments-0.7.0-rc.1"}),
                "0.7.0-rc.1",
                VersionSource::ChartLabel,
            ),
        ];
        for (image, labels, version, source) in table {
            let found = identify_version(&template(&[("payments", image)], labels), &all);
            assert_eq!(found.version.label(), version, "{image}");
            let first = found.evidence.iter().find(|one| one.version.is_some()).unwrap();
            assert_eq!(first.source, source, "{image}");
        }
    }

    #[test]
    fn a_pods_digest_names_the_release_behind_a_moving_tag() {
        let digests: BTreeMap<String, Version> = [("sha256:bb".to_owned(), Version::new(3, 1, 0))].into();
        let hints = VersionHints {
            digests: Some(&digests),
            pod_digest: Some("sha256:bb"),
            ..hints("payments")
        };
        let found = identify_version(&template(&[("payments", "p/payments:stable")], json!({})), &hints);
        assert_eq!(found.version, RunningVersion::Version(Version::new(3, 1, 0)));
        assert_eq!(found.digest.as_deref(), Some("sha256:bb"));
    }

    #[test]
    fn a_label_left_behind_loses_to_the_image_and_is_kept() {
        let labels = json!({"app.kubernetes.io/version": "2.3.7", "helm.sh/chart": "payments-9.9.9"});
        let found = identify_version(
            &template(&[("payments", "p/payments:2.4.1")], labels),
            &hints("payments"),
        );
        assert_eq!(found.version, RunningVersion::Version(Version::new(2, 4, 1)));
        assert_eq!(
            found.disagreements,
            [Disagreement {
                believed: VersionSource::ImageTag,
                other: VersionSource::VersionLabel,
                says: Version::new(2, 3, 7)
            }],
            "a chart's version is another thing than the image's"
        );
        let against = KeptEvidence::Against {
            source: VersionSource::VersionLabel,
            says: "2.3.7".to_owned(),
        };
        assert_eq!(
            found.to_keep().last(),
            Some(&against),
            "what contradicts it comes last"
        );
    }

    #[test]
    fn every_source_reads_back() {
        for source in VersionSource::ALL {
            assert_eq!(VersionSource::parse(source.as_str()), Some(source));
        }
    }

    #[test]
    fn what_is_no_version_stays_as_it_was_written() {
        let table = [
            ("p/payments:main-3f2a", "main-3f2a"),
            ("p/payments@sha256:cc", "sha256:cc"),
            ("p/payments", "p/payments"),
            ("Not An Image", "Not An Image"),
        ];
        for (image, text) in table {
            let found = identify_version(&template(&[("payments", image)], json!({})), &hints("payments"));
            assert_eq!(
                found.version,
                RunningVersion::Unversioned(text.to_owned()),
                "{image}"
            );
        }
    }
}
