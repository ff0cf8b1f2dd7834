//! The columns of the timeline: spans of versions, with what changed within them as marks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::records::WorkloadRecord;
use domain::history::by_revision;
use domain::ids::{EnvironmentName, ServiceName, Uid};
use domain::workload::WorkloadKind;
use domain::workspace::{Tier, Workspace};
use ledger::{NO_ROW, NO_TIME, NO_WORKLOAD, NOBODY, TimelineColumns as Kept};
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
/// Evidence of the ledger's columns: what is recorded may say who and why, and not when.
const RECORDED: u8 = 2;

/// The deployments that were live in a period, encoded.
pub async fn timeline(backend: &Arc<Backend>, request: TimelineRequest) -> Answer<Vec<u8>> {
    let session = backend.session()?;
    let now = session.now(backend);
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
    /// The end of the period that was asked for.
    until: Option<f64>,
    /// The window's lane of each place, the first where there are several.
    lane_of: HashMap<Place, u32>,
    /// Of places with several workloads the lane of each object.
    lane_of_workload: HashMap<(Place, Uid), u32>,
}

/// Name, namespace and kind of a workload: one that was made anew goes on in its lane.
type WorkloadName<'a> = (&'a str, &'a str, WorkloadKind);

/// What one lane is made of.
struct Part<'a> {
    /// The workload that runs there now, or ran there last.
    workload: Option<WorkloadName<'a>>,
    rows: Vec<usize>,
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
            until: request.to,
            lane_of: HashMap::new(),
            lane_of_workload: HashMap::new(),
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
                let mut rows = rows_of
                    .remove(&(&service.name, &environment.name))
                    .unwrap_or_default();
                by_revision(&mut rows, |row| self.run(*row));
                let place = (service.name.clone(), environment.name.clone());
                let link = self.session.link(environment).ok();
                self.place(s as u32, e as u32, &place, link, rows);
            }
        }
    }

    /// The lane of a place, or one for each of its workloads.
    fn place(
        &mut self,
        service: u32,
        environment: u32,
        place: &Place,
        link: Option<&Arc<ClusterLink>>,
        rows: Vec<usize>,
    ) {
        let records = link.map(|link| link.workloads(place)).unwrap_or_default();
        let stale = link
            .filter(|link| link.is_bound())
            .and_then(|link| link.stale_from(place));
        let parts = self.parts(&records, rows);
        let names = parts.iter().filter_map(|part| part.workload);
        let is_spread = parts.len() > 1 && !all_equal(names.map(|(_, namespace, _)| namespace));
        self.lane_of
            .insert(place.clone(), self.columns.lanes.len() as u32);
        let several = parts.len() > 1;
        for part in parts {
            let lane = self.columns.lanes.len() as u32;
            let current = self.rows(lane, &part.rows);
            if let (Some(row), Some(link)) = (current, link) {
                let own = |record: &&Arc<WorkloadRecord>| !several || part.workload == Some(name_of(record));
                self.serving_old(row, link, records.iter().filter(own));
            }
            if several {
                let workloads = part.rows.iter().map(|row| self.kept.workload[*row]);
                for workload in workloads.filter(|workload| *workload != NO_WORKLOAD) {
                    let uid = self.kept.workloads[workload as usize].uid.clone();
                    self.lane_of_workload.insert((place.clone(), uid), lane);
                }
            }
            let label = part.workload.map(|(name, namespace, _)| {
                if is_spread {
                    format!("{namespace}/{name}")
                } else {
                    name.to_owned()
                }
            });
            let workload = self.columns.strings.intern_option(label.as_deref());
            self.columns.lanes.push(Lane {
                stale_since: stale.unwrap_or(f64::NAN),
                service,
                environment,
                current: current.map_or(-1, |row| row as i32),
                workload,
            });
        }
    }

    /// Several workloads run a place where its cluster says so; of one that does not answer, what was last known
    /// to run counts. Otherwise what ran there under whatever name is one history.
    fn parts<'r>(&self, records: &'r [Arc<WorkloadRecord>], rows: Vec<usize>) -> Vec<Part<'r>>
    where
        'a: 'r,
    {
        let live = rows
            .iter()
            .filter(|row| self.kept.ended[**row] == NO_TIME)
            .filter_map(|row| self.workload(*row));
        let several = match records.len() {
            0 => !all_equal(live),
            count => count > 1,
        };
        if !several {
            let newest = rows.iter().rev().find_map(|row| self.workload(*row));
            let workload = records.first().map(name_of).or(newest);
            return vec![Part { workload, rows }];
        }
        let mut parts: BTreeMap<Option<WorkloadName<'r>>, Vec<usize>> = records
            .iter()
            .map(|record| (Some(name_of(record)), Vec::new()))
            .collect();
        for row in rows {
            parts.entry(self.workload(row)).or_default().push(row);
        }
        parts
            .into_iter()
            .map(|(workload, rows)| Part { workload, rows })
            .collect()
    }

    /// The workload that ran a deployment of the ledger.
    fn workload(&self, row: usize) -> Option<WorkloadName<'a>> {
        let kept = self.kept;
        let at = kept.workload[row];
        (at != NO_WORKLOAD).then(|| {
            let workload = &kept.workloads[at as usize];
            (workload.name.as_str(), workload.namespace.as_str(), workload.kind)
        })
    }

    /// The object that ran a deployment, and the number under which it did.
    fn run(&self, row: usize) -> Option<(u32, i64)> {
        let (workload, revision) = (self.kept.workload[row], self.kept.revision[row]);
        (workload != NO_WORKLOAD && revision != NO_ROW).then_some((workload, revision))
    }

    /// Whether a deployment was there in the period; one without an end that was asked for goes on for ever.
    fn is_within(&self, row: usize) -> bool {
        let (ended, started) = (time(self.kept.ended[row]), time(self.kept.started[row]));
        !(ended < self.columns.from || self.until.is_some_and(|to| started > to))
    }

    /// While a failing version and the one before it both have ready pods, the old one still serves.
    fn serving_old<'r>(
        &mut self,
        row: usize,
        link: &ClusterLink,
        mut records: impl Iterator<Item = &'r Arc<WorkloadRecord>>,
    ) {
        let is_failing = self.columns.rows[row].status == FAILED;
        if is_failing && records.any(|record| link.old_pods(&record.uid) > 0) {
            self.columns.rows[row].old_serves_until = f64::INFINITY;
        }
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
        if kept.evidence[at] <= RECORDED && started != earliest {
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
                ledger_id: self.kept.id[at] as f64,
                time: time(self.kept.started[at]),
                lane,
                deployment: deployment as i32,
                kind: u8::from(self.kept.kind[at] == RESTART),
            });
        }
    }

    fn gaps(&mut self, session: &Session) -> Answer<()> {
        for gap in session.ledger.gaps(&session.id).map_err(error::ledger)? {
            let place = (gap.service, gap.environment);
            let Some(first) = self.lane_of.get(&place).copied() else {
                continue;
            };
            let own = self.lane_of_workload.get(&(place, gap.workload));
            self.columns.gaps.push(GapRow {
                from: epoch_ms(gap.from),
                to: epoch_ms(gap.to),
                lane: own.copied().unwrap_or(first),
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

fn name_of(record: &Arc<WorkloadRecord>) -> WorkloadName<'_> {
    (&record.name, record.namespace.as_str(), record.kind)
}

fn all_equal<T: PartialEq>(mut of: impl Iterator<Item = T>) -> bool {
    let Some(first) = of.next() else {
        return true;
    };
    of.all(|one| one == first)
}

fn time(kept: i64) -> f64 {
    if kept == NO_TIME { f64::NAN } else { kept as f64 }
}
