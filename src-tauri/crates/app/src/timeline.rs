//! The columns of the timeline: spans of versions, with what changed within them as marks.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::{EnvironmentName, ServiceName};
use domain::workspace::{Tier, Workspace};
use ledger::{NO_ROW, NO_TIME, NOBODY, TimelineColumns as Kept};
use wire::epoch_ms;
use wire::timeline::TimelineRequest;
use wire::timeline::columns::{EnvironmentRow, GapRow, Lane, Mark, NO_STRING, Row, TimelineColumns, flag};

use crate::backend::{Backend, blocking};
use crate::connection::{ClusterLink, Place};
use crate::error::{self, Answer};
use crate::session::Session;

/// Kinds of the ledger's columns.
const VERSION: u8 = 0;
const RESTART: u8 = 2;
/// Statuses of the ledger's columns that the fold looks at; the window's numbers are the same.
const IN_PROGRESS: u8 = 0;
const FAILED: u8 = 3;
const ROLLED_BACK: u8 = 4;
/// Evidence of the ledger's columns.
const INFERRED: u8 = 1;

/// The deployments that were live in a period, encoded.
pub async fn timeline(backend: &Arc<Backend>, request: TimelineRequest) -> Answer<Vec<u8>> {
    let session = backend.session()?;
    let now = backend.now();
    blocking(move || Ok(columns(&session, &request, now)?.encode())).await
}

/// The deployments that were live in a period.
fn columns(session: &Session, request: &TimelineRequest, now: DateTime<Utc>) -> Answer<TimelineColumns> {
    let kept = session.ledger.timeline(&session.id).map_err(error::ledger)?;
    let mut fold = Fold::new(session, &kept, request, now);
    fold.lanes();
    fold.gaps(session)?;
    Ok(fold.columns)
}

/// From the ledger's rows to the window's.
struct Fold<'a> {
    kept: &'a Kept,
    workspace: &'a Workspace,
    session: &'a Session,
    columns: TimelineColumns,
    /// The window's lane of each place.
    lane_of: HashMap<(ServiceName, EnvironmentName), u32>,
}

impl<'a> Fold<'a> {
    fn new(session: &'a Session, kept: &'a Kept, request: &TimelineRequest, now: DateTime<Utc>) -> Self {
        let workspace = &session.workspace;
        let mut columns = TimelineColumns {
            now: epoch_ms(now),
            to: epoch_ms(now),
            ..TimelineColumns::default()
        };
        let first = kept.started.iter().copied().filter(|time| *time != NO_TIME).min();
        columns.from = request
            .from
            .unwrap_or_else(|| first.map_or(columns.now, |time| time as f64));
        columns.to = request.to.unwrap_or(columns.now);
        for environment in &workspace.environments {
            let row = EnvironmentRow {
                name: columns.strings.intern(environment.name.as_str()),
                cluster: columns.strings.intern(environment.cluster.as_str()),
                tier: match environment.tier {
                    Tier::Production => 0,
                    Tier::Staging => 1,
                    Tier::Development => 2,
                },
                guard: environment.guard,
            };
            columns.environments.push(row);
        }
        for service in &workspace.services {
            let name = columns.strings.intern(service.name.as_str());
            let team = columns.strings.intern_option(service.team.as_deref());
            columns.services.push((name, team));
        }
        Self {
            kept,
            workspace,
            session,
            columns,
            lane_of: HashMap::new(),
        }
    }

    /// Lanes in the order of the workspace file; rows of services that it no longer names are left out.
    fn lanes(&mut self) {
        let mut rows_of: HashMap<(&ServiceName, &EnvironmentName), Vec<usize>> = HashMap::new();
        for (row, lane) in self.kept.lane.iter().enumerate() {
            if !self.is_within(row) {
                continue;
            }
            let lane = &self.kept.lanes[*lane as usize];
            rows_of
                .entry((&lane.service, &lane.environment))
                .or_default()
                .push(row);
        }
        for (s, service) in self.workspace.services.iter().enumerate() {
            for (e, environment) in self.workspace.environments.iter().enumerate() {
                let rows = rows_of
                    .remove(&(&service.name, &environment.name))
                    .unwrap_or_default();
                let lane = self.columns.lanes.len() as u32;
                self.lane_of
                    .insert((service.name.clone(), environment.name.clone()), lane);
                let current = self.rows(lane, &rows);
                let link = self.session.link(environment).ok();
                let place = (service.name.clone(), environment.name.clone());
                if let (Some(row), Some(link)) = (current, link) {
                    self.serving_old(row, link, &place);
                }
                let stale = link
                    .filter(|link| link.is_bound())
                    .and_then(|link| link.stale_from());
                self.columns.lanes.push(Lane {
                    stale_since: stale.unwrap_or(f64::NAN),
                    service: s as u32,
                    environment: e as u32,
                    current: current.map_or(-1, |row| row as i32),
                    mixed: current.is_some() && self.is_mixed(&rows, link, &place),
                });
            }
        }
    }

    /// Whether a deployment was there in the period.
    fn is_within(&self, row: usize) -> bool {
        let (ended, started) = (time(self.kept.ended[row]), time(self.kept.started[row]));
        !(ended < self.columns.from || started > self.columns.to)
    }

    /// While a failing version and the one before it both have ready pods, the old one still serves.
    fn serving_old(&mut self, row: usize, link: &ClusterLink, place: &Place) {
        if self.columns.rows[row].status != FAILED {
            return;
        }
        let serves = |record: &Arc<cluster::records::DeploymentRecord>| {
            record.status.replicas > record.status.updated && record.status.ready > 0
        };
        if link.workloads(place).iter().any(serves) {
            self.columns.rows[row].old_serves_until = f64::INFINITY;
        }
    }

    /// Whether several workloads run there, and not the same version.
    fn is_mixed(&self, rows: &[usize], link: Option<&Arc<ClusterLink>>, place: &Place) -> bool {
        let several = link.is_some_and(|link| link.workloads(place).len() > 1);
        let mut live = rows
            .iter()
            .filter(|row| self.kept.ended[**row] == NO_TIME)
            .map(|row| self.kept.version[*row]);
        let first = live.next();
        several && live.any(|version| Some(version) != first)
    }

    /// The rows of one lane; answers which of them runs now.
    fn rows(&mut self, lane: u32, rows: &[usize]) -> Option<usize> {
        let begin = self.columns.rows.len();
        let mut row_of: HashMap<i64, usize> = HashMap::new();
        for &at in rows {
            let is_mark = self.kept.kind[at] != VERSION
                && !matches!(self.kept.status[at], FAILED | IN_PROGRESS)
                && self.columns.rows.len() > begin;
            if is_mark {
                self.mark(lane, at);
            } else {
                row_of.insert(self.kept.id[at], self.columns.rows.len());
                self.row(lane, at);
            }
        }
        for at in begin..self.columns.rows.len() {
            let target = self.columns.rows[at].rollback_target;
            let found = row_of.get(&i64::from(target)).copied();
            self.columns.rows[at].rollback_target = found.map_or(-1, |row| row as i32);
        }
        let rows = &self.columns.rows[begin..];
        let live = rows.iter().rposition(|row| row.ended.is_nan());
        live.map(|at| begin + at)
    }

    fn row(&mut self, lane: u32, at: usize) {
        let kept = self.kept;
        let version = self
            .columns
            .strings
            .intern(&kept.versions[kept.version[at] as usize]);
        let who = match kept.who[at] {
            NOBODY => NO_STRING,
            person => self.columns.strings.intern(&kept.people[person as usize]),
        };
        let settled = time(kept.settled[at]);
        let (started, earliest) = (kept.started[at], kept.started_earliest[at]);
        let mut flags = 0;
        if kept.is_rollback[at] == 1 {
            flags |= flag::ROLLBACK;
        }
        if kept.status[at] == ROLLED_BACK {
            flags |= flag::UNDONE;
        }
        if kept.evidence[at] <= INFERRED && started != earliest {
            flags |= flag::INFERRED;
        }
        if kept.kind[at] == RESTART {
            flags |= flag::RESTART_ONLY;
        }
        let start = if started == NO_TIME {
            settled
        } else {
            time(started)
        };
        self.columns.rows.push(Row {
            ledger_id: kept.id[at] as f64,
            started: if start.is_nan() { self.columns.from } else { start },
            started_earliest: if started == earliest {
                f64::NAN
            } else {
                time(earliest)
            },
            settled,
            failed_at: time(kept.failed[at]),
            ended: time(kept.ended[at]),
            old_serves_until: time(kept.previous_served_until[at]),
            lane,
            version,
            who,
            // The ledger's row for now; the lane turns it into its own.
            rollback_target: if kept.rollback_to[at] == NO_ROW {
                -1
            } else {
                kept.rollback_to[at] as i32
            },
            status: kept.status[at],
            flags,
        });
    }

    /// A change within a span: the span goes on, and ends where the change's own deployment ends.
    fn mark(&mut self, lane: u32, at: usize) {
        let deployment = self.columns.rows.len() - 1;
        let ended = time(self.kept.ended[at]);
        let row = &mut self.columns.rows[deployment];
        row.ended = ended;
        if self.kept.started[at] != NO_TIME {
            self.columns.marks.push(Mark {
                time: time(self.kept.started[at]),
                lane,
                deployment: deployment as i32,
                kind: u8::from(self.kept.kind[at] == RESTART),
            });
        }
    }

    fn gaps(&mut self, session: &Session) -> Answer<()> {
        for gap in session.ledger.gaps(&session.id).map_err(error::ledger)? {
            let Some(lane) = self.lane_of.get(&(gap.service, gap.environment)) else {
                continue;
            };
            self.columns.gaps.push(GapRow {
                from: epoch_ms(gap.from),
                to: epoch_ms(gap.to),
                lane: *lane,
                count: gap.missed,
            });
        }
        self.columns
            .gaps
            .sort_by(|a, b| a.lane.cmp(&b.lane).then(a.from.total_cmp(&b.from)));
        self.columns
            .marks
            .sort_by(|a, b| a.lane.cmp(&b.lane).then(a.time.total_cmp(&b.time)));
        // A start that was not known was set to the beginning: the order must hold all the same.
        let sorted = self
            .columns
            .rows
            .is_sorted_by(|a, b| (a.lane, a.started) <= (b.lane, b.started));
        if !sorted {
            self.sort_rows();
        }
        Ok(())
    }

    fn sort_rows(&mut self) {
        let rows = std::mem::take(&mut self.columns.rows);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| {
            rows[*a]
                .lane
                .cmp(&rows[*b].lane)
                .then(rows[*a].started.total_cmp(&rows[*b].started))
        });
        let mut new_of = vec![0; rows.len()];
        for (new, old) in order.iter().enumerate() {
            new_of[*old] = new as i32;
        }
        let moved = |row: i32| usize::try_from(row).map_or(-1, |row| new_of[row]);
        self.columns.rows = order
            .iter()
            .map(|old| Row {
                rollback_target: moved(rows[*old].rollback_target),
                ..rows[*old]
            })
            .collect();
        self.columns
            .marks
            .iter_mut()
            .for_each(|mark| mark.deployment = moved(mark.deployment));
        self.columns
            .lanes
            .iter_mut()
            .for_each(|lane| lane.current = moved(lane.current));
    }
}

fn time(kept: i64) -> f64 {
    if kept == NO_TIME { f64::NAN } else { kept as f64 }
}
