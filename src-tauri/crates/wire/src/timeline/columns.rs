//! The timeline's columns and the one binary message they travel in.
//!
//! The layout, version 3, is written down at the head of `ui/src/timeline/columns.ts`, which reads it:
//! little-endian, a header of 64 bytes, then every column padded to a multiple of eight bytes.

use std::collections::HashMap;

use crate::EpochMs;

/// Marks the absence of a string in a string column.
pub const NO_STRING: u32 = u32::MAX;
const LAYOUT_VERSION: u32 = 3;

/// Bits of [`Row::flags`].
pub mod flag {
    /// It returned to a version that ran before.
    pub const ROLLBACK: u8 = 1;
    /// A later rollback took it away.
    pub const UNDONE: u8 = 2;
    /// Its times come from bounds only.
    pub const INFERRED: u8 = 4;
    /// A restart: neither version nor setting changed.
    pub const RESTART_ONLY: u8 = 8;
}

/// Each distinct text once; columns hold indices.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    index: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Strings {
    /// The index of that text.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(index) = self.index.get(text) {
            return *index;
        }
        let index =
            u32::try_from(self.texts.len()).expect("because a timeline holds far fewer than 2^32 texts");
        self.index.insert(text.to_owned(), index);
        self.texts.push(text.to_owned());
        index
    }

    /// The index of that text, or [`NO_STRING`].
    pub fn intern_option(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NO_STRING, |text| self.intern(text))
    }
}

/// One deployment: a row of the columns. Times are epoch ms; NaN where there is none.
#[derive(Debug, Clone, Copy)]
#[allow(
    missing_docs,
    reason = "each field is described in the layout that the module's head names"
)]
pub struct Row {
    pub ledger_id: f64,
    pub started: EpochMs,
    pub started_earliest: EpochMs,
    pub settled: EpochMs,
    pub failed_at: EpochMs,
    pub ended: EpochMs,
    pub old_serves_until: EpochMs,
    pub lane: u32,
    pub version: u32,
    pub who: u32,
    pub rollback_target: i32,
    pub status: u8,
    pub flags: u8,
}

/// A lane: a service in an environment, or one of several workloads that run it there.
#[derive(Debug, Clone, Copy)]
#[allow(
    missing_docs,
    reason = "each field is described in the layout that the module's head names"
)]
pub struct Lane {
    pub stale_since: EpochMs,
    pub service: u32,
    pub environment: u32,
    pub current: i32,
    pub workload: u32,
}

/// A configuration change (0) or a restart (1) within a span.
#[derive(Debug, Clone, Copy)]
#[allow(
    missing_docs,
    reason = "each field is described in the layout that the module's head names"
)]
pub struct Mark {
    pub ledger_id: f64,
    pub time: EpochMs,
    pub lane: u32,
    pub deployment: i32,
    pub kind: u8,
}

/// Deployments that were not seen.
#[derive(Debug, Clone, Copy)]
#[allow(
    missing_docs,
    reason = "each field is described in the layout that the module's head names"
)]
pub struct GapRow {
    pub from: EpochMs,
    pub to: EpochMs,
    pub lane: u32,
    pub count: u32,
}

/// An environment as the timeline shows it.
#[derive(Debug, Clone, Copy)]
#[allow(
    missing_docs,
    reason = "each field is described in the layout that the module's head names"
)]
pub struct EnvironmentRow {
    pub name: u32,
    pub cluster: u32,
    pub tier: u8,
    pub guard: bool,
}

/// The whole message before it is encoded. Rows are sorted by lane, then start.
#[derive(Debug, Clone, Default)]
pub struct TimelineColumns {
    /// The moment the answer was made.
    pub now: EpochMs,
    /// Start of the period.
    pub from: EpochMs,
    /// End of the period.
    pub to: EpochMs,
    /// Sorted by (lane, started).
    pub rows: Vec<Row>,
    /// Sorted by (service, environment, workload).
    pub lanes: Vec<Lane>,
    /// (name, team) as strings.
    pub services: Vec<(u32, u32)>,
    /// In the order of the workspace file.
    pub environments: Vec<EnvironmentRow>,
    /// Sorted by (lane, time).
    pub marks: Vec<Mark>,
    /// Sorted by (lane, from).
    pub gaps: Vec<GapRow>,
    /// All texts.
    pub strings: Strings,
}

/// Bytes in the order of the layout.
struct Message(Vec<u8>);

impl Message {
    fn column<const N: usize>(&mut self, values: impl Iterator<Item = [u8; N]>) {
        self.0.extend(values.flatten());
        self.pad();
    }

    fn f64s(&mut self, values: impl Iterator<Item = f64>) {
        self.column(values.map(f64::to_le_bytes));
    }

    fn u32s(&mut self, values: impl Iterator<Item = u32>) {
        self.column(values.map(u32::to_le_bytes));
    }

    fn i32s(&mut self, values: impl Iterator<Item = i32>) {
        self.column(values.map(i32::to_le_bytes));
    }

    fn u8s(&mut self, values: impl Iterator<Item = u8>) {
        self.column(values.map(|value| [value]));
    }

    fn pad(&mut self) {
        self.0.resize(self.0.len().next_multiple_of(8), 0);
    }
}

impl TimelineColumns {
    /// The message of the layout, version 3.
    pub fn encode(&self) -> Vec<u8> {
        let mut message = Message(Vec::with_capacity(64 + self.rows.len() * 80));
        self.header(&mut message);
        self.row_columns(&mut message);
        self.lane_columns(&mut message);
        message.u32s(self.services.iter().map(|service| service.0));
        message.u32s(self.services.iter().map(|service| service.1));
        message.u32s(self.environments.iter().map(|environment| environment.name));
        message.u32s(self.environments.iter().map(|environment| environment.cluster));
        message.u8s(self.environments.iter().map(|environment| environment.tier));
        message.u8s(
            self.environments
                .iter()
                .map(|environment| u8::from(environment.guard)),
        );
        message.f64s(self.marks.iter().map(|mark| mark.ledger_id));
        message.f64s(self.marks.iter().map(|mark| mark.time));
        message.u32s(self.marks.iter().map(|mark| mark.lane));
        message.i32s(self.marks.iter().map(|mark| mark.deployment));
        message.u8s(self.marks.iter().map(|mark| mark.kind));
        message.f64s(self.gaps.iter().map(|gap| gap.from));
        message.f64s(self.gaps.iter().map(|gap| gap.to));
        message.u32s(self.gaps.iter().map(|gap| gap.lane));
        message.u32s(self.gaps.iter().map(|gap| gap.count));
        self.string_columns(&mut message);
        message.0
    }

    fn header(&self, message: &mut Message) {
        message.0.extend(b"TMTL");
        message.0.extend(LAYOUT_VERSION.to_le_bytes());
        for time in [self.now, self.from, self.to] {
            message.0.extend(time.to_le_bytes());
        }
        let bytes: usize = self.strings.texts.iter().map(String::len).sum();
        let counts = [
            self.rows.len(),
            self.lanes.len(),
            self.services.len(),
            self.environments.len(),
            self.marks.len(),
            self.gaps.len(),
            self.strings.texts.len(),
            bytes,
        ];
        for count in counts {
            let count = u32::try_from(count).expect("because a message stays far below 2^32 rows and bytes");
            message.0.extend(count.to_le_bytes());
        }
    }

    fn row_columns(&self, message: &mut Message) {
        let rows = || self.rows.iter();
        message.f64s(rows().map(|row| row.ledger_id));
        message.f64s(rows().map(|row| row.started));
        message.f64s(rows().map(|row| row.started_earliest));
        message.f64s(rows().map(|row| row.settled));
        message.f64s(rows().map(|row| row.failed_at));
        message.f64s(rows().map(|row| row.ended));
        message.f64s(rows().map(|row| row.old_serves_until));
        message.u32s(rows().map(|row| row.lane));
        message.u32s(rows().map(|row| row.version));
        message.u32s(rows().map(|row| row.who));
        message.i32s(rows().map(|row| row.rollback_target));
        message.u8s(rows().map(|row| row.status));
        message.u8s(rows().map(|row| row.flags));
    }

    fn lane_columns(&self, message: &mut Message) {
        let lanes = || self.lanes.iter();
        message.f64s(lanes().map(|lane| lane.stale_since));
        message.u32s(lanes().map(|lane| lane.service));
        message.u32s(lanes().map(|lane| lane.environment));
        message.i32s(lanes().map(|lane| lane.current));
        message.u32s(lanes().map(|lane| lane.workload));
    }

    fn string_columns(&self, message: &mut Message) {
        let mut offset = 0;
        let ends = self.strings.texts.iter().map(|text| {
            offset += text.len() as u32;
            offset
        });
        message.u32s(std::iter::once(0).chain(ends));
        message
            .0
            .extend(self.strings.texts.iter().flat_map(|text| text.bytes()));
        message.pad();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_the_size_that_the_layout_gives() {
        let mut columns = TimelineColumns {
            now: 3.0,
            from: 1.0,
            to: 4.0,
            ..TimelineColumns::default()
        };
        let version = columns.strings.intern("1.2.3");
        assert_eq!(
            columns.strings.intern("1.2.3"),
            version,
            "each distinct text stands once"
        );
        columns.rows.push(Row {
            ledger_id: 7.0,
            started: 1.0,
            started_earliest: f64::NAN,
            settled: 2.0,
            failed_at: f64::NAN,
            ended: f64::NAN,
            old_serves_until: f64::NAN,
            lane: 0,
            version,
            who: NO_STRING,
            rollback_target: -1,
            status: 1,
            flags: 0,
        });
        columns.lanes.push(Lane {
            stale_since: f64::NAN,
            service: 0,
            environment: 0,
            current: 0,
            workload: version,
        });
        columns.marks.push(Mark {
            ledger_id: 9.0,
            time: 2.5,
            lane: 0,
            deployment: 0,
            kind: 0,
        });
        let bytes = columns.encode();
        // Header 64; 7 f64 columns, 6 narrow ones padded to 8; a lane's and a mark's 5, padded likewise; strings: 2 offsets and
        // 5 bytes padded.
        assert_eq!(bytes.len(), 64 + 7 * 8 + 6 * 8 + 5 * 8 + 5 * 8 + 8 + 8);
        assert_eq!(u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]), 3);
        let workload = 64 + (7 + 6 + 4) * 8;
        assert_eq!(bytes[workload..workload + 4], version.to_le_bytes());
        let mark = workload + 8;
        assert_eq!(bytes[mark..mark + 8], 9.0_f64.to_le_bytes());
        assert_eq!(&bytes[..4], b"TMTL");
        assert_eq!(
            u32::from_le_bytes([bytes[32], bytes[33], bytes[34], bytes[35]]),
            1,
            "one deployment"
        );
        assert_eq!(&bytes[bytes.len() - 8..bytes.len() - 3], b"1.2.3");
    }
}
