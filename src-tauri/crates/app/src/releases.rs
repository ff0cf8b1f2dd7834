//! Which release a template runs: by what it says itself, and by the digests under which releases ran before.

use std::collections::BTreeMap;

use domain::template::{IdentifiedVersion, PodTemplate};
use domain::version::Version;
use domain::workspace::Service;

use crate::error::{self, Answer};
use crate::session::Session;

/// The version of each image digest that is known of a service.
pub(crate) type Releases = BTreeMap<String, Version>;

/// What the ledger knows of a service's releases.
pub(crate) fn known(session: &Session, service: &Service) -> Answer<Releases> {
    session
        .ledger
        .releases(&session.id, &service.name)
        .map_err(error::ledger)
}

/// Which version a template runs.
pub(crate) fn identify(
    session: &Session,
    service: &Service,
    template: &PodTemplate,
) -> Answer<IdentifiedVersion> {
    Ok(service.identify(template, &known(session, service)?, None))
}

/// The digest that a pod's `imageID` names: `docker.io/shop/checkout@sha256:…`. One without a repository is the hash of
/// the image's configuration, which no registry knows.
pub(crate) fn digest_of(image_id: &str) -> Option<&str> {
    let (_, digest) = image_id.rsplit_once('@')?;
    digest.starts_with("sha256:").then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::digest_of;

    #[test]
    fn an_image_id_names_a_digest_only_with_its_repository() {
        let table = [
            (
                "docker.io/shop/checkout@sha256:ab12",
                Some("sha256:ab12"),
                "containerd",
            ),
            (
                "docker-pullable://shop/checkout@sha256:ab12",
                Some("sha256:ab12"),
                "an old Docker",
            ),
            ("sha256:ab12", None, "the hash of a configuration"),
            ("", None, "not pulled yet"),
        ];
        for (image_id, expected, why) in table {
            assert_eq!(digest_of(image_id), expected, "{why}");
        }
    }
}
