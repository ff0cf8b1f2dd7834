//! Which version an image digest stands for: the map of known releases, as deployments tell it.

use std::collections::BTreeMap;

use domain::ids::{ServiceName, WorkspaceId};
use domain::version::Version;

use crate::Ledger;
use crate::error::Result;

impl Ledger {
    /// The version of each image digest (`sha256:…`) under which a service ran anywhere; of several the highest, since a
    /// release candidate becomes the release as it is.
    pub fn releases(
        &self,
        workspace: &WorkspaceId,
        service: &ServiceName,
    ) -> Result<BTreeMap<String, Version>> {
        self.read("read the digests of releases", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT DISTINCT digest, version FROM lane JOIN deployment ON deployment.lane_id = lane.id
                 WHERE workspace = ?1 AND service = ?2 AND digest IS NOT NULL AND version_kind = 0",
            )?;
            let mut rows = statement.query([workspace.as_str(), service.as_str()])?;
            let mut releases: BTreeMap<String, Version> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let (digest, version): (String, String) = (row.get(0)?, row.get(1)?);
                let Ok(version) = version.parse::<Version>() else {
                    continue;
                };
                match releases.get_mut(&digest) {
                    Some(known) if *known >= version => {}
                    Some(known) => *known = version,
                    None => {
                        releases.insert(digest, version);
                    }
                }
            }
            Ok(releases)
        })
    }
}
