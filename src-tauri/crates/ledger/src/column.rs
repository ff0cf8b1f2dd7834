//! Times and moments as columns: milliseconds since 1970-01-01 UTC.

use chrono::{DateTime, Utc};
use rusqlite::Row;

use domain::deployment::{Moment, Moments};

use crate::error::{Fault, LedgerError};

/// A time as it is stored.
pub(crate) fn to_column(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// A stored time; one beyond what `chrono` can hold is clamped, never refused.
pub(crate) fn from_column(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or(match milliseconds {
        ..0 => DateTime::<Utc>::MIN_UTC,
        0.. => DateTime::<Utc>::MAX_UTC,
    })
}

/// The two columns of a moment: earliest and latest, equal where it is exact.
pub(crate) fn moment_columns(moment: Option<Moment>) -> (Option<i64>, Option<i64>) {
    match moment {
        None => (None, None),
        Some(moment) => (moment.earliest().map(to_column), Some(to_column(moment.latest()))),
    }
}

/// The moment of two columns.
pub(crate) fn moment(earliest: Option<i64>, latest: Option<i64>) -> Option<Moment> {
    let latest = latest?;
    Some(if earliest == Some(latest) {
        Moment::At(from_column(latest))
    } else {
        Moment::Between {
            earliest: earliest.map(from_column),
            latest: from_column(latest),
        }
    })
}

/// Eight columns from `first` on: started, settled, failed, ended.
pub(crate) fn moments(row: &Row<'_>, first: usize) -> rusqlite::Result<Moments> {
    let at = |offset: usize| -> rusqlite::Result<Option<Moment>> {
        Ok(moment(row.get(first + offset)?, row.get(first + offset + 1)?))
    };
    Ok(Moments {
        started: at(0)?,
        settled: at(2)?,
        failed: at(4)?,
        ended: at(6)?,
    })
}

/// The error for a column that holds no word of its set.
pub(crate) fn unreadable(
    table: &'static str,
    row: impl ToString,
    wanted: &'static str,
    found: impl ToString,
) -> Fault {
    LedgerError::Row {
        table,
        row: row.to_string(),
        wanted,
        found: found.to_string(),
    }
    .into()
}
