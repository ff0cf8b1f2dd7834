//! A comparison: everything that differs between two sides, in both directions.

mod configuration;
mod repository;
pub(crate) mod sides;
pub(crate) mod words;

use std::sync::Arc;

use wire::compare::{CompareRequest, Comparison};

use crate::backend::{Backend, blocking};
use crate::error::Answer;

pub(crate) use repository::{between, commit, reason};
pub(crate) use words::{diff_lines, difference};

/// Compares two sides.
pub async fn compare(backend: &Arc<Backend>, request: CompareRequest) -> Answer<Comparison> {
    let session = backend.session()?;
    blocking(move || {
        let a = sides::side(&session, &request.a)?;
        let b = sides::side(&session, &request.b)?;
        let between = between(&session, &a.service, &a.label, &b.service, &b.label);
        let template = words::template(a.template.as_ref(), b.template.as_ref());
        let (configuration, configuration_unknown) = configuration::differences(&session, &a, &b)?;
        let notes = crate::notes::between(&session, &a, &b)?;
        Ok(Comparison {
            a: a.info,
            b: b.info,
            commits: between.commits,
            files: between.files,
            template,
            configuration,
            configuration_unknown,
            notes,
            migrations: between.migrations,
        })
    })
    .await
}
