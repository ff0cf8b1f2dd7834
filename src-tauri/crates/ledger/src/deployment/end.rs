//! Taking back the end of a deployment that turned out not to have ended.

use rusqlite::params;

use domain::ids::DeploymentId;

use crate::Ledger;
use crate::connection::Durability;
use crate::error::Result;

impl Ledger {
    /// Takes back what one source inferred of a deployment's end, since it was seen running later. An end that anything
    /// else tells stays.
    pub fn take_back_end(&self, id: DeploymentId, source: &str) -> Result<()> {
        self.write(Durability::Normal, "took back the end of a deployment", |conn| {
            let told = "DELETE FROM evidence WHERE deployment_id = ?1 AND kind = 1 AND source = ?2";
            if conn.prepare_cached(told)?.execute(params![id.0, source])? == 0 {
                return Ok(());
            }
            let end = "UPDATE deployment SET ended_earliest = NULL, ended = NULL WHERE id = ?1 AND NOT EXISTS
                 (SELECT 1 FROM evidence WHERE deployment_id = ?1 AND ended IS NOT NULL)";
            conn.prepare_cached(end)?.execute([id.0])?;
            Ok(())
        })
    }
}
